import { useState } from 'react';
import { machineArn, startExecution } from '../../api/machineEditing';
import { parseJson } from '../../asl/json';
import { Button } from '../../ui/Button';
import { CodeEditor } from '../../ui/CodeEditor';
import { CopyAs, shellQuote } from '../../ui/CopyAs';
import { Dialog } from '../../ui/Dialog';
import { ErrorBox } from '../../ui/ErrorBox';
import { lastInputs, rememberInput } from './draft';

/** Starts an execution with an input. */
export function RunDialog({ machine, isChanged, onStarted, onClose }: {
  machine: string; isChanged: boolean; onStarted: (execution: string) => void; onClose: () => void;
}) {
  const [inputs] = useState(() => lastInputs(machine));
  const [input, setInput] = useState(inputs[0] ?? '{}');
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);
  const problem = parseJson(input).problems[0];
  const run = async (): Promise<void> => {
    setBusy(true);
    setFailure(null);
    try {
      const { executionArn } = await startExecution(machine, input);
      rememberInput(machine, input);
      // Of an express execution the last two parts make the name by which it is found.
      onStarted(executionArn.split(':').slice(7).join(':'));
    } catch (error) {
      setFailure(error);
      setBusy(false);
    }
  };
  return (
    <Dialog open onClose={onClose} title={`Run ${machine}`} footer={
      <>
        <CopyAs forms={{
          cli: `lambent execution start ${machine} --input ${shellQuote(input)}`,
          request: {
            method: 'POST', path: '/', service: 'states',
            headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': 'AWSStepFunctions.StartExecution' },
            body: { stateMachineArn: machineArn(machine), input },
          },
        }} />
        <Button onClick={onClose}>Back</Button>
        <Button kind="primary" icon="play" busy={busy} disabled={problem !== undefined} data-testid="start-run"
          onClick={() => void run()}>Start</Button>
      </>
    }>
      <div className="stack">
        {isChanged && <p className="designer-doubtful">There are changes that are not saved; what is saved is what runs.</p>}
        <span className="designer-label">Input</span>
        <CodeEditor label="Input of the execution" language="json" value={input} minHeight={140} onChange={setInput} />
        {problem && <p className="designer-wrong">{problem.message}</p>}
        {inputs.length > 1 && (
          <label>Inputs of the last runs
            <select value="" onChange={(event) => setInput(inputs[Number(event.target.value)] ?? input)}>
              <option value="">Choose…</option>
              {inputs.map((known, index) => <option key={index} value={index}>{known.replace(/\s+/g, ' ').slice(0, 80)}</option>)}
            </select>
          </label>
        )}
        {failure !== null && <ErrorBox error={failure} />}
      </div>
    </Dialog>
  );
}
