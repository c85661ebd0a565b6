import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useMemo, useState } from 'react';
import { Link, useLocation } from 'wouter';
import { statuses } from '../../api/executions';
import {
  deleteMachine,
  describeMachine,
  getMachine,
  tagsOf,
  type Machine,
  type MachineDescription,
} from '../../api/machines';
import { readSeries, timesOf, valuesOf } from '../../api/series';
import { ActionButton } from '../../ui/ActionButton';
import { StatusBadge } from '../../ui/Badge';
import { Button, ButtonLink } from '../../ui/Button';
import { Chart } from '../../ui/Chart';
import { CodeEditor } from '../../ui/CodeEditor';
import { CopyAs, CopyText, shellQuote } from '../../ui/CopyAs';
import { EmptyState } from '../../ui/EmptyState';
import { ErrorBox } from '../../ui/ErrorBox';
import { Figures } from '../../ui/Figures';
import { FilterBar, FilterSelect, FilterSince, FilterText } from '../../ui/FilterBar';
import { count, duration } from '../../ui/format';
import { Facts, Page, Section } from '../../ui/Page';
import { Tabs } from '../../ui/Tabs';
import { Time } from '../../ui/Time';
import { useUrlState } from '../../ui/useUrlState';
import { Bulk } from '../executions/Bulk';
import { ExecutionTable } from '../executions/ExecutionTable';
import { executionPath } from '../executions/filters';
import { figuresOf, none } from './figures';
import { StartExecution } from './StartExecution';
import { statesForms, Versions } from './Versions';
import '../executions/executions.css';
import './machines.css';

const MachineGraph = lazy(async () => ({ default: (await import('../../graph/MachineGraph')).MachineGraph }));
const metrics = [
  'executions.started',
  'executions.succeeded',
  'executions.failed',
  'executions.timed-out',
  'executions.time:p95',
];
const crumbs = [{ label: 'Workflows', href: '/machines' }];

export default function MachinePage({ params }: { params: Record<string, string> }) {
  const name = params['name']!;
  const [starting, setStarting] = useState(false);
  const {
    data: machine,
    error,
    refetch,
  } = useQuery({
    queryKey: ['machine', name],
    queryFn: async ({ signal }) => (await getMachine(name, signal)) ?? null,
    refetchInterval: 3000,
  });
  const described = useQuery({
    queryKey: ['machine-description', machine?.arn, machine?.revision],
    queryFn: ({ signal }) => describeMachine(machine!.arn, signal),
    enabled: !!machine,
  });
  const series = useQuery({
    queryKey: ['machine-series', name],
    queryFn: ({ signal }) => readSeries({ metrics, name, since: '24h', period: 900, groupBy: 'machine' }, signal),
    refetchInterval: 30_000,
  });
  const figures = useMemo(
    () => (series.data ? (figuresOf(series.data).get(name) ?? none) : undefined),
    [series.data, name],
  );
  if (error && machine === undefined) {
    return (
      <Page title={name} crumbs={crumbs}>
        <ErrorBox error={error} retry={() => void refetch()} />
      </Page>
    );
  }
  if (machine === null) {
    return (
      <Page title={name} crumbs={crumbs}>
        <EmptyState
          icon="workflow"
          title={`There is no workflow ${name}`}
          command={`lambent deploy ${name}.asl.json`}
        />
      </Page>
    );
  }
  return (
    <Page
      title={name}
      crumbs={crumbs}
      badge={machine && <StatusBadge status={machine.isDeleting ? 'deleting' : machine.type} />}
      actions={
        machine && (
          <>
            <Button kind="primary" icon="play" disabled={machine.isDeleting} onClick={() => setStarting(true)}>
              Start an execution
            </Button>
            <ButtonLink href={`/machines/${encodeURIComponent(name)}/edit`} icon="edit">
              Edit
            </ButtonLink>
            <Delete machine={machine} />
            <CopyAs
              forms={statesForms(`lambent ls executions --machine ${shellQuote(name)}`, 'DescribeStateMachine', {
                stateMachineArn: machine.arn,
              })}
            />
          </>
        )
      }
    >
      <Figures
        label="How the workflow stands"
        figures={[
          {
            label: 'Running',
            value: machine ? count(machine.running) : '–',
            detail: (
              <Link href={`/machines/${encodeURIComponent(name)}?tab=executions&status=running`}>look at them</Link>
            ),
          },
          { label: 'Started', value: figures ? count(figures.started) : '–', detail: 'in 24 hours' },
          {
            label: 'Failed',
            value: figures ? count(figures.failed) : '–',
            tone: figures?.failed ? 'bad' : undefined,
            detail: 'in 24 hours',
          },
          { label: 'p95', value: figures?.p95 == null ? '–' : duration(figures.p95), detail: 'from begin to end' },
          {
            label: 'Last run',
            value: <Time at={machine?.lastStartedAt} />,
            detail: machine?.lastName && <Link href={executionPath(name, machine.lastName)}>{machine.lastStatus}</Link>,
          },
          { label: 'Changed', value: <Time at={machine?.updatedAt} /> },
        ]}
      />
      <Tabs
        label="Parts of the workflow"
        tabs={[
          {
            id: 'graph',
            label: 'Graph',
            content: () => (
              <div className="executions-graph">
                {described.error ? (
                  <ErrorBox error={described.error} />
                ) : (
                  described.data && (
                    <Suspense fallback={<div aria-busy="true" />}>
                      <MachineGraph definition={described.data.definition} label={`Graph of ${name}`} />
                    </Suspense>
                  )
                )}
              </div>
            ),
          },
          { id: 'executions', label: 'Executions', content: () => <ExecutionsOf name={name} /> },
          {
            id: 'figures',
            label: 'Over time',
            content: () => series.data && <OverTime table={series.data} />,
          },
          {
            id: 'definition',
            label: 'Definition',
            content: () => described.data && <Definition machine={described.data} />,
          },
          {
            id: 'versions',
            label: 'Versions and aliases',
            content: () => described.data && <Versions machine={described.data} />,
          },
          {
            id: 'configuration',
            label: 'Configuration',
            content: () => described.data && <Configuration machine={described.data} />,
          },
        ]}
      />
      {starting && machine && <StartExecution machine={machine} onClose={() => setStarting(false)} />}
    </Page>
  );
}

function ExecutionsOf({ name }: { name: string }) {
  const [status] = useUrlState('status');
  const [since] = useUrlState('since');
  const [where] = useUrlState('where');
  const filter = { machine: name, status, since, where };
  return (
    <div className="stack">
      <div className="row">
        <div className="grow">
          <FilterBar label="Which executions" names={['status', 'since', 'where']}>
            <FilterSelect
              name="status"
              label="Status"
              options={[
                ['', 'All statuses'],
                ...statuses.map((each): [string, string] => [each, each.replace('-', ' ')]),
              ]}
            />
            <FilterSince />
            <FilterText name="where" label="Attributes" placeholder="customer=42, urgent=true" width={220} search />
          </FilterBar>
        </div>
        <Bulk filter={filter} />
      </div>
      <ExecutionTable
        filter={filter}
        showMachine={false}
        empty={
          <EmptyState
            icon="workflow"
            title={status || since || where ? 'No execution fits' : 'It was not started yet'}
            command={`lambent execution start ${shellQuote(name)} --input '{}'`}
          />
        }
      />
    </div>
  );
}

function OverTime({ table }: { table: Parameters<typeof timesOf>[0] }) {
  const drawn = useMemo(
    () => ({
      times: timesOf(table),
      ends: [
        {
          label: 'succeeded',
          values: valuesOf(table, 'executions.succeeded'),
          kind: 'bars' as const,
          colour: 'good' as const,
        },
        {
          label: 'failed',
          values: valuesOf(table, 'executions.failed'),
          kind: 'bars' as const,
          colour: 'bad' as const,
        },
        { label: 'started', values: valuesOf(table, 'executions.started') },
      ],
      time: [{ label: 'p95', values: valuesOf(table, 'executions.time:p95'), colour: 3 as const }],
    }),
    [table],
  );
  return (
    <div className="grid-two">
      <div className="card stack">
        <h3>Executions, each {duration(table.periodSeconds * 1000)} of the last day</h3>
        <Chart label="Executions" times={drawn.times} series={drawn.ends} height={220} format={count} />
      </div>
      <div className="card stack">
        <h3>From begin to end, p95</h3>
        <Chart label="Time of executions" times={drawn.times} series={drawn.time} height={220} format={duration} />
      </div>
    </div>
  );
}

function Definition({ machine }: { machine: MachineDescription }) {
  return (
    <Section
      title="Definition"
      actions={
        <ButtonLink href={`/machines/${encodeURIComponent(machine.name)}/edit`} icon="edit">
          Edit
        </ButtonLink>
      }
    >
      <CodeEditor
        label={`Definition of ${machine.name}`}
        language="json"
        value={indented(machine.definition)}
        readOnly
        minHeight={420}
      />
    </Section>
  );
}

/** On one line nobody reads it; what was laid out by somebody stays as it is. */
function indented(definition: string): string {
  if (definition.includes('\n')) return definition;
  try {
    return JSON.stringify(JSON.parse(definition), null, 2);
  } catch {
    return definition;
  }
}

function Configuration({ machine }: { machine: MachineDescription }) {
  const { data: tags } = useQuery({
    queryKey: ['machine-tags', machine.stateMachineArn],
    queryFn: ({ signal }) => tagsOf(machine.stateMachineArn, signal),
  });
  return (
    <div className="card">
      <Facts
        facts={[
          ['ARN', <CopyText key="arn" text={machine.stateMachineArn} />],
          ['Type', machine.type.toLowerCase()],
          ['Revision', machine.revisionId && <code key="revision">{machine.revisionId}</code>],
          [
            'Role',
            <span key="role">
              <code>{machine.roleArn}</code>{' '}
              <span className="faint">is kept and not used: tasks act for the account</span>
            </span>,
          ],
          ['Made', <Time key="made" at={machine.creationDate} />],
          machine.description && ['Description', machine.description],
          ['X-Ray tracing', machine.tracingConfiguration?.enabled ? 'asked for' : 'not asked for'],
          ['Tags', tags?.length ? tags.map((tag) => `${tag.key}=${tag.value}`).join(', ') : 'none'],
        ]}
      />
    </div>
  );
}

function Delete({ machine }: { machine: Machine }) {
  const [, navigate] = useLocation();
  return (
    <ActionButton
      label="Delete"
      icon="trash"
      kind="danger"
      disabled={machine.isDeleting}
      title={`Delete the workflow ${machine.name}?`}
      action="Delete the workflow"
      typed={machine.name}
      done={`${machine.name} takes no more executions`}
      act={() => deleteMachine(machine.arn)}
      onDone={() => navigate('/machines')}
      forms={statesForms(
        `aws stepfunctions delete-state-machine --state-machine-arn ${machine.arn}`,
        'DeleteStateMachine',
        { stateMachineArn: machine.arn },
      )}
    >
      <p>
        It takes no more executions.{' '}
        {machine.running > 0 ? (
          <>
            <strong>{count(machine.running)}</strong> that run go on to their end; then it goes, with the records of all
            its executions.
          </>
        ) : (
          'Nothing of it runs, so it goes at once, with the records of all its executions.'
        )}
      </p>
      <p>Its versions and aliases go too. Schedules that start it fail from then on.</p>
    </ActionButton>
  );
}
