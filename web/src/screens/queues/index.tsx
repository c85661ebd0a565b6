import { useState } from 'react';
import { listQueues, type Queue } from '../../api/queues';
import { Badge } from '../../ui/Badge';
import { Button } from '../../ui/Button';
import { DataTable, type Column } from '../../ui/DataTable';
import { EmptyState } from '../../ui/EmptyState';
import { count } from '../../ui/format';
import { Page } from '../../ui/Page';
import { Stat } from '../../ui/Stat';
import { usePages } from '../../ui/usePages';
import { useUrlState } from '../../ui/useUrlState';
import { CreateQueue } from './CreateQueue';
import { age, consumersInWords, rate, roughAge, toneOf } from './words';
import './queues.css';

const everyMilliseconds = 3000;

const columns: Column<Queue>[] = [
  {
    id: 'name',
    header: 'Queue',
    sortBy: (queue) => queue.name,
    cell: (queue) => queue.name,
  },
  {
    id: 'waiting',
    header: 'Waiting',
    number: true,
    sortBy: (queue) => queue.waiting,
    cell: (queue) => figure(queue.waiting),
  },
  {
    id: 'inFlight',
    header: 'In flight',
    number: true,
    sortBy: (queue) => queue.inFlight,
    cell: (queue) => figure(queue.inFlight),
  },
  {
    id: 'delayed',
    header: 'Delayed',
    number: true,
    wideOnly: true,
    sortBy: (queue) => queue.delayed,
    cell: (queue) => figure(queue.delayed),
  },
  {
    id: 'dead',
    header: 'Dead',
    number: true,
    sortBy: (queue) => queue.dead ?? -1,
    cell: (queue) =>
      queue.dead === undefined ? (
        <span className="faint" title="It has no dead-letter queue">
          –
        </span>
      ) : queue.dead > 0 ? (
        <strong className="queues-dead">{count(queue.dead)}</strong>
      ) : (
        figure(0)
      ),
  },
  {
    id: 'oldest',
    header: 'Oldest',
    number: true,
    sortBy: (queue) => queue.oldestAgeSeconds ?? -1,
    cell: (queue) => <span title={age(queue.oldestAgeSeconds)}>{roughAge(queue.oldestAgeSeconds)}</span>,
  },
  {
    id: 'in',
    header: 'In',
    number: true,
    wideOnly: true,
    sortBy: (queue) => queue.arrivalsPerSecond,
    cell: (queue) => rate(queue.arrivalsPerSecond),
  },
  {
    id: 'out',
    header: 'Out',
    number: true,
    wideOnly: true,
    sortBy: (queue) => queue.drainPerSecond,
    cell: (queue) => rate(queue.drainPerSecond),
  },
  { id: 'consumers', header: 'Consumers', wideOnly: true, cell: consumersInWords },
  {
    id: 'why',
    header: 'Why they wait',
    grow: true,
    wideOnly: true,
    cell: (queue) => {
      const first = queue.why[0];
      return first && first.code !== 'empty' ? (
        <span title={queue.why.map((each) => each.text).join(' ')}>
          <Badge tone={toneOf(first.code)}>{first.code.replace(/-/g, ' ')}</Badge>{' '}
          <span className="soft">{first.text}</span>
        </span>
      ) : (
        <span className="faint">empty</span>
      );
    },
  },
];

export default function Queues() {
  const [filter, setFilter] = useUrlState('find');
  const [creating, setCreating] = useState(false);
  const { rows, error, retry, more } = usePages(
    ['queues'],
    async (after, signal) => {
      const page = await listQueues(after, signal);
      return { items: page.queues, next: page.next };
    },
    { every: everyMilliseconds },
  );
  const shown = rows?.filter((queue) => queue.name.toLowerCase().includes(filter.toLowerCase()));
  return (
    <Page
      title="Queues"
      intro="Messages that wait to be worked off, how fast they go, and why they wait."
      actions={
        <Button kind="primary" icon="plus" onClick={() => setCreating(true)}>
          New queue
        </Button>
      }
    >
      <div className="grid">
        <Stat
          label="Waiting"
          value={rows ? count(sum(rows, (queue) => queue.waiting)) : '–'}
          detail={rows && `in ${rows.filter((queue) => queue.waiting > 0).length} of ${rows.length} queues`}
        />
        <Stat
          label="In flight"
          value={rows ? count(sum(rows, (queue) => queue.inFlight)) : '–'}
          detail="received and not deleted yet"
        />
        <Stat
          label="Oldest message"
          value={rows ? roughAge(oldest(rows)?.oldestAgeSeconds) : '–'}
          detail={rows && oldest(rows)?.name}
          href={rows && oldest(rows) ? `/queues/${encodeURIComponent(oldest(rows)!.name)}` : undefined}
        />
        <Stat
          label="Stuck"
          value={rows ? rows.filter(isStuck).length : '–'}
          tone={rows?.some(isStuck) ? 'warn' : undefined}
          detail="queues that nothing works off"
        />
      </div>
      <div className="row">
        <input
          type="search"
          data-search
          aria-label="Find a queue by its name"
          placeholder="Find by name"
          value={filter}
          onChange={(event) => setFilter(event.target.value)}
        />
      </div>
      <DataTable
        label="Queues"
        columns={columns}
        rows={shown}
        rowKey={(queue) => queue.name}
        href={(queue) => `/queues/${encodeURIComponent(queue.name)}`}
        error={error}
        retry={retry}
        more={more}
        empty={
          filter ? (
            <EmptyState icon="search" title={`No queue has “${filter}” in its name`} />
          ) : (
            <EmptyState icon="queue" title="No queues yet" command="lambent queue create jobs">
              A queue keeps messages until somebody has worked them off. It speaks the API of Amazon SQS.
            </EmptyState>
          )
        }
      />
      <CreateQueue open={creating} onClose={() => setCreating(false)} />
    </Page>
  );
}

const figure = (value: number) => (value === 0 ? <span className="faint">0</span> : count(value));

const sum = (queues: Queue[], value: (queue: Queue) => number) =>
  queues.reduce((total, queue) => total + value(queue), 0);

const oldest = (queues: Queue[]) =>
  queues.reduce<Queue | undefined>(
    (most, queue) => ((queue.oldestAgeSeconds ?? -1) > (most?.oldestAgeSeconds ?? -1) ? queue : most),
    undefined,
  );

/** Messages wait and nothing that runs takes them. */
const isStuck = (queue: Queue) => queue.waiting > 0 && ['bad', 'warn'].includes(toneOf(queue.why[0]?.code ?? 'empty'));
