import type { ReactNode } from 'react';
import { listExecutions, type Execution } from '../../api/executions';
import { StatusBadge } from '../../ui/Badge';
import { DataTable, type Column } from '../../ui/DataTable';
import { duration } from '../../ui/format';
import { cut, visible } from '../../ui/text';
import { Time } from '../../ui/Time';
import { useNow } from '../../ui/useNow';
import { usePages } from '../../ui/usePages';
import { conditionsOf, executionPath, takeSince, tookMilliseconds, type Filter } from './filters';

const pageRows = 100;

/** Executions, the latest first, read anew while they are looked at. */
export function ExecutionTable({
  filter,
  showMachine,
  empty,
}: {
  filter: Filter;
  showMachine: boolean;
  empty: ReactNode;
}) {
  const where = conditionsOf(filter.where);
  const { rows, error, retry, more } = usePages(
    ['executions', filter.machine, filter.status, where.join(), filter.since],
    async (after, signal) => {
      const asked = { machine: filter.machine || undefined, status: filter.status || undefined, where };
      const page = await listExecutions(asked, after, pageRows, signal);
      const { taken, isOver } = takeSince(page.executions, filter.since, Date.now());
      return { items: taken, next: isOver ? undefined : page.next };
    },
    { every: 2500 },
  );
  const columns: Column<Execution>[] = [
    { id: 'name', header: 'Execution', cell: (each) => <span title={each.name}>{cut(each.name, 44)}</span> },
    ...(showMachine
      ? [{ id: 'machine', header: 'Workflow', wideOnly: true, cell: (each: Execution) => each.machine }]
      : []),
    { id: 'status', header: 'Status', cell: (each) => <ExecutionBadge execution={each} /> },
    { id: 'started', header: 'Started', cell: (each) => <Time at={each.startedAt} /> },
    { id: 'took', header: 'Took', number: true, cell: (each) => <Took execution={each} /> },
    { id: 'about', header: 'About', grow: true, wideOnly: true, cell: (each) => <About execution={each} /> },
  ];
  return (
    <DataTable
      label="Executions"
      columns={columns}
      rows={rows}
      rowKey={(each) => each.arn}
      href={(each) => executionPath(each.machine, each.name)}
      error={error}
      retry={retry}
      more={more}
      empty={empty}
    />
  );
}

export function ExecutionBadge({
  execution,
}: {
  execution: Pick<Execution, 'status' | 'isPaused' | 'continuedAs' | 'error'>;
}) {
  if (execution.isPaused) return <StatusBadge status="paused" />;
  return <StatusBadge status={execution.continuedAs ? 'continued' : execution.status} title={execution.error} />;
}

/** Counts up while it goes on. */
export function Took({ execution }: { execution: Pick<Execution, 'startedAt' | 'stoppedAt'> }) {
  const now = useNow(1000, execution.stoppedAt === undefined);
  return <>{duration(Math.max(0, tookMilliseconds(execution, now)))}</>;
}

function About({ execution }: { execution: Execution }) {
  const attributes = Object.entries(execution.attributes ?? {});
  return (
    <>
      {execution.error && (
        <span className="executions-error" title={execution.cause}>
          {visible(execution.error)}
          {execution.cause && `: ${visible(cut(execution.cause, 160))}`}{' '}
        </span>
      )}
      {attributes.map(([name, value]) => (
        <code key={name} className="executions-attribute">
          {name}={visible(String(value))}
        </code>
      ))}
      {execution.redriveCount > 0 && <span className="soft">redriven {execution.redriveCount} times </span>}
      {execution.parent && <span className="soft">by {execution.parent} </span>}
      {execution.qualifier && <span className="soft">as {execution.qualifier}</span>}
    </>
  );
}
