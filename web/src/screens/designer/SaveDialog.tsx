import { useMemo, useState } from 'react';
import { Button } from '../../ui/Button';
import { CopyAs } from '../../ui/CopyAs';
import { Dialog } from '../../ui/Dialog';
import { ErrorBox } from '../../ui/ErrorBox';
import { machineArn } from '../../api/machineEditing';
import { diffLines } from './diff';
import { machineNameProblem } from './draft';
import { triggerProblem } from './TriggersTab';
import type { DesignerState } from './useDesigner';
import type { Validation } from './useValidation';

/** What will change, before it does. */
export function SaveDialog({ designer, validation, before, onSave, onClose }: {
  designer: DesignerState; validation: Validation;
  /** The definition as it is saved; null of a machine that is not there yet. */
  before: string | null;
  onSave: () => Promise<void>; onClose: () => void;
}) {
  const { settings, text } = designer;
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);
  const lines = useMemo(() => (before === null ? [] : diffLines(before, text)), [before, text]);
  const name = before === null ? machineNameProblem(settings.name) : null;
  const trigger = settings.triggers.map(triggerProblem).find((problem) => problem !== null) ?? null;
  const isWrong = validation.problems.some((problem) => problem.severity === 'ERROR');
  const save = async (): Promise<void> => {
    setBusy(true);
    setFailure(null);
    try {
      await onSave();
    } catch (error) {
      setFailure(error);
      setBusy(false);
    }
  };
  const isSame = before === text;
  return (
    <Dialog open onClose={onClose} wide title={before === null ? 'Create the machine' : `Save ${settings.name}`} footer={
      <>
        <CopyAs forms={{
          cli: `lambent deploy ${settings.name || 'NAME'}.asl.json`,
          request: {
            method: 'POST', path: '/', service: 'states',
            headers: {
              'content-type': 'application/x-amz-json-1.0',
              'x-amz-target': `AWSStepFunctions.${before === null ? 'Create' : 'Update'}StateMachine`,
            },
            body: { stateMachineArn: machineArn(settings.name), definition: text },
          },
        }} />
        <Button onClick={onClose}>Back</Button>
        <Button kind="primary" busy={busy} disabled={name !== null || trigger !== null} onClick={() => void save()}>
          {before === null ? 'Create' : 'Save'}
        </Button>
      </>
    }>
      <div className="stack">
        {before === null && (
          <label>Name
            <input value={settings.name} autoFocus autoComplete="off" data-testid="save-name"
              onChange={(event) => designer.setSettings({ name: event.target.value })} />
          </label>
        )}
        {name !== null && settings.name !== '' && <p className="designer-wrong">{name}</p>}
        {trigger !== null && <p className="designer-wrong">{trigger}</p>}
        {isWrong && <p className="designer-wrong" role="alert">The server finds errors in it and will refuse it; see the list of problems.</p>}
        {before !== null && (
          <p className="soft">{isSame ? 'The definition is as it was saved.' : 'Executions that run go on as they began; the next one starts with this.'}</p>
        )}
        {before !== null && !isSame && <Diff lines={lines} />}
        {settings.triggers.length > 0 && (
          <p>{settings.triggers.length === 1 ? 'A schedule is' : `${settings.triggers.length} schedules are`} made besides: {' '}
            {settings.triggers.map((known) => `${known.name} (${known.expression})`).join(', ')}.</p>
        )}
        {failure !== null && <ErrorBox error={failure} />}
      </div>
    </Dialog>
  );
}

function Diff({ lines }: { lines: ReturnType<typeof diffLines> }) {
  const signs = { same: ' ', added: '+', removed: '-', gap: '⋯' };
  return (
    <div className="designer-diff" role="region" aria-label="Changes of the definition" tabIndex={0}>
      <table>
        <thead className="visually-hidden"><tr><th>Before</th><th>After</th><th>Line</th></tr></thead>
        <tbody>
          {lines.map((line, index) => (
            <tr key={index} className={`designer-diff-${line.kind}`}>
              <td>{line.before}</td>
              <td>{line.after}</td>
              <td><code>{signs[line.kind]} {line.text}</code></td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
