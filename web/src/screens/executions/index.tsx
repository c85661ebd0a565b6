import { useQuery } from '@tanstack/react-query';
import { statuses } from '../../api/executions';
import { listMachines } from '../../api/machines';
import { CopyAs } from '../../ui/CopyAs';
import { EmptyState } from '../../ui/EmptyState';
import { FilterBar, FilterSelect, FilterSince, FilterText } from '../../ui/FilterBar';
import { Page } from '../../ui/Page';
import { useUrlState } from '../../ui/useUrlState';
import { Bulk } from './Bulk';
import { ExecutionTable } from './ExecutionTable';
import { conditionsOf, listCommand, type Filter } from './filters';
import './executions.css';

export default function Executions() {
  const [machine] = useUrlState('machine');
  const [status] = useUrlState('status');
  const [since] = useUrlState('since');
  const [where] = useUrlState('where');
  const { data: machines } = useQuery({
    queryKey: ['machine-names'],
    queryFn: ({ signal }) => listMachines(undefined, signal),
  });
  const filter: Filter = { machine, status, since, where };
  const isNarrowed = machine !== '' || status !== '' || since !== '' || where !== '';
  const query = new URLSearchParams([
    ...Object.entries({ machine, status }).filter(([, value]) => value !== ''),
    ...conditionsOf(where).map((each): [string, string] => ['where', each]),
  ]);
  return (
    <Page
      title="Executions"
      crumbs={[{ label: 'Workflows', href: '/machines' }]}
      intro="What state machines do and did, the latest first."
      actions={
        <>
          <Bulk filter={filter} />
          <CopyAs
            forms={{ cli: listCommand(filter), request: { method: 'GET', path: `/v1/executions?${query.toString()}` } }}
          />
        </>
      }
    >
      <FilterBar label="Which executions" names={['machine', 'status', 'since', 'where']}>
        <FilterSelect
          name="machine"
          label="Workflow"
          options={[
            ['', 'All workflows'],
            ...(machines?.machines ?? []).map((each): [string, string] => [each.name, each.name]),
          ]}
        />
        <FilterSelect
          name="status"
          label="Status"
          options={[['', 'All statuses'], ...statuses.map((each): [string, string] => [each, each.replace('-', ' ')])]}
        />
        <FilterSince />
        <FilterText name="where" label="Attributes" placeholder="customer=42, urgent=true" width={240} search />
      </FilterBar>
      <ExecutionTable
        filter={filter}
        showMachine
        empty={
          isNarrowed ? (
            <EmptyState icon="search" title="No execution fits">
              Attributes are compared as <code>customer=42</code>, <code>code=&quot;42&quot;</code> or{' '}
              <code>n&gt;=3</code>.
            </EmptyState>
          ) : (
            <EmptyState
              icon="workflow"
              title="No executions yet"
              command="lambent execution start MACHINE --input '{}'"
            >
              An execution is one run of a workflow. Each of its steps is kept.
            </EmptyState>
          )
        }
      />
    </Page>
  );
}
