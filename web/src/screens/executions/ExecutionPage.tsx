import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useMemo, type ReactNode } from 'react';
import { Link } from 'wouter';
import { getExecution, getGraph, type Execution, type Timeline as TimelineData } from '../../api/executions';
import { overlayOf, type GraphAnswer } from '../../graph/overlay';
import { ErrorBox } from '../../ui/ErrorBox';
import { Figures } from '../../ui/Figures';
import { count } from '../../ui/format';
import { JsonView } from '../../ui/JsonView';
import { Page, Section } from '../../ui/Page';
import { Tabs } from '../../ui/Tabs';
import { visible } from '../../ui/text';
import { Time } from '../../ui/Time';
import { useUrlState } from '../../ui/useUrlState';
import { Actions } from './Actions';
import { ExecutionBadge, Took } from './ExecutionTable';
import { linkOf } from './filters';
import { Iterations } from './Iterations';
import { Journal } from './Journal';
import { StatePanel } from './StatePanel';
import { Timeline } from './Timeline';
import { useTimeline } from './useTimeline';
import './executions.css';

const MachineGraph = lazy(async () => ({ default: (await import('../../graph/MachineGraph')).MachineGraph }));

export default function ExecutionPage({ params }: { params: Record<string, string> }) {
  const [machine, name] = [params['machine']!, params['name']!];
  const {
    data: execution,
    error,
    refetch,
  } = useQuery({
    queryKey: ['execution', machine, name],
    queryFn: ({ signal }) => getExecution(machine, name, signal),
    refetchInterval: ({ state }) => (state.data && state.data.status !== 'running' ? 10_000 : 1500),
  });
  const timeline = useTimeline(machine, name, execution);
  const crumbs = [
    { label: 'Workflows', href: '/machines' },
    { label: machine, href: `/machines/${encodeURIComponent(machine)}` },
    { label: 'Executions', href: `/machines/${encodeURIComponent(machine)}?tab=executions` },
  ];
  if (error && !execution) {
    return (
      <Page title={name} crumbs={crumbs}>
        <ErrorBox error={error} retry={() => void refetch()} />
      </Page>
    );
  }
  const isDistributed = execution?.definition?.includes('"DISTRIBUTED"') ?? false;
  return (
    <Page
      title={name}
      crumbs={crumbs}
      badge={execution && <ExecutionBadge execution={execution} />}
      actions={execution && <Actions execution={execution} timeline={timeline.data} />}
    >
      <Figures
        label="How the execution stands"
        figures={[
          { label: 'Started', value: <Time at={execution?.startedAt} /> },
          {
            label: 'Took',
            value: execution ? <Took execution={execution} /> : '–',
            detail: execution?.status === 'running' ? 'so far' : undefined,
          },
          {
            label: execution?.status === 'running' ? 'Is in' : 'States',
            value: whereIs(execution, timeline.data),
            detail: timeline.data && `${count(timeline.data.rowCount)} entered`,
          },
          { label: 'Retries', value: timeline.data ? count(retriesOf(timeline.data)) : '–' },
          {
            label: 'Redriven',
            value: execution ? count(execution.redriveCount) : '–',
            detail: execution?.redrivenAt && <Time at={execution.redrivenAt} />,
          },
        ]}
      />
      {execution && <Links execution={execution} />}
      {execution?.error && (
        <div className="executions-problem" role="note">
          <strong>{visible(execution.error)}</strong>
          {execution.cause && <p>{visible(execution.cause)}</p>}
        </div>
      )}
      <Tabs
        label="Parts of the execution"
        tabs={[
          {
            id: 'graph',
            label: 'Graph',
            content: () =>
              execution && (
                <Split execution={execution} timeline={timeline.data}>
                  <Graph execution={execution} timeline={timeline.data} />
                </Split>
              ),
          },
          {
            id: 'timeline',
            label: 'Timeline',
            count: timeline.data?.rowCount,
            content: () =>
              execution && (
                <Split execution={execution} timeline={timeline.data}>
                  {timeline.error && !timeline.data ? (
                    <ErrorBox error={timeline.error} retry={() => void timeline.refetch()} />
                  ) : timeline.data ? (
                    <TimelineTab timeline={timeline.data} />
                  ) : (
                    <div className="executions-graph" aria-busy="true" />
                  )}
                </Split>
              ),
          },
          { id: 'journal', label: 'Journal', content: () => execution && <Journal execution={execution} /> },
          { id: 'data', label: 'Input and output', content: () => execution && <Data execution={execution} /> },
          ...(isDistributed
            ? [
                {
                  id: 'iterations',
                  label: 'Iterations',
                  content: () => execution && <Iterations execution={execution} />,
                },
              ]
            : []),
        ]}
      />
    </Page>
  );
}

/** The row that is looked at, in the address: by its number, or a state's name that was not entered. */
function useSelection(): { row: number | null; state: string; select: (row: number | null, state?: string) => void } {
  const [row, setRow] = useUrlState('row');
  const [state, setState] = useUrlState('state');
  return {
    row: row === '' ? null : Number(row),
    state,
    select: (next, name = '') => {
      setRow(next === null ? '' : String(next));
      setState(next === null ? name : '');
    },
  };
}

function Split({
  execution,
  timeline,
  children,
}: {
  execution: Execution;
  timeline: TimelineData | undefined;
  children: ReactNode;
}) {
  const { row, state, select } = useSelection();
  const shown = timeline?.rows[row ?? -1];
  const name = shown?.state ?? state;
  return (
    <div className={name ? 'executions-split executions-split-open' : 'executions-split'}>
      <div className="stack">{children}</div>
      {name && timeline && (
        <StatePanel
          execution={execution}
          timeline={timeline}
          name={name}
          row={shown}
          onSelect={(number) => select(number)}
          onClose={() => select(null)}
        />
      )}
    </div>
  );
}

function TimelineTab({ timeline }: { timeline: TimelineData }) {
  const { row, select } = useSelection();
  return <Timeline timeline={timeline} selected={row} onSelect={(number) => select(number)} />;
}

function Graph({ execution, timeline }: { execution: Execution; timeline: TimelineData | undefined }) {
  const { row, state, select } = useSelection();
  const { data } = useQuery({
    queryKey: ['graph', execution.machine, execution.name, execution.status, execution.redriveCount],
    queryFn: ({ signal }) => getGraph<GraphAnswer>(execution.machine, execution.name, signal),
    refetchInterval: execution.status === 'running' ? ((timeline?.rowCount ?? 0) > 2000 ? 10_000 : 1500) : false,
    placeholderData: (before) => before,
  });
  const overlay = useMemo(() => (data ? overlayOf(data.graph) : undefined), [data]);
  const selected = timeline?.rows[row ?? -1]?.state ?? (state || null);
  return (
    <div className="executions-graph">
      <Suspense fallback={<div aria-busy="true" />}>
        <MachineGraph
          definition={execution.definition ?? ''}
          overlay={overlay}
          selected={selected}
          label={`Graph of ${execution.machine}/${execution.name}`}
          onSelect={(name) => {
            // Of many entries the one that goes on says most, else the last.
            const entries = name === null ? [] : (timeline?.rows.filter((each) => each.state === name) ?? []);
            const entry = entries.find((each) => !each.exitedAt) ?? entries.at(-1);
            select(entry?.number ?? null, name ?? '');
          }}
        />
      </Suspense>
    </div>
  );
}

function whereIs(execution: Execution | undefined, timeline: TimelineData | undefined): string {
  if (!execution) return '–';
  const states = [...new Set(execution.currentStates ?? [])];
  if (execution.status !== 'running')
    return timeline ? count(new Set(timeline.rows.map((row) => row.state)).size) : '–';
  return states.length === 0 ? '–' : states.length === 1 ? visible(states[0]!) : `${states.length} states`;
}

const retriesOf = (timeline: TimelineData) =>
  timeline.rows.reduce((sum, row) => sum + Math.max(0, row.attempts.length - 1), 0);

/** Where it came from, what goes on in its place, and where else it can be looked at. */
function Links({ execution }: { execution: Execution }) {
  const attributes = Object.entries(execution.attributes ?? {});
  return (
    <div className="executions-links">
      <span>
        {execution.version ? `Version ${execution.version}` : 'Revision'} <code>{execution.revision.slice(0, 8)}</code>
        {execution.qualifier && ` as ${execution.qualifier}`}
      </span>
      {execution.parent && (
        <span>
          Started by <Link href={linkOf(execution.parent)}>{execution.parent}</Link>
        </span>
      )}
      {execution.continuedFrom && (
        <span>
          Goes on from <Link href={linkOf(execution.continuedFrom)}>{execution.continuedFrom}</Link>
        </span>
      )}
      {execution.continuedAs && (
        <span>
          Goes on as <Link href={linkOf(execution.continuedAs)}>{execution.continuedAs}</Link>
        </span>
      )}
      <Link href={`/traces/${encodeURIComponent(execution.arn)}`}>Trace and logs</Link>
      {attributes.length > 0 && (
        <span>
          {attributes.map(([name, value]) => (
            <Link
              key={name}
              className="executions-attribute"
              href={`/executions?where=${encodeURIComponent(`${name}=${typeof value === 'string' ? JSON.stringify(value) : value}`)}`}
            >
              {name}={visible(String(value))}
            </Link>
          ))}
        </span>
      )}
    </div>
  );
}

function Data({ execution }: { execution: Execution }) {
  return (
    <div className="grid-two">
      <Section title="Input">
        <JsonView label="the input" value={execution.input ?? null} />
      </Section>
      <Section title="Output">
        {execution.status === 'succeeded' ? (
          <JsonView label="the output" value={execution.output ?? null} />
        ) : (
          <p className="soft">
            {execution.status === 'running' ? 'It has none yet: it goes on.' : 'It has none: it did not succeed.'}
          </p>
        )}
      </Section>
    </div>
  );
}
