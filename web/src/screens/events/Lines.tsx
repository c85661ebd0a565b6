import type { EventLine } from '../../api/events';
import { DataTable, type Column } from '../../ui/DataTable';
import { duration } from '../../ui/format';
import { Link } from 'wouter';
import { visible } from '../../ui/text';
import { targetOfLine } from './names';

/** How each line stands: what waits, how fast it moves, and why what waits waits. */
export function Lines({ lines, error, retry, chosen, onChoose }: {
  lines: EventLine[] | undefined; error: unknown; retry: () => void; chosen: string | undefined; onChoose: (name: string) => void;
}) {
  const columns: Column<EventLine>[] = [
    {
      id: 'line', header: 'Line',
      cell: (row) => {
        const target = targetOfLine(row.line);
        return <>{target.href ? <Link href={target.href}>{visible(target.name)}</Link> : visible(target.name)} <span className="faint">{target.kind === 'function' ? '' : target.kind}</span></>;
      },
    },
    { id: 'waiting', header: 'Waiting', number: true, cell: (row) => number(row.waiting), sortBy: (row) => row.waiting },
    { id: 'running', header: 'Running', number: true, cell: (row) => <>{number(row.running)}<span className="faint"> / {row.concurrency}</span></>, sortBy: (row) => row.running },
    { id: 'delayed', header: 'Later', number: true, cell: (row) => number(row.delayed), sortBy: (row) => row.delayed },
    { id: 'dead', header: 'Dead', number: true, cell: (row) => (row.dead > 0 ? <span className="events-dead">{number(row.dead)}</span> : number(0)), sortBy: (row) => row.dead },
    { id: 'oldest', header: 'Oldest waits', number: true, wideOnly: true, cell: (row) => (row.oldestSeconds === undefined ? <span className="faint">–</span> : duration(row.oldestSeconds * 1000)), sortBy: (row) => row.oldestSeconds ?? 0 },
    { id: 'rate', header: 'In / out per second', number: true, wideOnly: true, cell: (row) => `${row.arrivalsPerSecond} / ${row.endsPerSecond}`, sortBy: (row) => row.arrivalsPerSecond },
    { id: 'attempt', header: 'Attempt takes', number: true, wideOnly: true, cell: (row) => (row.attemptMilliseconds > 0 ? duration(row.attemptMilliseconds) : <span className="faint">–</span>), sortBy: (row) => row.attemptMilliseconds },
    { id: 'why', header: 'Why it waits', grow: true, wideOnly: true, cell: (row) => <span className="soft" title={row.why}>{visible(row.why ?? '')}</span> },
  ];
  return (
    <DataTable label="Lines of events" columns={columns} rows={lines} rowKey={(row) => row.line} error={error ?? undefined} retry={retry}
      selectedKey={chosen === undefined ? undefined : `function/${chosen}`} onOpen={(row) => onChoose(targetOfLine(row.line).name)}
      empty={<p className="soft">No line has anything in it.</p>} />
  );
}

function number(value: number) {
  return value === 0 ? <span className="faint">0</span> : value.toLocaleString('en-US');
}
