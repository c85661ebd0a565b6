import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { getEvent, type Execution, type Row, type Timeline } from '../../api/executions';
import { StatusBadge } from '../../ui/Badge';
import { IconButton } from '../../ui/Button';
import { duration } from '../../ui/format';
import { Icon } from '../../ui/Icon';
import { JsonView } from '../../ui/JsonView';
import { Facts } from '../../ui/Page';
import { visible } from '../../ui/text';
import { Time } from '../../ui/Time';
import { Took } from './ExecutionTable';
import { openBelow, reasonOf, stateOf } from './reasons';

/** One state that was entered: why it waits, what came in and out, what was tried. */
export function StatePanel({
  execution,
  timeline,
  name,
  row,
  onSelect,
  onClose,
}: {
  execution: Execution;
  timeline: Timeline;
  name: string;
  row: Row | undefined;
  onSelect: (number: number) => void;
  onClose: () => void;
}) {
  const definition = useMemo(() => parsed(execution.definition), [execution.definition]);
  const state = stateOf(definition, name);
  const entries = timeline.rows.filter((each) => each.state === name);
  const place = row ? entries.indexOf(row) : -1;
  return (
    <aside className="card stack executions-state" aria-label={`State ${name}`}>
      <div className="row">
        <h2 className="grow ellipsis" title={name}>
          {visible(name)}
        </h2>
        <IconButton label="Close" icon="cross" onClick={onClose} />
      </div>
      <div className="row">
        {row ? <StatusBadge status={row.status} /> : <span className="soft">It was not entered yet.</span>}
        <span className="soft">{String(state?.['Type'] ?? row?.type ?? '')}</span>
        {entries.length > 1 && (
          <span className="row" style={{ marginLeft: 'auto' }}>
            <IconButton
              label="The entry before"
              icon="left"
              disabled={place <= 0}
              onClick={() => onSelect(entries[place - 1]!.number)}
            />
            <span className="soft">
              {place + 1} of {entries.length}
            </span>
            <IconButton
              label="The next entry"
              icon="right"
              disabled={place < 0 || place >= entries.length - 1}
              onClick={() => onSelect(entries[place + 1]!.number)}
            />
          </span>
        )}
      </div>
      {row && <Entered key={row.number} execution={execution} timeline={timeline} row={row} state={state} />}
      {state && (
        <details>
          <summary>Definition</summary>
          <JsonView label="the state's definition" value={state} />
        </details>
      )}
    </aside>
  );
}

function Entered({
  execution,
  timeline,
  row,
  state,
}: {
  execution: Execution;
  timeline: Timeline;
  row: Row;
  state: Record<string, unknown> | undefined;
}) {
  const task = row.attempts.at(-1)?.task;
  const came = useEvent(execution, row.enteredBy);
  const went = useEvent(execution, row.exitedBy);
  const handed = useEvent(execution, task);
  const reason = reasonOf({
    row,
    state,
    task: handed.data,
    isPaused: execution.isPaused,
    openBelow: openBelow(timeline, row.number),
  });
  return (
    <>
      {reason && (
        <div className="executions-reason">
          <Icon name="info" />
          <div>
            {reason.text} Since <Time at={row.attempts.at(-1)?.scheduledAt ?? row.enteredAt} />
            {reason.at && (
              <>
                ; it {reason.then} <Time at={reason.at} />
              </>
            )}
            .
          </div>
        </div>
      )}
      {row.error && (
        <div className="executions-problem">
          <strong>{visible(row.error)}</strong>
          {row.cause && <p>{visible(row.cause)}</p>}
        </div>
      )}
      <Facts
        facts={[
          ['Entered', <Time key="entered" at={row.enteredAt} />],
          ['Took', <Took key="took" execution={{ startedAt: row.enteredAt, stoppedAt: row.exitedAt }} />],
          row.next && ['Next', visible(row.next)],
          row.index !== undefined && ['Branch or item', row.index],
        ]}
      />
      {row.attempts.length > 0 && !['Map', 'Parallel'].includes(row.type) && <Attempts row={row} />}
      <h3>Input</h3>
      <Value query={came} label="the input" value={came.data?.input} />
      {handed.data?.input !== undefined && (
        <>
          <h3>Handed over</h3>
          <JsonView label="what was handed over" value={handed.data.input} />
        </>
      )}
      {row.exitedBy !== undefined && !row.error && (
        <>
          <h3>Output</h3>
          <Value query={went} label="the output" value={went.data?.output} />
        </>
      )}
      {went.data?.assigned !== undefined && (
        <>
          <h3>Variables that were set</h3>
          <JsonView label="the variables" value={went.data.assigned} />
        </>
      )}
    </>
  );
}

function Attempts({ row }: { row: Row }) {
  return (
    <>
      <h3>Attempts</h3>
      <ol className="executions-attempts">
        {row.attempts.map((attempt, index) => {
          const begin = Date.parse(attempt.startedAt ?? attempt.scheduledAt);
          const queued = attempt.startedAt ? Date.parse(attempt.startedAt) - Date.parse(attempt.scheduledAt) : 0;
          return (
            <li key={index}>
              <span className="soft">{index + 1}</span> <StatusBadge status={attempt.outcome} />
              <span>
                {attempt.endedAt ? duration(Date.parse(attempt.endedAt) - begin) : <Time at={attempt.scheduledAt} />}
              </span>
              {queued > 1 && <span className="soft">after {duration(queued)} in line</span>}
              {attempt.error && (
                <span className="executions-error" title={attempt.cause}>
                  {visible(attempt.error)}
                </span>
              )}
              {attempt.retryAt && (
                <span className="soft">
                  again <Time at={attempt.retryAt} />
                </span>
              )}
            </li>
          );
        })}
      </ol>
    </>
  );
}

function Value({
  query,
  label,
  value,
}: {
  query: { isPending: boolean; error: Error | null };
  label: string;
  value: unknown;
}) {
  if (query.error) return <p className="executions-error">{query.error.message}</p>;
  if (query.isPending) return <div className="skeleton" style={{ height: 60 }} />;
  return <JsonView label={label} value={value === undefined ? null : value} />;
}

/** An event never changes, so it is read once. */
function useEvent(execution: Execution, sequence: number | undefined) {
  return useQuery({
    queryKey: ['journal-event', execution.machine, execution.name, sequence],
    queryFn: async ({ signal }) => (await getEvent(execution.machine, execution.name, sequence!, signal)) ?? null,
    select: (event) => event ?? undefined,
    enabled: sequence !== undefined && sequence > 0,
    staleTime: Infinity,
  });
}

function parsed(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
}
