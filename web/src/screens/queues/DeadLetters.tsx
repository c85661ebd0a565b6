import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { useState } from 'react';
import {
  cancelMove,
  deadLetterSources,
  getQueue,
  listMoves,
  startMove,
  type MoveTask,
  type Queue,
} from '../../api/queues';
import { ActionButton } from '../../ui/ActionButton';
import { StatusBadge } from '../../ui/Badge';
import { Button } from '../../ui/Button';
import { CopyAs, shellQuote } from '../../ui/CopyAs';
import { DataTable, type Column } from '../../ui/DataTable';
import { EmptyState } from '../../ui/EmptyState';
import { Field } from '../../ui/Field';
import { count } from '../../ui/format';
import { Section } from '../../ui/Page';
import { Time } from '../../ui/Time';
import { useAction } from '../../ui/useAction';
import { sqsForms } from './words';

/** Messages that were given up: of this queue, in the queue that keeps them, or in this one of others. */
export function DeadLetters({ queue }: { queue: Queue }) {
  const { data: sources } = useQuery({
    queryKey: ['queue-sources', queue.name],
    queryFn: ({ signal }) => deadLetterSources(queue.url, signal),
  });
  const { data: letters } = useQuery({
    queryKey: ['queue', queue.deadLetterQueue],
    queryFn: ({ signal }) => getQueue(queue.deadLetterQueue!, signal),
    enabled: queue.deadLetterQueue !== undefined,
    refetchInterval: 3000,
  });
  if (!queue.deadLetterQueue && sources?.length === 0) {
    return (
      <EmptyState icon="alert" title="No dead-letter queue">
        <p>
          A message whose work fails every time comes for ever. Choose a dead-letter queue in{' '}
          <Link href={`/queues/${encodeURIComponent(queue.name)}?tab=settings`}>the settings</Link>: after so many
          receives the message moves there.
        </p>
      </EmptyState>
    );
  }
  return (
    <div className="stack-large">
      {letters && (
        <Redrive letters={letters} title={`Dead letters of ${queue.name}, in ${letters.name}`} sources={[queue.name]} />
      )}
      {sources && sources.length > 0 && (
        <Redrive letters={queue} title={`Dead letters of ${sources.join(', ')}, which are here`} sources={sources} />
      )}
    </div>
  );
}

function Redrive({ letters, title, sources }: { letters: Queue; title: string; sources: string[] }) {
  const [perSecond, setPerSecond] = useState('');
  const { run } = useAction();
  const {
    data: tasks,
    error,
    refetch,
  } = useQuery({
    queryKey: ['queue-moves', letters.arn],
    queryFn: ({ signal }) => listMoves(letters.arn, signal),
    refetchInterval: 2000,
  });
  const all = letters.waiting + letters.inFlight + letters.delayed;
  const isRunning = tasks?.some((task) => task.Status === 'RUNNING') ?? false;
  const rate = perSecond === '' ? undefined : Math.min(500, Math.max(1, Math.trunc(Number(perSecond))));
  const body = { SourceArn: letters.arn, ...(rate ? { MaxNumberOfMessagesPerSecond: rate } : {}) };
  const columns: Column<MoveTask>[] = [
    { id: 'started', header: 'Started', cell: (task) => <Time at={task.StartedTimestamp} /> },
    { id: 'status', header: 'Status', cell: (task) => <StatusBadge status={task.Status} title={task.FailureReason} /> },
    { id: 'progress', header: 'Progress', grow: true, cell: (task) => <Progress task={task} /> },
    {
      id: 'to',
      header: 'To',
      wideOnly: true,
      cell: (task) => task.DestinationArn?.split(':').at(-1) ?? 'where they came from',
    },
    {
      id: 'actions',
      header: 'Actions',
      cell: (task) =>
        task.Status === 'RUNNING' &&
        task.TaskHandle && (
          <span className="row">
            <Button kind="quiet" icon="stop" onClick={() => void run('Cancelled', () => cancelMove(task.TaskHandle!))}>
              Cancel
            </Button>
            <CopyAs
              forms={sqsForms(
                `aws sqs cancel-message-move-task --task-handle ${shellQuote(task.TaskHandle)}`,
                'CancelMessageMoveTask',
                { TaskHandle: task.TaskHandle },
              )}
            />
          </span>
        ),
    },
  ];
  return (
    <Section
      title={title}
      actions={
        <>
          <Link href={`/queues/${encodeURIComponent(letters.name)}?tab=messages`}>Look at the {count(all)}</Link>
          <ActionButton
            label="Send back"
            icon="retry"
            kind="primary"
            disabled={all === 0 || isRunning}
            title={`Send ${count(all)} messages back?`}
            action="Send them back"
            done="They are on their way"
            act={() => startMove(letters.arn, rate)}
            forms={sqsForms(
              `aws sqs start-message-move-task --source-arn ${letters.arn}${rate ? ` --max-number-of-messages-per-second ${rate}` : ''}`,
              'StartMessageMoveTask',
              body,
            )}
          >
            <p>
              <strong>{count(all)}</strong> messages of {letters.name} go back to {sources.join(', ')}, each to where it
              came from, and are worked on there again. Do it when the fault is mended.
            </p>
            <Field label="Messages a second at most" hint="1 to 500; empty: as fast as it goes">
              <input
                type="number"
                min={1}
                max={500}
                value={perSecond}
                onChange={(event) => setPerSecond(event.target.value)}
              />
            </Field>
          </ActionButton>
        </>
      }
    >
      <DataTable
        label="Messages that were sent back"
        columns={columns}
        rows={tasks}
        rowKey={(task) => String(task.StartedTimestamp)}
        error={error}
        retry={() => void refetch()}
        empty={<p className="soft">None were sent back yet.</p>}
      />
    </Section>
  );
}

function Progress({ task }: { task: MoveTask }) {
  const [moved, all] = [task.ApproximateNumberOfMessagesMoved, task.ApproximateNumberOfMessagesToMove ?? 0];
  return (
    <span className="row">
      <span
        className="queues-progress grow"
        role="progressbar"
        aria-label="Messages moved"
        aria-valuenow={moved}
        aria-valuemin={0}
        aria-valuemax={all}
      >
        <span style={{ width: `${all === 0 ? 100 : Math.min(100, (moved / all) * 100)}%` }} />
      </span>
      {count(moved)} of {count(all)}
      {task.FailureReason && ` · ${task.FailureReason}`}
    </span>
  );
}
