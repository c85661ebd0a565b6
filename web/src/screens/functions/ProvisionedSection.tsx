import { useState } from 'react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { aliasesQuery, secondOf, versionsQuery } from '../../api/functionVersions';
import {
  provision,
  provisionedQuery,
  unprovision,
  type Provisioned,
  type ProvisionedWindow,
} from '../../api/functionTriggers';
import { Badge } from '../../ui/Badge';
import { Button, IconButton } from '../../ui/Button';
import { CopyAs, shellQuote } from '../../ui/CopyAs';
import { Confirm, Dialog } from '../../ui/Dialog';
import { ErrorBox } from '../../ui/ErrorBox';
import { Field } from '../../ui/Field';
import { Section } from '../../ui/Page';
import { Time } from '../../ui/Time';
import { toast, toastError } from '../../ui/Toasts';

/** Environments that are kept started, for versions and aliases, also at times of the week. */
export function ProvisionedSection({ name }: { name: string }) {
  const provisioned = useQuery(provisionedQuery(name));
  const [editing, setEditing] = useState<Provisioned | 'new' | null>(null);
  const [removing, setRemoving] = useState<string | null>(null);
  const queries = useQueryClient();
  const refresh = () => void queries.invalidateQueries({ queryKey: ['function', name, 'provisioned'] });
  return (
    <Section
      title="Provisioned concurrency"
      actions={
        <Button kind="quiet" icon="plus" onClick={() => setEditing('new')}>
          Provision
        </Button>
      }
    >
      {provisioned.error && <ErrorBox error={provisioned.error} />}
      <div className="card stack">
        {provisioned.data?.length === 0 && (
          <p className="soft">
            Nothing is kept started: a call that finds no environment free waits for one. Provision a version or an
            alias.
          </p>
        )}
        {provisioned.data?.map((each) => (
          <div key={each.qualifier} className="row">
            <strong>{each.qualifier}</strong>
            <Badge
              tone={each.status === 'READY' ? 'good' : each.status === 'FAILED' ? 'bad' : 'info'}
              title={each.statusReason}
            >
              {each.status === 'READY' ? 'ready' : each.status === 'FAILED' ? 'failed' : 'starting'}
            </Badge>
            <span className="soft">
              {each.available} of {each.requested} ready
            </span>
            {each.windows.map((window) => (
              <span key={JSON.stringify(window)} className="faint">
                {window.count} {window.days} {window.from}–{window.to} {window.zone}
              </span>
            ))}
            {each.nextChange && (
              <span className="faint">
                changes <Time at={each.nextChange} />
              </span>
            )}
            <span className="grow" />
            <IconButton label={`Change ${each.qualifier}`} icon="edit" onClick={() => setEditing(each)} />
            <IconButton label={`Remove ${each.qualifier}`} icon="trash" onClick={() => setRemoving(each.qualifier)} />
            {each.statusReason && <p className="field-note field-error">{each.statusReason}</p>}
          </div>
        ))}
      </div>
      {editing && (
        <EditProvisioned
          name={name}
          before={editing === 'new' ? null : editing}
          onClose={() => setEditing(null)}
          onSaved={refresh}
        />
      )}
      <Confirm
        open={removing !== null}
        onClose={() => setRemoving(null)}
        title={`Provision nothing for ${removing}?`}
        action="Let them go"
        onConfirm={() => unprovision(name, removing!).then(refresh, toastError)}
      >
        <p>The environments go, and all times of the week are forgotten. Calls start environments as they need them.</p>
      </Confirm>
    </Section>
  );
}

const newWindow: ProvisionedWindow = { from: '08:00', to: '18:00', days: 'mon-fri', zone: 'UTC', count: 1 };

function EditProvisioned({
  name,
  before,
  onClose,
  onSaved,
}: {
  name: string;
  before: Provisioned | null;
  onClose: () => void;
  onSaved: () => void;
}) {
  const versions = useQuery(versionsQuery(name));
  const aliases = useQuery(aliasesQuery(name));
  // An alias that shares its calls between two versions cannot be provisioned; the versions can.
  const whole = (aliases.data ?? []).filter((alias) => secondOf(alias) === null && alias.FunctionVersion !== '$LATEST');
  const qualifiers = [...whole.map((alias) => alias.Name), ...(versions.data ?? []).map((version) => version.Version)];
  const [chosen, setQualifier] = useState(before?.qualifier ?? '');
  const qualifier = chosen || qualifiers[0] || '';
  const [count, setCount] = useState(before?.count ?? 1);
  const [windows, setWindows] = useState<ProvisionedWindow[]>(before?.windows ?? []);
  const save = useMutation({
    mutationFn: () => provision(name, qualifier, count, windows),
    onSuccess: () => {
      toast(`${qualifier} is being provisioned`);
      onSaved();
      onClose();
    },
  });
  const change = (index: number, part: Partial<ProvisionedWindow>) =>
    setWindows(windows.map((window, each) => (each === index ? { ...window, ...part } : window)));
  return (
    <Dialog
      open
      onClose={onClose}
      wide
      title="Keep environments started"
      footer={
        <>
          <CopyAs forms={{ cli: `lambent provision ${shellQuote(name)} --qualifier ${qualifier} --count ${count}` }} />
          <Button onClick={onClose}>Cancel</Button>
          <Button
            kind="primary"
            busy={save.isPending}
            disabled={qualifier === '' || !(count >= 0)}
            onClick={() => save.mutate()}
          >
            Save
          </Button>
        </>
      }
    >
      <div className="stack">
        {save.error && <ErrorBox error={save.error} />}
        {versions.data && aliases.data && qualifiers.length === 0 && (
          <p className="soft">
            Only versions and aliases can be provisioned: publish a version first, in the tab Versions.
          </p>
        )}
        <div className="fields">
          <Field label="Version or alias">
            {(field) => (
              <select
                {...field}
                value={qualifier}
                disabled={before !== null}
                onChange={(event) => setQualifier(event.target.value)}
              >
                {(before ? [before.qualifier] : qualifiers).map((each) => (
                  <option key={each} value={each}>
                    {each}
                  </option>
                ))}
              </select>
            )}
          </Field>
          <Field label="Calls at a time" hint="Outside of all times below.">
            {(field) => (
              <input
                {...field}
                type="number"
                min={0}
                value={count}
                onChange={(event) => setCount(event.target.valueAsNumber)}
              />
            )}
          </Field>
        </div>
        <h3>Times of the week with another count</h3>
        {windows.map((window, index) => (
          <div key={index} className="provisioned-window">
            <WindowField label="From" value={window.from} onChange={(from) => change(index, { from })} />
            <WindowField label="To" value={window.to} onChange={(to) => change(index, { to })} />
            <WindowField label="Days" value={window.days} onChange={(days) => change(index, { days })} />
            <WindowField label="Zone" value={window.zone} onChange={(zone) => change(index, { zone })} />
            <Field label="Count">
              {(field) => (
                <input
                  {...field}
                  type="number"
                  min={0}
                  value={window.count}
                  onChange={(event) => change(index, { count: event.target.valueAsNumber })}
                />
              )}
            </Field>
            <IconButton
              label="Remove this time"
              icon="trash"
              onClick={() => setWindows(windows.filter((_, each) => each !== index))}
            />
          </div>
        ))}
        <div>
          <Button kind="quiet" icon="plus" onClick={() => setWindows([...windows, newWindow])}>
            Add a time
          </Button>
        </div>
      </div>
    </Dialog>
  );
}

function WindowField({ label, value, onChange }: { label: string; value: string; onChange: (value: string) => void }) {
  return (
    <Field label={label}>
      {(field) => (
        <input {...field} className="mono" value={value} onChange={(event) => onChange(event.target.value)} />
      )}
    </Field>
  );
}
