import { getIterations, statuses, type Execution, type Iteration } from '../../api/executions';
import { StatusBadge } from '../../ui/Badge';
import { CopyAs, shellQuote } from '../../ui/CopyAs';
import { DataTable, type Column } from '../../ui/DataTable';
import { EmptyState } from '../../ui/EmptyState';
import { visible } from '../../ui/text';
import { Time } from '../../ui/Time';
import { usePages } from '../../ui/usePages';
import { useUrlState } from '../../ui/useUrlState';
import { Took } from './ExecutionTable';

const columns: Column<Iteration>[] = [
  { id: 'map', header: 'Map', cell: (each) => visible(each.map) },
  { id: 'index', header: 'Item', number: true, cell: (each) => each.index },
  { id: 'status', header: 'Status', cell: (each) => <StatusBadge status={each.status} /> },
  { id: 'started', header: 'Started', cell: (each) => <Time at={each.startedAt} /> },
  { id: 'took', header: 'Took', number: true, cell: (each) => <Took execution={each} /> },
  {
    id: 'error',
    header: 'Error',
    grow: true,
    cell: (each) =>
      each.error && (
        <span className="executions-error" title={each.cause}>
          {visible(`${each.error}${each.cause ? `: ${each.cause}` : ''}`)}
        </span>
      ),
  },
];

/** What distributed Maps did for each item, or batch of items, the latest first. */
export function Iterations({ execution }: { execution: Execution }) {
  const [status, setStatus] = useUrlState('of');
  const { rows, error, retry, more } = usePages(
    ['iterations', execution.machine, execution.name, status],
    async (after, signal) => {
      const page = await getIterations(execution.machine, execution.name, { status, after, limit: 200 }, signal);
      return { items: page.iterations, next: page.next === undefined ? undefined : String(page.next) };
    },
    { every: execution.status === 'running' ? 3000 : undefined },
  );
  return (
    <div className="stack">
      <div className="row">
        <select aria-label="Status" value={status} onChange={(event) => setStatus(event.target.value)}>
          <option value="">All statuses</option>
          {statuses.map((each) => (
            <option key={each} value={each}>
              {each.replace('-', ' ')}
            </option>
          ))}
        </select>
        <span className="grow" />
        <CopyAs
          forms={{
            cli: `lambent execution iterations ${shellQuote(`${execution.machine}/${execution.name}`)}${status ? ` --status ${status}` : ''}`,
            request: {
              method: 'GET',
              path: `/v1/executions/${encodeURIComponent(execution.machine)}/${encodeURIComponent(execution.name)}/iterations`,
            },
          }}
        />
      </div>
      <DataTable
        label="Iterations"
        columns={columns}
        rows={rows}
        rowKey={(each) => each.arn}
        error={error}
        retry={retry}
        more={more}
        empty={
          <EmptyState icon="workflow" title="No iteration is here">
            A Map in distributed mode does each item, or batch, as an execution of its own.
          </EmptyState>
        }
      />
    </div>
  );
}
