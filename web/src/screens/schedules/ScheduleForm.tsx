import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { findables } from '../../api/findables';
import { listGroups, putSchedule } from '../../api/schedules';
import { Button } from '../../ui/Button';
import { CodeEditor } from '../../ui/CodeEditor';
import { CopyAs } from '../../ui/CopyAs';
import { Dialog } from '../../ui/Dialog';
import { Toggle, Field } from '../../ui/Field';
import { useAction } from '../../ui/useAction';
import { expressionOf } from './expression';
import { formsOf, problemOf, requestOf, type Form } from './form';
import { When } from './When';

const kinds: Record<Form['kind'], string> = { function: 'function', queue: 'queue', stateMachine: 'workflow' };

/** A schedule to be made or changed, with the times that it would fire. */
export function ScheduleForm({
  initial,
  isNew,
  onClose,
  onSaved,
}: {
  initial: Form;
  isNew: boolean;
  onClose: () => void;
  onSaved?: (form: Form) => void;
}) {
  const [form, setForm] = useState(initial);
  const { busy, run } = useAction();
  const set = (part: Partial<Form>) => setForm({ ...form, ...part });
  const problem = problemOf(form);
  const save = async () => {
    const done = `${isNew ? 'Made' : 'Changed'} ${form.name}`;
    if (await run(done, () => putSchedule(form.group, form.name, requestOf(form, isNew)))) {
      onClose();
      onSaved?.(form);
    }
  };
  return (
    <Dialog
      open
      wide
      onClose={onClose}
      title={isNew ? 'New schedule' : `Change ${form.name}`}
      footer={
        <>
          <CopyAs forms={formsOf(form, isNew)} />
          <span className="grow">{problem && form.name !== '' && <span className="field-error">{problem}</span>}</span>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" busy={busy} disabled={problem !== null} onClick={() => void save()}>
            {isNew ? 'Make it' : 'Save'}
          </Button>
        </>
      }
    >
      <div className="stack-large">
        <div className="fields">
          <Field label="Name">
            <input
              value={form.name}
              disabled={!isNew}
              autoFocus={isNew}
              spellCheck={false}
              onChange={(event) => set({ name: event.target.value })}
            />
          </Field>
          <GroupField form={form} isNew={isNew} set={set} />
          <Field label="Description">
            <input value={form.description} onChange={(event) => set({ description: event.target.value })} />
          </Field>
        </div>
        <section className="stack" aria-label="When">
          <h3>When</h3>
          <When
            draft={form.when}
            zone={form.zone}
            startAt={form.startAt}
            endAt={form.endAt}
            runs={form.runs}
            onChange={(when) => set({ when })}
            onZone={(zone) => set({ zone })}
          />
        </section>
        <TargetFields form={form} set={set} />
        <details>
          <summary>Window, end, retries and what is missed</summary>
          <More form={form} set={set} />
        </details>
      </div>
    </Dialog>
  );
}

type Set = (part: Partial<Form>) => void;

function GroupField({ form, isNew, set }: { form: Form; isNew: boolean; set: Set }) {
  const { data: groups } = useQuery({ queryKey: ['schedule-groups'], queryFn: ({ signal }) => listGroups(signal) });
  return (
    <Field label="Group">
      <select value={form.group} disabled={!isNew} onChange={(event) => set({ group: event.target.value })}>
        {[...new Set(['default', form.group, ...(groups ?? [])])].map((group) => (
          <option key={group}>{group}</option>
        ))}
      </select>
    </Field>
  );
}

function TargetFields({ form, set }: { form: Form; set: Set }) {
  const { data: found } = useQuery({
    queryKey: ['findables'],
    queryFn: ({ signal }) => findables(signal),
    staleTime: 10_000,
  });
  const names = found?.filter((each) => each.kind === kinds[form.kind]).map((each) => each.label) ?? [];
  return (
    <section className="stack" aria-label="What">
      <h3>What it fires</h3>
      <div className="fields">
        <Field label="Kind">
          <select value={form.kind} onChange={(event) => set({ kind: event.target.value as Form['kind'], target: '' })}>
            <option value="function">A function is called</option>
            <option value="queue">A queue gets a message</option>
            <option value="stateMachine">A workflow is started</option>
          </select>
        </Field>
        <Field
          label={{ function: 'Function', queue: 'Queue', stateMachine: 'Workflow' }[form.kind]}
          hint={form.kind === 'queue' ? undefined : 'With :ALIAS or :VERSION if one is meant'}
        >
          <input
            list="schedule-targets"
            value={form.target}
            spellCheck={false}
            onChange={(event) => set({ target: event.target.value })}
          />
        </Field>
        <datalist id="schedule-targets">
          {names.map((name) => (
            <option key={name} value={name} />
          ))}
        </datalist>
        {form.kind === 'queue' && form.target.endsWith('.fifo') && (
          <Field label="Message group">
            <input value={form.messageGroup} onChange={(event) => set({ messageGroup: event.target.value })} />
          </Field>
        )}
      </div>
      <div className="field">
        <span className="schedules-label">Input</span>
        <CodeEditor
          label="Input"
          language={form.kind === 'queue' ? 'text' : 'json'}
          value={form.input}
          minHeight={90}
          onChange={(input) => set({ input })}
        />
        <div className="field-note">
          Empty: an event that tells of the schedule. <code>&lt;aws.scheduler.scheduled-time&gt;</code> is filled in.
        </div>
      </div>
    </section>
  );
}

function More({ form, set }: { form: Form; set: Set }) {
  const input = (field: 'window' | 'runs' | 'retries' | 'ageSeconds', label: string, hint: string) => (
    <Field label={label} hint={hint}>
      <input
        inputMode="numeric"
        value={form[field]}
        onChange={(event) => set({ [field]: event.target.value.replace(/\D/g, '') })}
      />
    </Field>
  );
  const time = (field: 'startAt' | 'endAt', label: string) => (
    <Field label={label} hint="By the clock of this browser">
      <input
        type="datetime-local"
        value={localOf(form[field])}
        onChange={(event) => set({ [field]: event.target.value && new Date(event.target.value).toISOString() })}
      />
    </Field>
  );
  return (
    <div className="stack" style={{ marginTop: 12 }}>
      <div className="fields">
        {input('window', 'Window, minutes', 'Fires somewhere within so many minutes of the time')}
        {expressionOf(form.when).startsWith('at(') ? null : time('startAt', 'Not before')}
        {expressionOf(form.when).startsWith('at(') ? null : time('endAt', 'Not after')}
        {input('runs', 'Times at most', 'Over after so many')}
        <Field label="While no server ran" hint="What happens to times that passed meanwhile">
          <select value={form.misfire} onChange={(event) => set({ misfire: event.target.value as Form['misfire'] })}>
            <option value="fire-last">The last one fires</option>
            <option value="fire-all">The last hundred fire</option>
            <option value="skip">None fires; all are listed</option>
          </select>
        </Field>
        <Field label="While the one before still runs" hint="For functions and workflows">
          <select value={form.overlap} onChange={(event) => set({ overlap: event.target.value as Form['overlap'] })}>
            <option value="allow">It fires all the same</option>
            <option value="skip">It is listed as missed</option>
            <option value="queue">It waits its turn</option>
          </select>
        </Field>
        {input('retries', 'Further attempts to hand over', '0 to 185; empty: 185')}
        {input('ageSeconds', 'Tried for at most, seconds', '60 to 86,400; empty: a day')}
        <Field label="Dead-letter queue" hint="Gets what could not be handed over">
          <input
            value={form.deadLetterQueue}
            spellCheck={false}
            onChange={(event) => set({ deadLetterQueue: event.target.value })}
          />
        </Field>
      </div>
      <Toggle label="Enabled" checked={form.enabled} onChange={(enabled) => set({ enabled })} />
      <Toggle
        label="Delete it after its last time"
        checked={form.deleteWhenOver}
        onChange={(deleteWhenOver) => set({ deleteWhenOver })}
      />
    </div>
  );
}

/** A moment as a field for local times takes it. */
function localOf(iso: string): string {
  if (!iso) return '';
  const date = new Date(iso);
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}
