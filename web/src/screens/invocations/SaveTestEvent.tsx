import { useId, useState } from 'react';
import type { InvocationDetail } from '../../api/invocations';
import { Button } from '../../ui/Button';
import { Dialog } from '../../ui/Dialog';
import { toast } from '../../ui/Toasts';
import { editable } from './PayloadView';
import { withTestEvent } from './testEvents';

/** Keeps the event in this browser, where the Test tab of the function finds it. */
export function SaveTestEvent({ detail, onClose }: { detail: InvocationDetail; onClose: () => void }) {
  const [name, setName] = useState(`call-${detail.id.slice(-6)}`);
  const fieldId = useId();
  const save = () => {
    const key = `lambent-test-events:${detail.function}`;
    localStorage.setItem(key, withTestEvent(localStorage.getItem(key), name.trim(), editable(detail.input)));
    toast(`Saved as ${name.trim()} for ${detail.function}`);
    onClose();
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title="Save as test event"
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" disabled={name.trim() === ''} onClick={save}>
            Save
          </Button>
        </>
      }
    >
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          if (name.trim() !== '') save();
        }}
      >
        <label htmlFor={fieldId}>Name</label>
        <input
          id={fieldId}
          value={name}
          onChange={(event) => setName(event.target.value)}
          autoComplete="off"
          autoFocus
        />
        <p className="soft">It stays in this browser, and is offered in the Test tab of {detail.function}.</p>
      </form>
    </Dialog>
  );
}
