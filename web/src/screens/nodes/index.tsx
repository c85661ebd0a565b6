import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { listEnvironments } from '../../api/status';
import { CopyAs } from '../../ui/CopyAs';
import { DataTable, type Column } from '../../ui/DataTable';
import { EmptyState } from '../../ui/EmptyState';
import { count, duration } from '../../ui/format';
import { Page, Section } from '../../ui/Page';
import { Time } from '../../ui/Time';
import { Capacity } from './Capacity';
import { groupEnvironments, type EnvironmentGroup } from './environments';
import { Why } from './Why';
import './nodes.css';

export default function Nodes() {
  return (
    <Page
      title="Nodes and capacity"
      intro="What runs where, how much there is room for, and why it is as many as it is."
    >
      <Capacity />
      <Environments />
      <Why />
    </Page>
  );
}

const columns: Column<EnvironmentGroup>[] = [
  {
    id: 'function',
    header: 'Function',
    sortBy: (group) => group.function,
    cell: (group) => <Link href={`/functions/${encodeURIComponent(group.function)}`}>{group.function}</Link>,
  },
  { id: 'version', header: 'Version', cell: (group) => group.version },
  {
    id: 'states',
    header: 'Environments',
    cell: (group) => <States group={group} />,
    sortBy: (group) => group.all.length,
  },
  { id: 'calls', header: 'Calls', number: true, cell: (group) => count(group.calls), sortBy: (group) => group.calls },
  {
    id: 'memory',
    header: 'Memory',
    number: true,
    cell: (group) => `${count(group.memoryMegabytes)} MB`,
    sortBy: (group) => group.memoryMegabytes,
  },
  {
    id: 'cold',
    header: 'Last start took',
    number: true,
    wideOnly: true,
    cell: (group) => (group.coldMilliseconds > 0 ? duration(group.coldMilliseconds) : '–'),
    sortBy: (group) => group.coldMilliseconds,
  },
  {
    id: 'oldest',
    header: 'Oldest',
    wideOnly: true,
    cell: (group) => <Time at={group.oldest} />,
    sortBy: (group) => group.oldest ?? '',
  },
  {
    id: 'why',
    header: 'Why',
    cell: (group) => <Link href={`/nodes?name=${encodeURIComponent(group.function)}`}>Why so many</Link>,
  },
];

/** What is started now, of each version. */
function Environments() {
  const { data, error, refetch } = useQuery({
    queryKey: ['environments'],
    queryFn: ({ signal }) => listEnvironments(signal),
    refetchInterval: 2000,
  });
  return (
    <Section
      title="Environments"
      actions={
        <CopyAs
          forms={{
            cli: 'lambent ls environments',
            request: { method: 'GET', path: '/v1/environments' },
          }}
        />
      }
    >
      <DataTable
        label="Environments by function"
        columns={columns}
        rows={data && groupEnvironments(data)}
        rowKey={(group) => group.key}
        error={error}
        retry={() => void refetch()}
        empty={
          <EmptyState icon="node" title="No function has an environment now" command="lambent invoke NAME">
            One is started with the first call, and goes when it was not needed for a while.
          </EmptyState>
        }
      />
    </Section>
  );
}

/** A square for each environment, and their number in words. */
function States({ group }: { group: EnvironmentGroup }) {
  const shown = group.all.slice(0, 40);
  const text = [
    group.busy && `${group.busy} busy`,
    group.idle && `${group.idle} idle`,
    group.starting && `${group.starting} starting`,
  ]
    .filter(Boolean)
    .join(', ');
  return (
    <span className="row nodes-states">
      <span className="nodes-squares" aria-hidden="true">
        {shown.map((each, index) => (
          <span
            key={each.id || index}
            className={`nodes-square nodes-${each.state}`}
            title={`${each.id} ${each.state}`}
          />
        ))}
      </span>
      <span>{text}</span>
    </span>
  );
}
