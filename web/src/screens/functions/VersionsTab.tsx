import { useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import type { FunctionConfiguration, FunctionDescription } from '../../api/functions';
import {
  aliasesQuery,
  publishVersion,
  secondOf,
  updateAlias,
  versionsQuery,
  type Alias,
} from '../../api/functionVersions';
import { Badge } from '../../ui/Badge';
import { Button } from '../../ui/Button';
import { CopyAs, shellQuote } from '../../ui/CopyAs';
import { DataTable } from '../../ui/DataTable';
import { Confirm, Dialog } from '../../ui/Dialog';
import { EmptyState } from '../../ui/EmptyState';
import { ErrorBox } from '../../ui/ErrorBox';
import { Field } from '../../ui/Field';
import { bytes } from '../../ui/format';
import { Section } from '../../ui/Page';
import { Time } from '../../ui/Time';
import { AliasesSection } from './AliasesSection';
import { RegressionsSection } from './RegressionsSection';
import { useTriggerChange } from './useTriggerChange';
import './VersionsTab.css';

/** Releases: what was published, which of them has which name, and whether one became slower. */
export function VersionsTab({ name, description }: { name: string; description: FunctionDescription }) {
  const versions = useQuery(versionsQuery(name));
  const aliases = useQuery(aliasesQuery(name));
  const [publishing, setPublishing] = useState(false);
  const [rollback, setRollback] = useState<{ alias: Alias; version: string } | null>(null);
  const aliasesOf = (version: string) =>
    (aliases.data ?? []).filter((alias) => alias.FunctionVersion === version || secondOf(alias)?.version === version);
  return (
    <div className="stack-large">
      <AliasesSection
        name={name}
        aliases={aliases.data}
        versions={versions.data ?? []}
        error={aliases.error}
        onRollback={(alias, version) => setRollback({ alias, version })}
      />
      <Section
        title="Versions"
        actions={
          <Button kind="quiet" icon="plus" onClick={() => setPublishing(true)}>
            Publish a version
          </Button>
        }
      >
        <DataTable<FunctionConfiguration>
          label="Versions"
          rows={versions.data}
          rowKey={(version) => version.Version}
          error={versions.error}
          columns={[
            { id: 'version', header: 'Version', cell: (version) => <strong>{version.Version}</strong> },
            {
              id: 'aliases',
              header: 'Aliases',
              cell: (version) => (
                <span className="row">
                  {aliasesOf(version.Version).map((alias) => (
                    <Badge key={alias.Name} tone="accent">
                      {alias.Name}
                    </Badge>
                  ))}
                </span>
              ),
            },
            {
              id: 'description',
              header: 'Description',
              grow: true,
              cell: (version) => version.Description || <span className="faint">–</span>,
            },
            {
              id: 'runtime',
              header: 'Runtime',
              wideOnly: true,
              cell: (version) => <span className="mono">{version.Runtime}</span>,
            },
            {
              id: 'memory',
              header: 'Memory',
              wideOnly: true,
              number: true,
              cell: (version) => `${version.MemorySize} MB`,
            },
            { id: 'size', header: 'Package', wideOnly: true, number: true, cell: (version) => bytes(version.CodeSize) },
            {
              id: 'code',
              header: 'Code',
              wideOnly: true,
              cell: (version) => <code title={version.CodeSha256}>{version.CodeSha256.slice(0, 8)}</code>,
            },
            {
              id: 'at',
              header: 'Published',
              cell: (version) => <Time at={version.LastModified.replace('+0000', 'Z')} />,
            },
          ]}
          empty={
            <EmptyState
              icon="function"
              title="Published versions will be here"
              command={`aws lambda publish-version --function-name ${shellQuote(name)}`}
            >
              A version is the code and its configuration as they are now; it never changes. An alias gives it a name.
            </EmptyState>
          }
        />
      </Section>
      <RegressionsSection name={name} />
      {publishing && (
        <Publish name={name} configuration={description.Configuration} onClose={() => setPublishing(false)} />
      )}
      {rollback && (
        <Rollback
          name={name}
          alias={rollback.alias}
          version={rollback.version}
          versions={versions.data ?? []}
          onClose={() => setRollback(null)}
        />
      )}
    </div>
  );
}

function Publish({
  name,
  configuration,
  onClose,
}: {
  name: string;
  configuration: FunctionConfiguration;
  onClose: () => void;
}) {
  const [text, setText] = useState('');
  const [error, setError] = useState<unknown>(null);
  const { busy, run } = useTriggerChange(name);
  const publish = () =>
    publishVersion(name, text, configuration.RevisionId).catch((problem: unknown) => {
      setError(problem);
      throw problem;
    });
  return (
    <Dialog
      open
      onClose={onClose}
      title={`Publish ${name} as it is now`}
      footer={
        <>
          <CopyAs
            forms={{
              cli: `aws lambda publish-version --function-name ${shellQuote(name)}${descriptionOf(text)}`,
              request: {
                method: 'POST',
                path: `/2015-03-31/functions/${encodeURIComponent(name)}/versions`,
                body: { Description: text },
              },
            }}
          />
          <Button onClick={onClose}>Cancel</Button>
          <Button
            kind="primary"
            busy={busy}
            onClick={() => void run(publish, 'Published').then((done) => done && onClose())}
          >
            Publish
          </Button>
        </>
      }
    >
      <div className="stack">
        {error !== null && <ErrorBox error={error} />}
        <p className="soft">
          When neither code nor configuration changed since the last version, that one is given back.
        </p>
        <Field label="Description">
          {(field) => (
            <input
              {...field}
              value={text}
              maxLength={256}
              onChange={(event) => setText(event.target.value)}
              autoFocus
            />
          )}
        </Field>
      </div>
    </Dialog>
  );
}

function descriptionOf(text: string): string {
  return text && ` --description ${shellQuote(text)}`;
}

/** An alias goes back to an earlier version: what that brings back, and what it does not. */
function Rollback({
  name,
  alias,
  version,
  versions,
  onClose,
}: {
  name: string;
  alias: Alias;
  version: string;
  versions: FunctionConfiguration[];
  onClose: () => void;
}) {
  const { run } = useTriggerChange(name);
  const [from, to] = [alias.FunctionVersion, version].map((number) => versions.find((each) => each.Version === number));
  return (
    <Confirm
      open
      onClose={onClose}
      title={`Roll ${alias.Name} back to version ${version}?`}
      action={`Use version ${version}`}
      onConfirm={() =>
        run(
          () => updateAlias(name, alias.Name, { FunctionVersion: version, second: null, RevisionId: alias.RevisionId }),
          `${alias.Name} is version ${version} again`,
        ).then(() => undefined)
      }
    >
      <p>
        New calls of{' '}
        <code>
          {name}:{alias.Name}
        </code>{' '}
        use version {version} at once, with its code, configuration and variables. All calls go there.
      </p>
      {from && to && (
        <p className="soft">
          {from.CodeSha256 === to.CodeSha256 ? 'The code is the same' : 'The code differs'}; memory {from.MemorySize} →{' '}
          {to.MemorySize} MB, timeout {from.Timeout} → {to.Timeout} s.
        </p>
      )}
      <p>
        <strong>It cannot undo</strong> what calls of version {alias.FunctionVersion} did: data they wrote, messages
        they sent. Calls and batches under way end with the version they began with, and executions that named a version
        keep it. <code>$LATEST</code> and reserved concurrency stay as they are.
      </p>
      <CopyAs
        forms={{
          cli: [
            `aws lambda update-alias --function-name ${shellQuote(name)} --name ${alias.Name}`,
            `--function-version ${version} --routing-config '{}'`,
          ].join(' '),
        }}
      />
    </Confirm>
  );
}
