import type { Attempt } from '../../api/invocations';
import { DataTable, type Column } from '../../ui/DataTable';
import { duration } from '../../ui/format';
import { Section } from '../../ui/Page';
import { PhaseBar } from '../../ui/PhaseBar';
import { Moment } from './Moment';
import { OutcomeBadge } from './OutcomeBadge';

/** Attempts of an asynchronous call, the newest first, with the pause before each. */
export function AttemptTable({ attempts }: { attempts: Attempt[] }) {
  const columns: Column<Attempt>[] = [
    { id: 'number', header: 'Attempt', cell: (row) => attempts.length - attempts.indexOf(row) },
    { id: 'time', header: 'Time', cell: (row) => <Moment at={row.startedAt} /> },
    {
      id: 'pause', header: 'After', number: true, wideOnly: true,
      cell: (row) => {
        const before = attempts[attempts.indexOf(row) + 1];
        return before ? duration(Date.parse(row.startedAt) - Date.parse(before.startedAt)) : <span className="faint">–</span>;
      },
    },
    { id: 'status', header: 'Status', cell: (row) => <OutcomeBadge outcome={row.outcome} /> },
    { id: 'duration', header: 'Duration', number: true, cell: (row) => <span className="invocations-duration"><PhaseBar phases={row.phases} handler={row.durationMilliseconds} />{duration(row.durationMilliseconds)}</span> },
    { id: 'version', header: 'Version', cell: (row) => row.version },
    { id: 'environment', header: 'Environment', wideOnly: true, grow: true, cell: (row) => <span className="mono faint">{row.environment}</span> },
  ];
  return (
    <Section title={`Attempts (${attempts.length})`}>
      <DataTable label="Attempts" columns={columns} rows={attempts} rowKey={(row) => row.startedAt} />
    </Section>
  );
}
