import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { getGroups, type Queue, type QueueGroup } from '../../api/queues';
import { readSeries, timesOf, valuesOf } from '../../api/series';
import { Chart } from '../../ui/Chart';
import { DataTable, type Column } from '../../ui/DataTable';
import { ErrorBox } from '../../ui/ErrorBox';
import { count, duration } from '../../ui/format';
import { Section } from '../../ui/Page';
import { Time } from '../../ui/Time';
import { TimeRange, useTimeRange } from '../../ui/TimeRange';
import { useUrlState } from '../../ui/useUrlState';
import { age } from './words';

const metrics = [
  'queue.visible',
  'queue.in-flight',
  'queue.delayed',
  'queue.oldest-age',
  'queue.sent',
  'queue.deleted',
  'queue.dead-letters',
];
const chartPixels = 200;

/** How deep the queue was and how old its oldest message, and how that divides among its groups or priorities. */
export function Overview({ name, queue }: { name: string; queue: Queue | undefined }) {
  const { range, setRange } = useTimeRange('1h');
  const { data, error, refetch } = useQuery({
    queryKey: ['queue-series', name, range],
    queryFn: ({ signal }) => readSeries({ metrics, name, since: range }, signal),
    refetchInterval: 15_000,
  });
  const drawn = useMemo(() => {
    if (!data) return null;
    const values = (metric: string) => valuesOf(data, metric);
    return {
      times: timesOf(data),
      depth: [
        { label: 'waiting', values: values('queue.visible'), kind: 'area' as const },
        { label: 'in flight', values: values('queue.in-flight'), colour: 2 as const },
        { label: 'delayed', values: values('queue.delayed'), colour: 6 as const },
      ],
      age: [{ label: 'oldest', values: values('queue.oldest-age'), kind: 'area' as const, colour: 3 as const }],
      flow: [
        { label: 'came', values: values('queue.sent'), kind: 'bars' as const, colour: 5 as const },
        { label: 'worked off', values: values('queue.deleted'), colour: 'good' as const },
        { label: 'dead letters', values: values('queue.dead-letters'), colour: 'bad' as const },
      ],
    };
  }, [data]);
  return (
    <div className="stack-large">
      <Section title="Over time" actions={<TimeRange range={range} setRange={setRange} />}>
        {error && !data ? (
          <ErrorBox error={error} retry={() => void refetch()} />
        ) : (
          <div className="grid-two">
            <ChartCard
              title="Messages"
              drawn={
                drawn && (
                  <Chart
                    label="Messages in the queue"
                    times={drawn.times}
                    series={drawn.depth}
                    height={chartPixels}
                    format={count}
                  />
                )
              }
            />
            <ChartCard
              title="Age of the oldest message"
              drawn={
                drawn && (
                  <Chart
                    label="Age of the oldest message"
                    times={drawn.times}
                    series={drawn.age}
                    height={chartPixels}
                    format={(value) => duration(value * 1000)}
                  />
                )
              }
            />
            <ChartCard
              title={`Came and went${data ? `, each ${duration(data.periodSeconds * 1000)}` : ''}`}
              drawn={
                drawn && (
                  <Chart
                    label="Messages that came and were worked off"
                    times={drawn.times}
                    series={drawn.flow}
                    height={chartPixels}
                    format={count}
                  />
                )
              }
            />
          </div>
        )}
      </Section>
      {queue && (queue.fifo || queue.priorities) && <Groups name={name} fifo={queue.fifo} />}
    </div>
  );
}

function ChartCard({ title, drawn }: { title: string; drawn: React.ReactNode }) {
  return (
    <div className="card stack">
      <h3>{title}</h3>
      {drawn ?? <div style={{ height: chartPixels + 26 }} aria-busy="true" />}
    </div>
  );
}

/** What waits of each message group or priority, and for what. */
function Groups({ name, fifo }: { name: string; fifo: boolean }) {
  const [, setGroup] = useUrlState('group');
  const [, setTab] = useUrlState('tab', 'overview');
  const { data, error, refetch } = useQuery({
    queryKey: ['queue-groups', name],
    queryFn: ({ signal }) => getGroups(name, signal),
    refetchInterval: 5000,
  });
  const columns: Column<QueueGroup>[] = [
    fifo
      ? {
          id: 'group',
          header: 'Message group',
          sortBy: (each) => each.group ?? '',
          cell: (each) => <code>{each.group ?? '–'}</code>,
        }
      : {
          id: 'priority',
          header: 'Priority',
          sortBy: (each) => each.priority ?? 0,
          cell: (each) => each.priority ?? 0,
        },
    {
      id: 'waiting',
      header: 'Waiting',
      number: true,
      sortBy: (each) => each.waiting,
      cell: (each) => count(each.waiting),
    },
    {
      id: 'inFlight',
      header: 'In flight',
      number: true,
      sortBy: (each) => each.inFlight,
      cell: (each) => count(each.inFlight),
    },
    {
      id: 'delayed',
      header: 'Delayed',
      number: true,
      sortBy: (each) => each.delayed,
      cell: (each) => count(each.delayed),
    },
    {
      id: 'oldest',
      header: 'Oldest',
      number: true,
      sortBy: (each) => each.oldestAgeSeconds,
      cell: (each) => age(each.oldestAgeSeconds),
    },
    { id: 'why', header: 'Why it waits', grow: true, cell: (each) => <Reason group={each} fifo={fifo} /> },
  ];
  return (
    <Section title={fifo ? 'By message group' : 'By priority'}>
      <DataTable
        label={fifo ? 'Message groups' : 'Priorities'}
        columns={columns}
        rows={data?.groups}
        rowKey={(each) => `${each.group ?? ''}/${each.priority ?? ''}`}
        error={error}
        retry={() => void refetch()}
        onOpen={
          fifo
            ? (each) => {
                setGroup(each.group ?? '');
                setTab('messages');
              }
            : undefined
        }
        empty={<p className="soft">There are no messages.</p>}
      />
      {data && !data.isComplete && <p className="soft">These are the hundred with the most messages.</p>}
    </Section>
  );
}

function Reason({ group, fifo }: { group: QueueGroup; fifo: boolean }) {
  const next = group.nextVisibleAt && (
    <>
      , the next comes back <Time at={group.nextVisibleAt} />
    </>
  );
  if (fifo && group.inFlight > 0) {
    return group.waiting > 0 ? (
      <span>
        {group.waiting} wait for the {group.inFlight} in flight before them: order is kept{next}
      </span>
    ) : (
      <span>being worked on{next}</span>
    );
  }
  if (fifo && group.delayed > 0) return <span>behind a delayed message{next}</span>;
  if (group.waiting > 0) return <span>can be received</span>;
  return <span>hidden{next}</span>;
}
