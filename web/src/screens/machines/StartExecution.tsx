import { useState } from 'react';
import { useLocation } from 'wouter';
import { startExecution, startSync, type Machine } from '../../api/machines';
import { Button } from '../../ui/Button';
import { CodeEditor } from '../../ui/CodeEditor';
import { CopyAs, shellQuote } from '../../ui/CopyAs';
import { Dialog } from '../../ui/Dialog';
import { Field, Toggle } from '../../ui/Field';
import { JsonView } from '../../ui/JsonView';
import { toastError } from '../../ui/Toasts';
import { executionPath } from '../executions/filters';

type Outcome = Awaited<ReturnType<typeof startSync>>;

/** An input and a name; an express one may be waited for. */
export function StartExecution({ machine, onClose }: { machine: Machine; onClose: () => void }) {
  const [, navigate] = useLocation();
  const [name, setName] = useState('');
  const [qualifier, setQualifier] = useState('');
  const [input, setInput] = useState('{}');
  const [waits, setWaits] = useState(machine.type === 'express');
  const [busy, setBusy] = useState(false);
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  const isJson = readable(input);
  const arn = qualifier ? `${machine.arn}:${qualifier}` : machine.arn;
  const isSync = machine.type === 'express' && waits;
  const start = async () => {
    setBusy(true);
    try {
      if (isSync) {
        setOutcome(await startSync(arn, name || undefined, input));
        return;
      }
      const { executionArn } = await startExecution(arn, name || undefined, input);
      navigate(executionPath(machine.name, nameOf(executionArn)));
    } catch (error) {
      toastError(error);
    } finally {
      setBusy(false);
    }
  };
  const target = qualifier ? `${machine.name}:${qualifier}` : machine.name;
  return (
    <Dialog
      open
      wide
      onClose={onClose}
      title={`Start an execution of ${machine.name}`}
      footer={
        <>
          <CopyAs
            forms={{
              cli: `lambent execution start ${shellQuote(target)} --input ${shellQuote(input)}${name ? ` --name ${shellQuote(name)}` : ''}${isSync ? ' --wait' : ''}`,
              request: {
                method: 'POST',
                path: '/',
                service: 'states',
                body: { stateMachineArn: arn, input, ...(name ? { name } : {}) },
                headers: {
                  'content-type': 'application/x-amz-json-1.0',
                  'x-amz-target': `AWSStepFunctions.${isSync ? 'StartSyncExecution' : 'StartExecution'}`,
                },
              },
            }}
          />
          <span className="grow">{!isJson && <span className="field-error">The input is JSON.</span>}</span>
          <Button onClick={onClose}>Close</Button>
          <Button kind="primary" icon="play" busy={busy} disabled={!isJson} onClick={() => void start()}>
            Start
          </Button>
        </>
      }
    >
      <div className="stack">
        <h3>Input</h3>
        <CodeEditor label="Input" language="json" value={input} onChange={setInput} minHeight={160} />
        <div className="fields">
          <Field label="Name" hint="May be empty. A name starts one execution, however often it is said.">
            <input value={name} maxLength={80} spellCheck={false} onChange={(event) => setName(event.target.value)} />
          </Field>
          <Field label="Version or alias" hint="Empty: as it is now">
            <input value={qualifier} spellCheck={false} onChange={(event) => setQualifier(event.target.value)} />
          </Field>
        </div>
        {machine.type === 'express' && (
          <Toggle label="Wait for its end" hint="Up to five minutes" checked={waits} onChange={setWaits} />
        )}
        {outcome && (
          <section className="stack" aria-label="What came of it" aria-live="polite">
            <h3>
              {outcome.status === 'SUCCEEDED'
                ? 'Output'
                : `${outcome.status}${outcome.error ? `: ${outcome.error}` : ''}`}
            </h3>
            <JsonView label="the result" value={outcome.output ?? outcome.cause ?? ''} />
          </section>
        )}
      </div>
    </Dialog>
  );
}

/** What is behind the machine's name; of an express one more than the name. */
const nameOf = (arn: string): string => arn.split(':').slice(7).join(':');

function readable(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
