import { useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import {
  deleteEventConfig,
  eventConfigsQuery,
  putEventConfig,
  type EventInvokeConfig,
} from '../../api/functionTriggers';
import { Button, IconButton } from '../../ui/Button';
import { CopyAs, shellQuote } from '../../ui/CopyAs';
import { Confirm, Dialog } from '../../ui/Dialog';
import { ErrorBox } from '../../ui/ErrorBox';
import { Field } from '../../ui/Field';
import { duration } from '../../ui/format';
import { Section } from '../../ui/Page';
import { NumberField } from './MappingsSection';
import { QualifierPicker } from './TestTab';
import { useTriggerChange } from './useTriggerChange';

const retriesDefault = 2;
const ageDefaultSeconds = 21_600;

/** How asynchronous calls are tried again, and where their results go. */
export function AsyncSection({ name }: { name: string }) {
  const configs = useQuery(eventConfigsQuery(name));
  const [editing, setEditing] = useState<EventInvokeConfig | 'new' | null>(null);
  const [removing, setRemoving] = useState<EventInvokeConfig | null>(null);
  const { run } = useTriggerChange(name);
  return (
    <Section
      title="Asynchronous calls and destinations"
      actions={
        <Button kind="quiet" icon="plus" onClick={() => setEditing('new')}>
          Set
        </Button>
      }
    >
      {configs.error && <ErrorBox error={configs.error} />}
      <div className="card stack">
        {configs.data?.length === 0 && (
          <p className="soft">
            As usual: two more attempts, up to {duration(ageDefaultSeconds * 1000)} old, and results go nowhere.
          </p>
        )}
        {configs.data?.map((config) => (
          <div key={config.FunctionArn} className="trigger-line">
            <div className="grow">
              <strong>{qualifierOf(config) ?? '$LATEST'}</strong>
              <p className="soft">
                {config.MaximumRetryAttempts ?? retriesDefault} more attempts, up to{' '}
                {duration((config.MaximumEventAgeInSeconds ?? ageDefaultSeconds) * 1000)} old
              </p>
              <Destination label="What ended well goes to" arn={config.DestinationConfig.OnSuccess?.Destination} />
              <Destination label="What failed for good goes to" arn={config.DestinationConfig.OnFailure?.Destination} />
            </div>
            <IconButton label="Change" icon="edit" onClick={() => setEditing(config)} />
            <IconButton label="Remove" icon="trash" onClick={() => setRemoving(config)} />
          </div>
        ))}
      </div>
      {editing && (
        <EditAsync name={name} before={editing === 'new' ? null : editing} onClose={() => setEditing(null)} />
      )}
      <Confirm
        open={removing !== null}
        onClose={() => setRemoving(null)}
        title="Back to how it usually is?"
        action="Remove"
        onConfirm={() =>
          run(() => deleteEventConfig(name, removing ? qualifierOf(removing) : undefined), 'It is as usual again').then(
            () => undefined,
          )
        }
      >
        <p>Results of calls that end from now on go nowhere, and calls are tried twice more.</p>
      </Confirm>
    </Section>
  );
}

function Destination({ label, arn }: { label: string; arn?: string }) {
  return arn ? (
    <p className="soft">
      {label} <code>{arn}</code>
    </p>
  ) : null;
}

function EditAsync({ name, before, onClose }: { name: string; before: EventInvokeConfig | null; onClose: () => void }) {
  const [qualifier, setQualifier] = useState(before ? (qualifierOf(before) ?? '') : '');
  const [retries, setRetries] = useState(before?.MaximumRetryAttempts ?? retriesDefault);
  const [age, setAge] = useState(before?.MaximumEventAgeInSeconds ?? ageDefaultSeconds);
  const [onSuccess, setOnSuccess] = useState(before?.DestinationConfig.OnSuccess?.Destination ?? '');
  const [onFailure, setOnFailure] = useState(before?.DestinationConfig.OnFailure?.Destination ?? '');
  const { busy, run } = useTriggerChange(name);
  const cli = [
    `lambent deploy ./${shellQuote(name)} --name ${shellQuote(name)} --retries ${retries} --event-age ${age}`,
    onSuccess && `--on-success ${onSuccess}`,
    onFailure && `--on-failure ${onFailure}`,
  ]
    .filter(Boolean)
    .join(' ');
  return (
    <Dialog
      open
      onClose={onClose}
      title="Asynchronous calls"
      footer={
        <>
          <CopyAs forms={{ cli }} />
          <Button onClick={onClose}>Cancel</Button>
          <Button
            kind="primary"
            busy={busy}
            onClick={() =>
              void run(
                () =>
                  putEventConfig(name, qualifier || undefined, {
                    retries,
                    ageSeconds: age,
                    onSuccess: onSuccess.trim(),
                    onFailure: onFailure.trim(),
                  }),
                'Saved: it holds for calls from now on',
              ).then((done) => done && onClose())
            }
          >
            Save
          </Button>
        </>
      }
    >
      <div className="stack">
        {!before && (
          <div className="row">
            <span>Of</span>
            <QualifierPicker name={name} value={qualifier} onChange={setQualifier} />
          </div>
        )}
        <div className="fields">
          <NumberField label="More attempts" value={retries} onChange={setRetries} least={0} most={2} hint="0 to 2" />
          <NumberField label="Oldest, s" value={age} onChange={setAge} least={60} most={21_600} hint="60 to 21,600" />
        </div>
        <ArnField label="What ended well goes to" value={onSuccess} onChange={setOnSuccess} />
        <ArnField label="What failed for good goes to" value={onFailure} onChange={setOnFailure} />
      </div>
    </Dialog>
  );
}

function ArnField({ label, value, onChange }: { label: string; value: string; onChange: (value: string) => void }) {
  return (
    <Field label={label} hint="ARN of a function or a standard queue of this account; empty: nowhere.">
      {(field) => (
        <input
          {...field}
          className="mono"
          value={value}
          placeholder="arn:aws:sqs:…"
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  );
}

function qualifierOf(config: EventInvokeConfig): string | undefined {
  const qualifier = config.FunctionArn.split(':')[7];
  return qualifier === '$LATEST' ? undefined : qualifier;
}
