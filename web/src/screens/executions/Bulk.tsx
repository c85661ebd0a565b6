import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import {
  listExecutions,
  redriveMany,
  stopMany,
  type BulkAnswer,
  type BulkRequest,
  type ExecutionStatus,
} from '../../api/executions';
import { Button } from '../../ui/Button';
import { CopyAs, shellQuote, type CommandForms } from '../../ui/CopyAs';
import { Dialog } from '../../ui/Dialog';
import { ErrorBox } from '../../ui/ErrorBox';
import { Field } from '../../ui/Field';
import { count } from '../../ui/format';
import { toast } from '../../ui/Toasts';
import type { Filter } from './filters';

const countMax = 10_000;
const pageRows = 1000;

/** Stops or redrives all executions of a workflow with a status, after it was said how many those are. */
export function Bulk({ filter }: { filter: Filter }) {
  const [open, setOpen] = useState<'stop' | 'redrive' | null>(null);
  const why = !filter.machine
    ? 'Choose a workflow first'
    : filter.where
      ? 'Not with attributes: it is done to all executions with the status'
      : undefined;
  const redrives = ['failed', 'timed-out', 'aborted'].includes(filter.status);
  return (
    <>
      <Button
        icon="stop"
        kind="danger"
        disabled={why !== undefined || (filter.status !== '' && filter.status !== 'running')}
        title={
          why ?? (filter.status !== '' && filter.status !== 'running' ? 'Those that run can be stopped' : undefined)
        }
        onClick={() => setOpen('stop')}
      >
        Stop all
      </Button>
      <Button
        icon="retry"
        disabled={why !== undefined || !redrives}
        title={why ?? (redrives ? undefined : 'Choose a status: failed, timed out or aborted')}
        onClick={() => setOpen('redrive')}
      >
        Redrive all
      </Button>
      {open && (
        <BulkDialog
          kind={open}
          machine={filter.machine}
          status={open === 'stop' ? 'running' : (filter.status as ExecutionStatus)}
          onClose={() => setOpen(null)}
        />
      )}
    </>
  );
}

/** Exactly, by going through the list; one more than can be done says that there are more. */
async function countOf(
  machine: string,
  status: ExecutionStatus,
  error: string,
  signal: AbortSignal,
): Promise<{ all: number; isMore: boolean }> {
  let all = 0;
  let after: string | undefined;
  do {
    const page = await listExecutions({ machine, status }, after, pageRows, signal);
    all += page.executions.filter((each) => error === '' || each.error === error).length;
    after = page.next;
  } while (after && all <= countMax);
  return { all: Math.min(all, countMax), isMore: after !== undefined };
}

function BulkDialog({
  kind,
  machine,
  status,
  onClose,
}: {
  kind: 'stop' | 'redrive';
  machine: string;
  status: ExecutionStatus;
  onClose: () => void;
}) {
  const [error, setError] = useState('');
  const [rate, setRate] = useState('');
  const [typed, setTyped] = useState('');
  const [progress, setProgress] = useState<BulkAnswer | null>(null);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);
  const found = useQuery({
    queryKey: ['executions-count', machine, status, kind === 'redrive' ? error : ''],
    queryFn: ({ signal }) => countOf(machine, status, kind === 'redrive' ? error : '', signal),
  });
  const all = found.data?.all ?? 0;
  const request: BulkRequest = {
    machine,
    status,
    ...(error ? { error } : {}),
    ...(rate ? { perSecond: Number(rate) } : {}),
  };
  const run = async () => {
    setBusy(true);
    setFailure(null);
    let sum: BulkAnswer = { changed: 0, refused: 0 };
    try {
      do {
        // The server answers after 20 s at the latest, and says where to go on.
        const left = countMax - sum.changed - sum.refused;
        const answer = await (kind === 'stop' ? stopMany : redriveMany)({ ...request, count: left, after: sum.next });
        sum = { changed: sum.changed + answer.changed, refused: sum.refused + answer.refused, next: answer.next };
        setProgress(sum);
      } while (sum.next && sum.changed + sum.refused < countMax);
      toast(
        `${kind === 'stop' ? 'Stopped' : 'Redrove'} ${count(sum.changed)} executions of ${machine}${sum.refused ? `, ${sum.refused} would not` : ''}`,
      );
      onClose();
    } catch (problem) {
      setFailure(problem);
    } finally {
      setBusy(false);
    }
  };
  const words = kind === 'stop' ? 'Stop' : 'Redrive';
  const forms: CommandForms = {
    cli: [
      `lambent execution ${kind} --machine ${shellQuote(machine)}`,
      kind === 'redrive' && `--status ${status}`,
      error && `--error ${shellQuote(error)}`,
      rate && `--rate ${rate}`,
      kind === 'stop' && '--yes',
    ]
      .filter(Boolean)
      .join(' '),
    request: { method: 'POST', path: `/v1/executions/${kind}`, body: request },
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={`${words} executions of ${machine}`}
      footer={
        <>
          <CopyAs forms={forms} />
          <span className="grow" />
          <Button onClick={onClose}>Keep</Button>
          <Button kind="danger" busy={busy} disabled={all === 0 || typed !== machine} onClick={() => void run()}>
            {words} {count(all)}
          </Button>
        </>
      }
    >
      <div className="stack">
        <p aria-live="polite">
          {found.isPending ? (
            'Counting…'
          ) : (
            <>
              <strong>
                {count(all)}
                {found.data?.isMore && ' or more'}
              </strong>{' '}
              executions of {machine} are {status.replace('-', ' ')}.
            </>
          )}
          {kind === 'stop'
            ? ' They end where they are: tasks under way are given up, and nothing is undone. They can be redriven within 14 days.'
            : ' Each goes on where it failed; what had succeeded is not done again.'}
        </p>
        <div className="fields">
          <Field
            label={kind === 'stop' ? 'Error they end with' : 'Only those that ended with the error'}
            hint="May be empty"
          >
            <input value={error} spellCheck={false} onChange={(event) => setError(event.target.value)} />
          </Field>
          <Field label="A second at most" hint="Empty: as fast as it goes">
            <input type="number" min={0.1} step="any" value={rate} onChange={(event) => setRate(event.target.value)} />
          </Field>
          <Field label={`Type ${machine} to confirm`}>
            <input value={typed} autoComplete="off" onChange={(event) => setTyped(event.target.value)} />
          </Field>
        </div>
        {progress && (
          <p aria-live="polite">
            {count(progress.changed)} done{progress.refused > 0 && `, ${progress.refused} would not`}.
          </p>
        )}
        {failure !== null && <ErrorBox error={failure} />}
      </div>
    </Dialog>
  );
}
