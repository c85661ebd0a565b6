import { Link } from 'wouter';
import type { Invocation, Rates } from '../../api/invocations';
import { Badge } from '../../ui/Badge';
import type { Column } from '../../ui/DataTable';
import { duration } from '../../ui/format';
import { PhaseBar } from '../../ui/PhaseBar';
import { cut, visible } from '../../ui/text';
import { Moment } from './Moment';
import { costOf, money } from './cost';
import { OutcomeBadge } from './OutcomeBadge';
import './Invocations.css';

/** Columns of a list of calls. */
export function invocationColumns(rates: Rates[]): Column<Invocation>[] {
  const columns: Column<Invocation>[] = [
    { id: 'time', header: 'Time', cell: (row) => <Moment at={row.startedAt} /> },
    {
      id: 'function', header: 'Function', grow: true,
      cell: (row) => (
        <span title={`${row.function}:${row.version}`}>
          {visible(row.function)}<span className="faint">:{visible(row.version)}</span>
        </span>
      ),
    },
    { id: 'status', header: 'Status', cell: (row) => <OutcomeBadge outcome={row.outcome} /> },
    {
      id: 'duration', header: 'Duration', number: true,
      cell: (row) => (
        <span className="invocations-duration">
          <span className="invocations-bar"><PhaseBar phases={row.phases} handler={row.durationMilliseconds} /></span>
          {duration(row.durationMilliseconds)}
        </span>
      ),
    },
    {
      id: 'cold', header: 'Start', wideOnly: true,
      cell: (row) => (row.startMilliseconds === undefined
        ? <span className="faint">warm</span>
        : <Badge tone="info" title={`Its environment took ${duration(row.startMilliseconds)} to start`}>cold {duration(row.startMilliseconds)}</Badge>),
    },
    { id: 'billed', header: 'Billed', number: true, wideOnly: true, cell: (row) => duration(row.billedMilliseconds) },
    {
      id: 'memory', header: 'Memory', number: true, wideOnly: true,
      cell: (row) => <span>{row.maxMemoryUsedMegabytes}<span className="faint"> / {row.memoryMegabytes} MB</span></span>,
    },
    {
      id: 'source', header: 'Source', wideOnly: true,
      cell: (row) => (
        <span title={row.cameFrom}>
          {row.origin}{row.cameFrom && <span className="faint"> {visible(cut(shortOf(row.cameFrom), 22))}</span>}
        </span>
      ),
    },
    {
      id: 'request', header: 'Request', wideOnly: true,
      cell: (row) => <span className="mono faint" title={row.id}>…{row.id.slice(-8)}</span>,
    },
    {
      id: 'error', header: '', wideOnly: true,
      cell: (row) => row.errorGroup && <Link href={`/errors/${encodeURIComponent(row.errorGroup)}`}>error</Link>,
    },
  ];
  if (rates.length > 0) {
    columns.splice(7, 0, {
      id: 'cost', header: 'Cost', number: true, wideOnly: true,
      cell: (row) => <span className="mono">{money(costOf(row, rates))}</span>,
    });
  }
  return columns;
}

/** The last part of an ARN; a name as it is. */
export function shortOf(text: string): string {
  return text.startsWith('arn:') ? text.split(':').slice(6).join(':') || text : text;
}
