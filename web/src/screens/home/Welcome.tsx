import { useState } from 'react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from 'wouter';
import { listDeployments } from '../../api/status';
import { Button, IconButton } from '../../ui/Button';
import { CopyText } from '../../ui/CopyAs';
import { Confirm } from '../../ui/Dialog';
import { toast, toastError } from '../../ui/Toasts';
import {
  deleteFunction,
  deleteMachine,
  deleteMappings,
  deleteQueue,
  deleteSchedule,
  machineSummaries,
  queueSummaries,
} from './overview';
import { partsOf, samples, type Sample } from './samples';

const dismissedName = 'lambent-welcome-dismissed';

export function isDismissed(): boolean {
  return localStorage.getItem(dismissedName) === 'yes';
}

/** The first thing on the first day: what is here already, and what to do next. It goes when it is told to. */
export function Welcome({ onDismiss }: { onDismiss: () => void }) {
  const [deleting, setDeleting] = useState(false);
  const here = useSamplesHere();
  const dismiss = () => {
    localStorage.setItem(dismissedName, 'yes');
    onDismiss();
  };
  return (
    <section className="card welcome" aria-label="Welcome">
      <header className="row">
        <h2 className="grow">Your cloud is running</h2>
        {here.length > 0 && (
          <Button kind="quiet" icon="trash" onClick={() => setDeleting(true)}>
            Delete the samples
          </Button>
        )}
        <IconButton label="Dismiss the welcome" icon="cross" onClick={dismiss} />
      </header>
      <div className="welcome-parts">
        <ol className="welcome-steps">
          <Step number={1} text="Deploy a file; it gets a URL." command="lambent deploy hello.py --url" />
          <Step number={2} text="Call it." command={`lambent invoke hello --data '{"name":"you"}'`} />
          <Step number={3} text="Watch what it writes." command="lambent logs --follow" />
        </ol>
        {here.length > 0 && (
          <div>
            <p className="soft">Deployed and called for you, to look at and to delete:</p>
            <ul className="welcome-samples">
              {here.map((sample) => (
                <li key={sample.name}>
                  <Link href={sample.href}>{sample.name}</Link> <span className="faint">{sample.about}</span>
                </li>
              ))}
            </ul>
          </div>
        )}
      </div>
      <DeleteSamples open={deleting} samples={here} onClose={() => setDeleting(false)} />
    </section>
  );
}

function Step({ number, text, command }: { number: number; text: string; command: string }) {
  return (
    <li>
      <span className="welcome-number" aria-hidden="true">
        {number}
      </span>
      <span className="grow">
        <span className="soft">{text}</span>
        <CopyText text={command} label={`Copy step ${number}`} />
      </span>
    </li>
  );
}

/** Those of the samples that somebody did not delete yet. */
function useSamplesHere(): Sample[] {
  const functions = useQuery({
    queryKey: ['home', 'deployments', 'all'],
    queryFn: ({ signal }) => listDeployments(100, signal),
  });
  const machines = useQuery({ queryKey: ['home', 'machines'], queryFn: ({ signal }) => machineSummaries(signal) });
  const names = new Set([
    ...(functions.data ?? []).map((each) => each.function),
    ...(machines.data ?? []).map((each) => each.name),
  ]);
  return samples.filter((sample) => names.has(sample.name));
}

function DeleteSamples({ open, samples: here, onClose }: { open: boolean; samples: Sample[]; onClose: () => void }) {
  const queries = useQueryClient();
  const remove = async () => {
    try {
      const [machines, queues] = await Promise.all([machineSummaries(), queueSummaries()]);
      for (const sample of here) {
        // What calls a function goes before the function.
        for (const name of sample.schedules ?? []) await deleteSchedule(name).catch(ignoreMissing);
        for (const queue of queues.filter((each) => sample.queues?.includes(each.name) && each.url)) {
          for (const name of sample.functions) await deleteMappings(name);
          await deleteQueue(queue.url!);
        }
        const machine = machines.find((each) => each.name === sample.name);
        if (machine) await deleteMachine(machine.arn);
        for (const name of sample.functions) await deleteFunction(name).catch(ignoreMissing);
      }
      toast('The samples are deleted');
    } catch (error) {
      toastError(error);
    }
    await queries.invalidateQueries();
  };
  return (
    <Confirm
      open={open}
      title="Delete the samples"
      action="Delete them"
      typed="samples"
      onConfirm={remove}
      onClose={onClose}
    >
      <p>
        These go, with their versions, aliases and URLs; running executions end. They do not come back by themselves.
      </p>
      <ul>
        {here.map((sample) => (
          <li key={sample.name} className="mono">
            {partsOf(sample)}
          </li>
        ))}
      </ul>
      <p className="soft">
        One at a time from a terminal: <code>lambent rm {here[0]?.functions[0] ?? 'NAME'}</code>
      </p>
    </Confirm>
  );
}

function ignoreMissing(error: unknown): void {
  if ((error as { status?: number }).status !== 404) throw error;
}
