import { useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import { Link, useLocation } from 'wouter';
import { deleteQueue, getQueue, purgeQueue, type Queue } from '../../api/queues';
import { ActionButton } from '../../ui/ActionButton';
import { Badge } from '../../ui/Badge';
import { Button } from '../../ui/Button';
import { CopyAs, shellQuote } from '../../ui/CopyAs';
import { ErrorBox } from '../../ui/ErrorBox';
import { Figures } from '../../ui/Figures';
import { count } from '../../ui/format';
import { Page } from '../../ui/Page';
import { Tabs } from '../../ui/Tabs';
import { Consumers } from './Consumers';
import { DeadLetters } from './DeadLetters';
import { Messages } from './Messages';
import { Overview } from './Overview';
import { SendMessage } from './SendMessage';
import { Settings } from './Settings';
import { rate, roughAge, sqsForms, toneOf } from './words';
import './queues.css';

const everyMilliseconds = 2000;
const crumbs = [{ label: 'Queues', href: '/queues' }];

export default function QueuePage({ params }: { params: Record<string, string> }) {
  const name = params['name']!;
  const {
    data: queue,
    error,
    refetch,
  } = useQuery({
    queryKey: ['queue', name],
    queryFn: ({ signal }) => getQueue(name, signal),
    refetchInterval: everyMilliseconds,
  });
  const [sending, setSending] = useState(false);
  if (error && !queue) {
    return (
      <Page title={name} crumbs={crumbs}>
        <ErrorBox error={error} retry={() => void refetch()} />
      </Page>
    );
  }
  return (
    <Page
      title={name}
      crumbs={crumbs}
      badge={
        queue &&
        (queue.fifo ? (
          <Badge tone="accent">FIFO</Badge>
        ) : queue.priorities ? (
          <Badge tone="accent">priorities</Badge>
        ) : undefined)
      }
      actions={
        queue && (
          <>
            <Button kind="primary" icon="plus" onClick={() => setSending(true)}>
              Send a message
            </Button>
            <Purge queue={queue} />
            <Delete queue={queue} />
            <CopyAs
              forms={{
                cli: `lambent queue describe ${shellQuote(name)}`,
                request: { method: 'GET', path: `/v1/queues/${encodeURIComponent(name)}` },
              }}
            />
          </>
        )
      }
    >
      <Figures
        label="How the queue stands"
        figures={[
          { label: 'Waiting', value: queue ? count(queue.waiting) : '–', detail: 'can be received' },
          { label: 'In flight', value: queue ? count(queue.inFlight) : '–', detail: 'not deleted yet' },
          { label: 'Delayed', value: queue ? count(queue.delayed) : '–', detail: 'put off' },
          {
            label: 'Oldest',
            value: queue ? roughAge(queue.oldestAgeSeconds) : '–',
            detail: queue?.oldestAgeSeconds !== undefined && 'message',
          },
          {
            label: 'In',
            value: queue ? rate(queue.arrivalsPerSecond) : '–',
            detail: queue && `${count(queue.sent)} since start`,
          },
          {
            label: 'Out',
            value: queue ? rate(queue.drainPerSecond) : '–',
            detail: queue && `${count(queue.deleted)} since start`,
          },
          {
            label: 'Dead letters',
            value: queue?.dead === undefined ? '–' : count(queue.dead),
            tone: queue?.dead ? 'bad' : undefined,
            detail:
              queue &&
              (queue.deadLetterQueue ? (
                <Link href={`/queues/${encodeURIComponent(queue.deadLetterQueue)}`}>{queue.deadLetterQueue}</Link>
              ) : (
                'no queue for them'
              )),
          },
        ]}
      />
      <Why queue={queue} />
      <Tabs
        label="Parts of the queue"
        tabs={[
          { id: 'overview', label: 'Over time', content: () => <Overview name={name} queue={queue} /> },
          { id: 'messages', label: 'Messages', content: () => queue && <Messages queue={queue} /> },
          {
            id: 'consumers',
            label: 'Consumers',
            count: queue?.consumers.length,
            content: () => queue && <Consumers queue={queue} />,
          },
          { id: 'dead', label: 'Dead letters', content: () => queue && <DeadLetters queue={queue} /> },
          { id: 'settings', label: 'Settings', content: () => queue && <Settings queue={queue} /> },
        ]}
      />
      {queue && <SendMessage queue={queue} open={sending} onClose={() => setSending(false)} />}
    </Page>
  );
}

/** The reasons in the server's sentences, the most important first. */
function Why({ queue }: { queue: Queue | undefined }) {
  return (
    <section className="card" aria-label="Why its messages wait" aria-busy={!queue}>
      <ul className="queues-why">
        {queue ? (
          queue.why.map((reason) => (
            <li key={reason.code + reason.text}>
              <Badge tone={toneOf(reason.code)}>{reason.code.replace(/-/g, ' ')}</Badge>
              <span className="grow">{reason.text}</span>
              {reason.code === 'no-consumer' && (
                <Link href={`/queues/${encodeURIComponent(queue.name)}?tab=consumers`}>Let it call a function</Link>
              )}
              {['consumer-paused', 'failing', 'target-missing', 'pushed-again'].includes(reason.code) && (
                <Link href={`/queues/${encodeURIComponent(queue.name)}?tab=consumers`}>Look at its consumers</Link>
              )}
            </li>
          ))
        ) : (
          <li>
            <span className="skeleton" style={{ width: 320 }} />
          </li>
        )}
      </ul>
    </section>
  );
}

function Purge({ queue }: { queue: Queue }) {
  const all = queue.waiting + queue.inFlight + queue.delayed;
  return (
    <ActionButton
      label="Purge"
      icon="trash"
      title={`Delete all messages of ${queue.name}?`}
      action="Delete all messages"
      done={`Emptied ${queue.name}`}
      typed={queue.name}
      disabled={all === 0}
      act={() => purgeQueue(queue.url)}
      forms={sqsForms(`lambent queue purge ${shellQuote(queue.name)} --yes`, 'PurgeQueue', { QueueUrl: queue.url })}
    >
      <p>
        <strong>{all.toLocaleString('en-US')}</strong> messages go and cannot be had back: {queue.waiting} that wait,{' '}
        {queue.inFlight} in flight, {queue.delayed} delayed. The queue stays.
      </p>
    </ActionButton>
  );
}

function Delete({ queue }: { queue: Queue }) {
  const [, navigate] = useLocation();
  const all = queue.waiting + queue.inFlight + queue.delayed;
  return (
    <ActionButton
      label="Delete"
      icon="trash"
      kind="danger"
      title={`Delete the queue ${queue.name}?`}
      action="Delete the queue"
      done={`Deleted ${queue.name}`}
      typed={queue.name}
      act={() => deleteQueue(queue.url)}
      onDone={() => navigate('/queues')}
      forms={sqsForms(`lambent queue rm ${shellQuote(queue.name)} --yes`, 'DeleteQueue', { QueueUrl: queue.url })}
    >
      <p>
        The queue goes with its <strong>{all.toLocaleString('en-US')}</strong> messages, and cannot be had back.
      </p>
      {queue.consumers.length > 0 && (
        <p>{queue.consumers.map((each) => each.name).join(', ')} will get nothing from it any more.</p>
      )}
    </ActionButton>
  );
}
