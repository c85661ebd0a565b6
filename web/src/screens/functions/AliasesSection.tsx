import { useState } from 'react';
import type { FunctionConfiguration } from '../../api/functions';
import {
  createAlias,
  deleteAlias,
  secondOf,
  updateAlias,
  type Alias,
  type AliasChange,
} from '../../api/functionVersions';
import { Button, IconButton } from '../../ui/Button';
import { CopyAs, shellQuote } from '../../ui/CopyAs';
import { Confirm, Dialog } from '../../ui/Dialog';
import { ErrorBox } from '../../ui/ErrorBox';
import { Field } from '../../ui/Field';
import { percent } from '../../ui/format';
import { Section } from '../../ui/Page';
import { useTriggerChange } from './useTriggerChange';

/** Names for versions; a second version may take a share of the calls. */
export function AliasesSection({
  name,
  aliases,
  versions,
  error,
  onRollback,
}: {
  name: string;
  aliases?: Alias[];
  versions: FunctionConfiguration[];
  error: unknown;
  onRollback: (alias: Alias, version: string) => void;
}) {
  const [editing, setEditing] = useState<Alias | 'new' | null>(null);
  const [removing, setRemoving] = useState<Alias | null>(null);
  const { run } = useTriggerChange(name);
  return (
    <Section
      title="Aliases"
      actions={
        <Button kind="quiet" icon="plus" disabled={versions.length === 0} onClick={() => setEditing('new')}>
          New alias
        </Button>
      }
    >
      {error !== null && <ErrorBox error={error} />}
      <div className="card stack">
        {aliases?.length === 0 && (
          <p className="soft">
            {versions.length === 0
              ? 'Publish a version first; an alias then gives it a name.'
              : 'No version has a name yet. Callers that use an alias need not know numbers.'}
          </p>
        )}
        {aliases?.map((alias) => {
          const second = secondOf(alias);
          const earlier = versions.find((version) => Number(version.Version) < Number(alias.FunctionVersion));
          return (
            <div key={alias.Name} className="alias">
              <div className="row">
                <strong>{alias.Name}</strong>
                <span className="soft">
                  version {alias.FunctionVersion}
                  {second && ` ${percent(1 - second.share)}, version ${second.version} ${percent(second.share)}`}
                </span>
                {alias.Description && <span className="faint">{alias.Description}</span>}
                <span className="grow" />
                {second && (
                  <Button
                    kind="quiet"
                    onClick={() =>
                      void run(
                        () =>
                          updateAlias(name, alias.Name, {
                            FunctionVersion: second.version,
                            second: null,
                            RevisionId: alias.RevisionId,
                          }),
                        `All calls of ${alias.Name} go to version ${second.version}`,
                      )
                    }
                  >
                    Promote {second.version}
                  </Button>
                )}
                {earlier && (
                  <Button icon="retry" onClick={() => onRollback(alias, earlier.Version)}>
                    Roll back to {earlier.Version}
                  </Button>
                )}
                <IconButton label={`Change ${alias.Name}`} icon="edit" onClick={() => setEditing(alias)} />
                <IconButton label={`Remove ${alias.Name}`} icon="trash" onClick={() => setRemoving(alias)} />
              </div>
              {second && (
                <div className="alias-shares" aria-hidden="true">
                  <span style={{ width: `${(1 - second.share) * 100}%` }} />
                  <span style={{ width: `${second.share * 100}%` }} />
                </div>
              )}
            </div>
          );
        })}
      </div>
      {editing && (
        <EditAlias
          name={name}
          before={editing === 'new' ? null : editing}
          versions={versions}
          onClose={() => setEditing(null)}
        />
      )}
      <Confirm
        open={removing !== null}
        onClose={() => setRemoving(null)}
        title={`Remove the alias ${removing?.Name}?`}
        action="Remove"
        typed={removing?.Name}
        onConfirm={() => run(() => deleteAlias(name, removing!.Name), 'The alias is removed').then(() => undefined)}
      >
        <p>
          With it go its address, its permissions, and what is provisioned or set for it. Who calls{' '}
          <code>
            {name}:{removing?.Name}
          </code>{' '}
          gets an error.
        </p>
      </Confirm>
    </Section>
  );
}

function EditAlias({
  name,
  before,
  versions,
  onClose,
}: {
  name: string;
  before: Alias | null;
  versions: FunctionConfiguration[];
  onClose: () => void;
}) {
  const known = before ? secondOf(before) : null;
  const [alias, setAlias] = useState(before?.Name ?? 'live');
  const [version, setVersion] = useState(before?.FunctionVersion ?? versions[0]?.Version ?? '');
  const [secondVersion, setSecond] = useState(known?.version ?? '');
  const [share, setShare] = useState(Math.round((known?.share ?? 0.1) * 100));
  const [description, setDescription] = useState(before?.Description ?? '');
  const { busy, run } = useTriggerChange(name);
  const second = secondVersion && secondVersion !== version ? { version: secondVersion, share: share / 100 } : null;
  const change: AliasChange = {
    FunctionVersion: version,
    Description: description,
    second,
    RevisionId: before?.RevisionId,
  };
  const save = () =>
    run(
      () =>
        before
          ? updateAlias(name, before.Name, change)
          : createAlias(name, alias, { ...change, RevisionId: undefined }),
      `${alias} is saved`,
    ).then((done) => done && onClose());
  const numbers = versions.map((each) => each.Version);
  const routing = second ? ` --routing-config ${shellQuote(weightsOf(second))}` : '';
  return (
    <Dialog
      open
      onClose={onClose}
      title={before ? `Change ${before.Name}` : 'New alias'}
      footer={
        <>
          <CopyAs
            forms={{
              cli: [
                `aws lambda ${before ? 'update' : 'create'}-alias --function-name ${shellQuote(name)}`,
                `--name ${shellQuote(alias)} --function-version ${version}${routing}`,
              ].join(' '),
            }}
          />
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" busy={busy} disabled={version === '' || alias === ''} onClick={() => void save()}>
            Save
          </Button>
        </>
      }
    >
      <div className="stack">
        {!before && (
          <Field label="Name" hint="Letters, digits, - and _; not a number alone.">
            {(field) => (
              <input
                {...field}
                className="mono"
                value={alias}
                maxLength={128}
                onChange={(event) => setAlias(event.target.value)}
              />
            )}
          </Field>
        )}
        <div className="fields">
          <Field label="Version">
            {(field) => (
              <select {...field} value={version} onChange={(event) => setVersion(event.target.value)}>
                {numbers.map((each) => (
                  <option key={each} value={each}>
                    {each}
                  </option>
                ))}
                {!numbers.includes(version) && version && <option value={version}>{version}</option>}
              </select>
            )}
          </Field>
          <Field label="Second version" hint="Takes a share of the calls, to be tried.">
            {(field) => (
              <select {...field} value={secondVersion} onChange={(event) => setSecond(event.target.value)}>
                <option value="">none</option>
                {numbers
                  .filter((each) => each !== version)
                  .map((each) => (
                    <option key={each} value={each}>
                      {each}
                    </option>
                  ))}
              </select>
            )}
          </Field>
        </div>
        {second && (
          <Field
            label={
              <>
                Version {second.version} takes <strong>{share} %</strong>, version {version} {100 - share} %
              </>
            }
          >
            {(field) => (
              <input
                {...field}
                type="range"
                min={0}
                max={100}
                step={1}
                value={share}
                className="alias-slider"
                onChange={(event) => setShare(event.target.valueAsNumber)}
              />
            )}
          </Field>
        )}
        <Field label="Description">
          {(field) => (
            <input
              {...field}
              value={description}
              maxLength={256}
              onChange={(event) => setDescription(event.target.value)}
            />
          )}
        </Field>
      </div>
    </Dialog>
  );
}

function weightsOf({ version, share }: { version: string; share: number }): string {
  return JSON.stringify({ AdditionalVersionWeights: { [version]: share } });
}
