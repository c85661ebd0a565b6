import { useState } from 'react';
import { change, sendEvent, skip, stop, type Execution, type Timeline } from '../../api/executions';
import { ActionButton } from '../../ui/ActionButton';
import { Button } from '../../ui/Button';
import { CodeEditor } from '../../ui/CodeEditor';
import { CopyAs, shellQuote } from '../../ui/CopyAs';
import { Dialog } from '../../ui/Dialog';
import { Field } from '../../ui/Field';
import { useAction } from '../../ui/useAction';
import { executionPath } from './filters';

const redriveDays = 14;

interface Props {
  execution: Execution;
  timeline: Timeline | undefined;
}

const pairOf = (execution: Execution) => shellQuote(`${execution.machine}/${execution.name}`);
const apiPath = (execution: Execution) => `/v1${executionPath(execution.machine, execution.name)}`;

/** What can be done to an execution as it stands. */
export function Actions({ execution, timeline }: Props) {
  const [open, setOpen] = useState<'skip' | 'event' | null>(null);
  const isRunning = execution.status === 'running';
  const canRedrive =
    ['failed', 'timed-out', 'aborted'].includes(execution.status) &&
    !execution.continuedAs &&
    Date.now() - Date.parse(execution.stoppedAt ?? execution.startedAt) < redriveDays * 86_400_000;
  const states = skippable(execution, timeline);
  return (
    <>
      {isRunning && (
        <Button kind="primary" icon="external" onClick={() => setOpen('event')}>
          Send an event
        </Button>
      )}
      {canRedrive && <Redrive execution={execution} />}
      {isRunning && <Pause execution={execution} />}
      {(isRunning || canRedrive) && states.length > 0 && (
        <Button icon="right" onClick={() => setOpen('skip')}>
          Skip a state
        </Button>
      )}
      {isRunning && <Stop execution={execution} />}
      <CopyAs
        forms={{
          cli: `lambent execution get ${pairOf(execution)}`,
          request: { method: 'GET', path: apiPath(execution) },
        }}
      />
      {open === 'skip' && <Skip execution={execution} states={states} onClose={() => setOpen(null)} />}
      {open === 'event' && <SendEvent execution={execution} timeline={timeline} onClose={() => setOpen(null)} />}
    </>
  );
}

/** States it is in, or that it ended in without their having succeeded. */
function skippable(execution: Execution, timeline: Timeline | undefined): string[] {
  const open =
    timeline?.rows
      .filter((row) => (execution.status === 'running' ? !row.exitedAt : ['failed', 'aborted'].includes(row.status)))
      .map((row) => row.state) ?? [];
  return [...new Set([...(execution.currentStates ?? []), ...open])];
}

function Redrive({ execution }: { execution: Execution }) {
  return (
    <ActionButton
      label="Redrive"
      icon="retry"
      kind="primary"
      title={`Redrive ${execution.name}?`}
      action="Redrive it"
      done={`Redrove ${execution.name}`}
      act={() => change(execution.machine, execution.name, 'redrive')}
      forms={{
        cli: `lambent execution redrive ${pairOf(execution)}`,
        request: { method: 'POST', path: `${apiPath(execution)}/redrive` },
      }}
    >
      <p>
        It goes on where it {execution.status === 'failed' ? 'failed' : 'ended'}, by the definition that it started on.
        What had succeeded is not done again.
      </p>
    </ActionButton>
  );
}

function Pause({ execution }: { execution: Execution }) {
  const { busy, run } = useAction();
  const what = execution.isPaused ? 'resume' : 'pause';
  return (
    <>
      <Button
        icon={execution.isPaused ? 'play' : 'pause'}
        busy={busy}
        kind={execution.isPaused ? 'primary' : 'plain'}
        title={execution.isPaused ? undefined : 'Nothing new begins until it is resumed; tasks under way go on'}
        onClick={() =>
          void run(execution.isPaused ? 'It goes on' : 'Paused: nothing new begins', () =>
            change(execution.machine, execution.name, what),
          )
        }
      >
        {execution.isPaused ? 'Resume' : 'Pause'}
      </Button>
      <CopyAs
        label=""
        forms={{
          cli: `lambent execution ${what} ${pairOf(execution)}`,
          request: { method: 'POST', path: `${apiPath(execution)}/${what}` },
        }}
      />
    </>
  );
}

function Stop({ execution }: { execution: Execution }) {
  const [error, setError] = useState('');
  const [cause, setCause] = useState('');
  return (
    <ActionButton
      label="Stop"
      icon="stop"
      kind="danger"
      title={`Stop ${execution.name}?`}
      action="Stop it"
      done={`Stopped ${execution.name}`}
      act={() => stop(execution.machine, execution.name, error, cause)}
      forms={{
        cli: `lambent execution stop ${pairOf(execution)}${error ? ` --error ${shellQuote(error)}` : ''}${cause ? ` --cause ${shellQuote(cause)}` : ''}`,
        request: {
          method: 'POST',
          path: `${apiPath(execution)}/stop`,
          body: { ...(error ? { error } : {}), ...(cause ? { cause } : {}) },
        },
      }}
    >
      <p>
        It ends in {execution.currentStates?.join(', ') || 'the state it is in'}. Tasks under way are given up, and
        nothing that was done is undone. It can be redriven within {redriveDays} days.
      </p>
      <div className="fields">
        <Field label="Error" hint="May be empty">
          <input value={error} maxLength={256} onChange={(event) => setError(event.target.value)} />
        </Field>
        <Field label="Cause" hint="May be empty">
          <input value={cause} onChange={(event) => setCause(event.target.value)} />
        </Field>
      </div>
    </ActionButton>
  );
}

function Skip({ execution, states, onClose }: { execution: Execution; states: string[]; onClose: () => void }) {
  const [state, setState] = useState(states[0]!);
  const [output, setOutput] = useState('{}');
  const { busy, run } = useAction();
  const value = jsonOf(output);
  return (
    <Dialog
      open
      onClose={onClose}
      title="Skip a state"
      wide
      footer={
        <>
          <CopyAs
            forms={{
              cli: `lambent execution skip ${pairOf(execution)} ${shellQuote(state)} --output ${shellQuote(output)}`,
              request: { method: 'POST', path: `${apiPath(execution)}/skip`, body: { state, output: value } },
            }}
          />
          <span className="grow">
            {value === undefined && <span className="field-error">The output is JSON.</span>}
          </span>
          <Button onClick={onClose}>Keep</Button>
          <Button
            kind="danger"
            busy={busy}
            disabled={value === undefined}
            onClick={() =>
              void run(`Skipped ${state}`, () => skip(execution.machine, execution.name, state, value)).then(
                (done) => done && onClose(),
              )
            }
          >
            Skip it
          </Button>
        </>
      }
    >
      <div className="stack">
        <p>
          The state is left with the output that you give, as though it had succeeded. What it had begun is given up;
          nothing is undone.
        </p>
        <Field label="State">
          <select value={state} onChange={(event) => setState(event.target.value)}>
            {states.map((each) => (
              <option key={each}>{each}</option>
            ))}
          </select>
        </Field>
        <h3>Output</h3>
        <CodeEditor label="Output" language="json" value={output} onChange={setOutput} minHeight={120} />
      </div>
    </Dialog>
  );
}

function SendEvent({ execution, timeline, onClose }: Props & { onClose: () => void }) {
  const waited = waitedFor(execution, timeline);
  const [name, setName] = useState(waited[0] ?? '');
  const [data, setData] = useState('{}');
  const [key, setKey] = useState('');
  const { busy, run } = useAction();
  const isJson = data.trim() === '' || jsonOf(data) !== undefined;
  const headers = key ? { 'x-lambent-idempotency-key': key } : undefined;
  return (
    <Dialog
      open
      onClose={onClose}
      title={`Send an event to ${execution.name}`}
      wide
      footer={
        <>
          <CopyAs
            forms={{
              cli: `lambent execution signal ${pairOf(execution)} ${shellQuote(name || 'EVENT')}${data.trim() ? ` --data ${shellQuote(data)}` : ''}${key ? ` --key ${shellQuote(key)}` : ''}`,
              request: {
                method: 'POST',
                path: `${apiPath(execution)}/events/${encodeURIComponent(name || 'EVENT')}`,
                headers,
                body: data,
              },
            }}
          />
          <span className="grow">
            {!isJson && <span className="field-error">What comes with it is JSON, or nothing.</span>}
          </span>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            kind="primary"
            busy={busy}
            disabled={name === '' || !isJson}
            onClick={() =>
              void run(`Sent ${name}`, () => sendEvent(execution.machine, execution.name, name, data, key)).then(
                (done) => done && onClose(),
              )
            }
          >
            Send
          </Button>
        </>
      }
    >
      <div className="stack">
        <p className="soft">
          {waited.length > 0
            ? `It waits for ${waited.join(', ')}.`
            : 'No state waits for an event now. One that is sent is kept until a state waits for it.'}
        </p>
        <div className="fields">
          <Field label="Event">
            <input value={name} spellCheck={false} autoFocus onChange={(event) => setName(event.target.value)} />
          </Field>
          <Field label="Key" hint="Sent again with the same key it counts once; may be empty">
            <input value={key} spellCheck={false} onChange={(event) => setKey(event.target.value)} />
          </Field>
        </div>
        <h3>What comes with it</h3>
        <CodeEditor label="What comes with the event" language="json" value={data} onChange={setData} minHeight={120} />
      </div>
    </Dialog>
  );
}

/** Names of events that states wait for where the definition says them outright. */
function waitedFor(execution: Execution, timeline: Timeline | undefined): string[] {
  const open = new Set(timeline?.rows.filter((row) => !row.exitedAt).map((row) => row.state));
  const names: string[] = [];
  const graphs: unknown[] = [jsonOf(execution.definition ?? '')];
  while (graphs.length > 0) {
    const states = (graphs.pop() as { States?: Record<string, Record<string, unknown>> } | undefined)?.States ?? {};
    for (const [name, state] of Object.entries(states)) {
      const given = (state['Parameters'] ?? state['Arguments']) as { Name?: unknown } | undefined;
      if (open.has(name) && String(state['Resource']).endsWith(':waitForEvent') && typeof given?.Name === 'string')
        names.push(given.Name);
      graphs.push(state['ItemProcessor'], ...(Array.isArray(state['Branches']) ? state['Branches'] : []));
    }
  }
  return names;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
