import { useEffect, useState } from 'react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { qualifiersQuery, type InvocationFilter } from '../../api/invocations';
import { cancelReplay, replayMany, replayProgressQuery, type ReplayBatch, type ReplayPlan } from '../../api/replays';
import { Button } from '../../ui/Button';
import { CopyAs } from '../../ui/CopyAs';
import { Dialog } from '../../ui/Dialog';
import { ErrorBox } from '../../ui/ErrorBox';
import { toastError } from '../../ui/Toasts';
import { replayCommand } from './replayCommand';
import './ReplayMany.css';

const rateDefault = 10;

/**
 * Failed calls again, all that a filter finds: first how many that are, then at which rate and with which version, then
 * how far it is. What is replayed goes on when this is closed.
 */
export function ReplayMany({ filter, onClose }: { filter: InvocationFilter; onClose: () => void }) {
  const [since, setSince] = useState(filter.since ?? '1h');
  const [version, setVersion] = useState('');
  const [rate, setRate] = useState(String(rateDefault));
  const [job, setJob] = useState<ReplayPlan | null>(null);
  const perSecond = Number(rate);
  const batch: ReplayBatch = {
    function: filter.function,
    errorGroup: filter.error,
    since: since || undefined,
    until: filter.until,
    version: version || undefined,
    perSecond: perSecond > 0 ? perSecond : undefined,
  };
  const versions = useQuery(qualifiersQuery(filter.function ?? ''));
  const counted = useQuery({
    queryKey: ['replay-count', batch.function, batch.errorGroup, batch.since, batch.until],
    queryFn: () => replayMany({ ...batch, version: undefined, isDryRun: true }),
  });
  const begin = useMutation({ mutationFn: () => replayMany(batch), onSuccess: setJob, onError: toastError });
  const possible = counted.data ? counted.data.matched - sum(counted.data.skipped) : 0;
  const ignored = ['version', 'outcome', 'cold', 'origin', 'min-duration', 'request'].filter(
    (name) =>
      filter[name as keyof InvocationFilter] !== undefined && !(name === 'outcome' && filter.outcome === 'failed'),
  );

  if (job?.job) return <Progress job={job.job} accepted={job.accepted} onClose={onClose} />;
  return (
    <Dialog
      open
      onClose={onClose}
      title="Replay failed calls"
      footer={
        <>
          <CopyAs
            forms={{ cli: replayCommand(batch), request: { method: 'POST', path: '/v1/replays', body: batch } }}
          />
          <span className="grow" />
          <Button onClick={onClose}>Close</Button>
          <Button
            kind="primary"
            icon="retry"
            busy={begin.isPending}
            disabled={possible === 0}
            onClick={() => begin.mutate()}
          >
            {possible > 0 ? `Replay ${possible.toLocaleString('en-US')}` : 'Replay'}
          </Button>
        </>
      }
    >
      <div className="stack">
        <p>
          Calls that failed are made again with their own events, each once, without those that are replays themselves
          {filter.function ? (
            <>
              : of <code>{filter.function}</code>
            </>
          ) : (
            ': of all functions'
          )}
          {filter.error && (
            <>
              , with the error <code>{filter.error}</code>
            </>
          )}
          {filter.until && (
            <>
              , until <code>{filter.until}</code>
            </>
          )}
          .
        </p>
        {ignored.length > 0 && (
          <p className="soft">What else the list is narrowed by does not count here: {ignored.join(', ')}.</p>
        )}
        <div className="replay-many-fields">
          <label>
            Failed since
            <select value={since} onChange={(event) => setSince(event.target.value)}>
              {['15m', '1h', '6h', '1d', '7d'].map((each) => (
                <option key={each} value={each}>
                  {each}
                </option>
              ))}
              {!['15m', '1h', '6h', '1d', '7d'].includes(since) && <option value={since}>{since || 'ever'}</option>}
            </select>
          </label>
          <label>
            At most in a second
            <input value={rate} inputMode="decimal" onChange={(event) => setRate(event.target.value)} />
          </label>
          <label>
            With version
            <select value={version} onChange={(event) => setVersion(event.target.value)}>
              <option value="">As it was called</option>
              {(versions.data ?? []).map((each) => (
                <option key={each} value={each}>
                  {each}
                </option>
              ))}
            </select>
          </label>
        </div>
        {counted.error ? (
          <ErrorBox error={counted.error} retry={() => void counted.refetch()} />
        ) : (
          <p className="replay-many-count" aria-live="polite">
            {counted.data ? (
              <>
                <strong>{possible.toLocaleString('en-US')}</strong> {possible === 1 ? 'call' : 'calls'} can be replayed
                {perSecond > 0 && possible > 0 && (
                  <span className="soft">, which takes about {Math.ceil(possible / perSecond)} s</span>
                )}
              </>
            ) : (
              'Counting …'
            )}
          </p>
        )}
        {counted.data &&
          Object.entries(counted.data.skipped).map(([reason, count]) => (
            <p key={reason} className="soft">
              {count.toLocaleString('en-US')} left out: {reason}
            </p>
          ))}
      </div>
    </Dialog>
  );
}

function Progress({ job, accepted, onClose }: { job: string; accepted: number; onClose: () => void }) {
  const { data, error } = useQuery(replayProgressQuery(job, accepted));
  const cancel = useMutation({ mutationFn: () => cancelReplay(job), onError: toastError });
  const [cancelled, setCancelled] = useState(0);
  useEffect(() => {
    if (cancel.data?.cancelled !== undefined) setCancelled(cancel.data.cancelled);
  }, [cancel.data]);
  const done = (data?.succeeded ?? 0) + (data?.failed ?? 0);
  const whole = Math.max(accepted - cancelled, 1);
  const isOver = data !== undefined && data.waiting === 0 && done >= accepted - cancelled;
  return (
    <Dialog
      open
      onClose={onClose}
      title={isOver ? 'Replayed' : 'Replaying'}
      footer={
        <>
          <CopyAs
            forms={{ cli: `lambent replay --watch ${job}`, request: { method: 'GET', path: `/v1/replays/${job}` } }}
          />
          <span className="grow" />
          {!isOver && (
            <Button kind="danger" icon="stop" busy={cancel.isPending} onClick={() => cancel.mutate()}>
              Cancel what waits
            </Button>
          )}
          <Button kind="primary" onClick={onClose}>
            Close
          </Button>
        </>
      }
    >
      <div className="stack">
        {error !== null && <ErrorBox error={error} />}
        <progress
          className="replay-many-progress"
          max={whole}
          value={Math.min(done, whole)}
          aria-label="Calls that were replayed"
        />
        <div className="grid">
          <Figure name="Waiting" value={data?.waiting} />
          <Figure name="Succeeded" value={data?.succeeded} tone="good" />
          <Figure name="Failed again" value={data?.failed} tone={data?.failed ? 'bad' : undefined} />
          {cancelled > 0 && <Figure name="Cancelled" value={cancelled} />}
        </div>
        <p className="soft">
          {isOver ? 'All have ended.' : 'It goes on when this window is closed.'} Job <code>{job}</code>
        </p>
      </div>
    </Dialog>
  );
}

function Figure({ name, value, tone }: { name: string; value: number | undefined; tone?: 'good' | 'bad' }) {
  return (
    <div className="stat card">
      <span className="stat-label">{name}</span>
      <span className={`stat-value ${tone ? `stat-${tone}` : ''}`}>{value?.toLocaleString('en-US') ?? '–'}</span>
    </div>
  );
}

function sum(counts: Record<string, number>): number {
  return Object.values(counts).reduce((total, each) => total + each, 0);
}
