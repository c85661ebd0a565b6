import { useState } from 'react';
import { testState } from '../../api/machineEditing';
import type { StateTestAnswer } from '../../api/machineEditing';
import { parseJson } from '../../asl/json';
import { StatusBadge } from '../../ui/Badge';
import { Button } from '../../ui/Button';
import { CodeEditor } from '../../ui/CodeEditor';
import { Dialog } from '../../ui/Dialog';
import { ErrorBox } from '../../ui/ErrorBox';
import { JsonView } from '../../ui/JsonView';
import { lastInputs, rememberInput } from './draft';

/** Runs one state alone, with its real task or a result that is given. */
export function TestStateDialog({ machine, definition, state, onClose }: {
  machine: string; definition: string; state: string; onClose: () => void;
}) {
  const key = `${machine}#${state}`;
  const [input, setInput] = useState(() => lastInputs(key)[0] ?? '{}');
  const [variables, setVariables] = useState('');
  const [mock, setMock] = useState('');
  const [answer, setAnswer] = useState<StateTestAnswer | null>(null);
  const [failure, setFailure] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const isWrong = [input, variables, mock].some((text) => text.trim() !== '' && parseJson(text).problems.length > 0);
  const test = async (): Promise<void> => {
    setBusy(true);
    setFailure(null);
    try {
      setAnswer(await testState({
        definition, stateName: state, input: input.trim() === '' ? '{}' : input,
        ...(variables.trim() === '' ? {} : { variables }),
        ...(mock.trim() === '' ? {} : { mock: { result: mock } }),
      }));
      rememberInput(key, input);
    } catch (error) {
      setFailure(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Dialog open onClose={onClose} wide title={`Test ${state}`} footer={
      <>
        <Button onClick={onClose}>Close</Button>
        <Button kind="primary" icon="play" busy={busy} disabled={isWrong} data-testid="run-test" onClick={() => void test()}>Test</Button>
      </>
    }>
      <div className="stack">
        <p className="soft">The state runs alone, with what it calls. Nothing of it is kept.</p>
        <span className="designer-label">Input</span>
        <CodeEditor label="Input of the state" language="json" value={input} minHeight={90} onChange={setInput} />
        <details>
          <summary>Variables, and a result in place of the call</summary>
          <div className="stack">
            <span className="designer-label">Variables</span>
            <CodeEditor label="Variables" language="json" value={variables} minHeight={50} onChange={setVariables} />
            <span className="designer-label">Result that is given instead of calling</span>
            <CodeEditor label="Result in place of the call" language="json" value={mock} minHeight={50} onChange={setMock} />
          </div>
        </details>
        {failure !== null && <ErrorBox error={failure} />}
        {answer !== null && <Answer answer={answer} />}
      </div>
    </Dialog>
  );
}

function Answer({ answer }: { answer: StateTestAnswer }) {
  return (
    <section className="stack" aria-label="What came of it" data-testid="test-answer">
      <div className="row">
        <StatusBadge status={answer.status} />
        {answer.nextState && <span>goes on to <strong>{answer.nextState}</strong></span>}
      </div>
      {answer.error && <p className="designer-wrong">{answer.error}{answer.cause ? `: ${answer.cause}` : ''}</p>}
      {answer.output !== undefined && <JsonView value={answer.output} label="output" />}
      {Object.entries(answer.inspectionData ?? {}).map(([step, value]) => (
        <details key={step}>
          <summary>{stepWords[step] ?? step}</summary>
          <JsonView value={value} label={stepWords[step] ?? step} />
        </details>
      ))}
    </section>
  );
}

const stepWords: Record<string, string> = {
  input: 'Input', afterInputPath: 'After InputPath', afterParameters: 'After Parameters', afterArguments: 'After Arguments',
  result: 'Result', afterResultSelector: 'After ResultSelector', afterResultPath: 'After ResultPath', variables: 'Variables',
  request: 'Request that was sent', response: 'Response that came', errorDetails: 'Error handling',
};
