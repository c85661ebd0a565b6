import { useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import {
  createMapping,
  deleteMapping,
  enableMapping,
  mappingsQuery,
  nameOf,
  queueNamesQuery,
  type Mapping,
} from '../../api/functionTriggers';
import { Badge, type Tone } from '../../ui/Badge';
import { Button, IconButton } from '../../ui/Button';
import { CopyAs, CopyText, shellQuote } from '../../ui/CopyAs';
import { Confirm, Dialog } from '../../ui/Dialog';
import { ErrorBox } from '../../ui/ErrorBox';
import { Field, Toggle } from '../../ui/Field';
import { Section } from '../../ui/Page';
import { visible } from '../../ui/text';
import { useTriggerChange } from './useTriggerChange';

const tones: Record<string, Tone> = {
  Enabled: 'good',
  Disabled: 'warn',
  Creating: 'info',
  Enabling: 'info',
  Disabling: 'info',
  Deleting: 'info',
};

export function MappingsSection({ name }: { name: string }) {
  const mappings = useQuery(mappingsQuery(name));
  const [creating, setCreating] = useState(false);
  const [removing, setRemoving] = useState<Mapping | null>(null);
  const { run } = useTriggerChange(name);
  return (
    <Section
      title="Queues"
      actions={
        <Button kind="quiet" icon="plus" onClick={() => setCreating(true)}>
          Add a queue
        </Button>
      }
    >
      {mappings.error && <ErrorBox error={mappings.error} />}
      <div className="card stack">
        {mappings.data?.length === 0 && (
          <>
            <p className="soft">No queue feeds it.</p>
            <CopyText text={`lambent queue trigger QUEUE ${shellQuote(name)}`} label="Copy the command" />
          </>
        )}
        {mappings.data?.map((mapping) => (
          <MappingLine
            key={mapping.UUID}
            mapping={mapping}
            onRemove={() => setRemoving(mapping)}
            onEnable={(enabled) =>
              void run(
                () => enableMapping(mapping.UUID, enabled),
                enabled ? 'It takes messages again' : 'It takes no more messages',
              )
            }
          />
        ))}
      </div>
      {creating && <NewMapping name={name} onClose={() => setCreating(false)} />}
      <Confirm
        open={removing !== null}
        onClose={() => setRemoving(null)}
        title="Remove this trigger?"
        action="Remove"
        onConfirm={() => run(() => deleteMapping(removing!.UUID), 'The trigger is being removed').then(() => undefined)}
      >
        <p>
          Calls under way end first. The queue <code>{removing && nameOf(removing.EventSourceArn)}</code> keeps its
          messages, and nothing works them off for this function any more.
        </p>
        <CopyAs
          forms={{ cli: `lambent queue untrigger ${removing && nameOf(removing.EventSourceArn)} ${shellQuote(name)}` }}
        />
      </Confirm>
    </Section>
  );
}

function MappingLine({
  mapping,
  onEnable,
  onRemove,
}: {
  mapping: Mapping;
  onEnable: (enabled: boolean) => void;
  onRemove: () => void;
}) {
  const queue = nameOf(mapping.EventSourceArn);
  const why = whyNot(mapping);
  const qualifier = mapping.FunctionArn.split(':')[7];
  return (
    <div className="trigger-line">
      <div className="grow">
        <div className="row">
          <Link href={`/queues/${encodeURIComponent(queue)}`}>{queue}</Link>
          <Badge tone={tones[mapping.State] ?? 'neutral'}>{mapping.State.toLowerCase()}</Badge>
          <span className="soft">
            batches of {mapping.BatchSize}
            {mapping.MaximumBatchingWindowInSeconds > 0 &&
              `, waiting up to ${mapping.MaximumBatchingWindowInSeconds} s`}
            {mapping.ScalingConfig?.MaximumConcurrency &&
              `, at most ${mapping.ScalingConfig.MaximumConcurrency} at a time`}
            {qualifier && `, calls ${qualifier}`}
          </span>
          {mapping.FilterCriteria && (
            <Badge title={mapping.FilterCriteria.Filters.map((filter) => filter.Pattern).join('\n')}>filtered</Badge>
          )}
        </div>
        {why && <p className="trigger-why">{visible(why)}</p>}
      </div>
      {mapping.State === 'Enabled' && (
        <IconButton label={`Pause ${queue}`} icon="pause" onClick={() => onEnable(false)} />
      )}
      {mapping.State === 'Disabled' && (
        <IconButton label={`Resume ${queue}`} icon="play" onClick={() => onEnable(true)} />
      )}
      <IconButton label={`Remove ${queue}`} icon="trash" onClick={onRemove} />
    </div>
  );
}

/** Why no messages come by it, or what was wrong with the last batch. */
function whyNot(mapping: Mapping): string | null {
  if (mapping.State === 'Disabled')
    return 'Not running: it is paused. Messages wait in the queue until it is resumed, or until they are too old.';
  if (mapping.State === 'Deleting') return 'Not running: it is being removed; calls under way end first.';
  const last = mapping.LastProcessingResult;
  return last && !/^(OK|No records processed)$/i.test(last) ? `The last batch: ${last}` : null;
}

function NewMapping({ name, onClose }: { name: string; onClose: () => void }) {
  const queues = useQuery(queueNamesQuery());
  const [chosen, setQueue] = useState('');
  const queue = queues.data?.find((each) => each.name === chosen) ?? queues.data?.[0];
  const [batch, setBatch] = useState(10);
  const [window, setWindow] = useState(0);
  const [concurrency, setConcurrency] = useState('');
  const [reportItems, setReportItems] = useState(true);
  const { busy, run } = useTriggerChange(name);
  const create = () =>
    run(
      () =>
        createMapping(name, queue!.arn, {
          BatchSize: batch,
          MaximumBatchingWindowInSeconds: window,
          MaximumConcurrency: concurrency ? Number(concurrency) : undefined,
          reportItems,
        }),
      `${queue!.name} feeds ${name} now`,
    ).then((done) => done && onClose());
  return (
    <Dialog
      open
      onClose={onClose}
      title="Feed it from a queue"
      footer={
        <>
          <CopyAs
            forms={{
              cli: [
                `lambent queue trigger ${shellQuote(queue?.name ?? 'QUEUE')} ${shellQuote(name)} --batch ${batch}`,
                window > 0 && `--window ${window}`,
                concurrency && `--concurrency ${concurrency}`,
                reportItems && '--partial',
              ]
                .filter(Boolean)
                .join(' '),
            }}
          />
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" busy={busy} disabled={!queue} onClick={() => void create()}>
            Add
          </Button>
        </>
      }
    >
      <div className="stack">
        {queues.error && <ErrorBox error={queues.error} />}
        {queues.data?.length === 0 && <CopyText text={`lambent queue create ${name}-jobs`} label="Copy the command" />}
        <Field label="Queue" hint={queues.data?.length === 0 ? 'There is no queue yet.' : undefined}>
          {(field) => (
            <select {...field} value={queue?.name ?? ''} onChange={(event) => setQueue(event.target.value)}>
              {queues.data?.map((each) => (
                <option key={each.name} value={each.name}>
                  {each.name}
                </option>
              ))}
            </select>
          )}
        </Field>
        <div className="fields">
          <NumberField label="Messages in a call" value={batch} onChange={setBatch} least={1} most={10_000} />
          <NumberField
            label="Wait for more, s"
            value={window}
            onChange={setWindow}
            least={0}
            most={300}
            hint="Needed above ten messages."
          />
          <Field label="Calls at a time" hint="2 to 1000, or nothing.">
            {(field) => (
              <input
                {...field}
                inputMode="numeric"
                value={concurrency}
                onChange={(event) => setConcurrency(event.target.value.trim())}
              />
            )}
          </Field>
        </div>
        <Toggle
          label="The function says which messages failed"
          checked={reportItems}
          onChange={setReportItems}
          hint="It answers with batchItemFailures; only those come again. Otherwise all of a failed batch do."
        />
      </div>
    </Dialog>
  );
}

export function NumberField({
  label,
  value,
  onChange,
  least,
  most,
  hint,
}: {
  label: string;
  value: number;
  onChange: (value: number) => void;
  least: number;
  most: number;
  hint?: string;
}) {
  return (
    <Field label={label} hint={hint}>
      {(field) => (
        <input
          {...field}
          type="number"
          min={least}
          max={most}
          value={Number.isNaN(value) ? '' : value}
          onChange={(event) => onChange(event.target.valueAsNumber)}
        />
      )}
    </Field>
  );
}
