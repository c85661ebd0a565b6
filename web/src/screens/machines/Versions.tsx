import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import {
  createAlias,
  deleteAlias,
  deleteVersion,
  listAliases,
  listVersions,
  publishVersion,
  updateAlias,
  type MachineAlias,
  type MachineDescription,
  type MachineVersion,
} from '../../api/machines';
import { ActionButton } from '../../ui/ActionButton';
import { Button } from '../../ui/Button';
import { CopyAs, type CommandForms } from '../../ui/CopyAs';
import { DataTable, type Column } from '../../ui/DataTable';
import { Dialog } from '../../ui/Dialog';
import { EmptyState } from '../../ui/EmptyState';
import { Field } from '../../ui/Field';
import { Section } from '../../ui/Page';
import { Time } from '../../ui/Time';
import { useAction } from '../../ui/useAction';
import { usePages } from '../../ui/usePages';

const numberOf = (arn: string) => arn.split(':').at(-1)!;

export const statesForms = (cli: string, operation: string, body: unknown): CommandForms => ({
  cli,
  request: {
    method: 'POST',
    path: '/',
    service: 'states',
    body,
    headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': `AWSStepFunctions.${operation}` },
  },
});

/** Definitions that do not change any more, and the names that lead to them. */
export function Versions({ machine }: { machine: MachineDescription }) {
  const [aliasing, setAliasing] = useState<MachineAlias | 'new' | null>(null);
  const { busy, run } = useAction();
  const arn = machine.stateMachineArn;
  const versions = usePages(['machine-versions', arn], async (token, signal) => {
    const page = await listVersions(arn, token, signal);
    return { items: page.stateMachineVersions, next: page.nextToken };
  });
  const aliases = useQuery({ queryKey: ['machine-aliases', arn], queryFn: ({ signal }) => listAliases(arn, signal) });
  const aliasColumns: Column<MachineAlias>[] = [
    { id: 'name', header: 'Alias', cell: (alias) => alias.name },
    { id: 'to', header: 'Leads to', grow: true, cell: (alias) => routeOf(alias) },
    {
      id: 'changed',
      header: 'Changed',
      wideOnly: true,
      cell: (alias) => <Time at={alias.updateDate ?? alias.creationDate} />,
    },
    {
      id: 'actions',
      header: 'Actions',
      cell: (alias) => (
        <span className="row">
          <Button kind="quiet" icon="edit" onClick={() => setAliasing(alias)}>
            Move
          </Button>
          <ActionButton
            label="Delete"
            kind="quiet"
            icon="trash"
            title={`Delete the alias ${alias.name}?`}
            action="Delete the alias"
            done={`Deleted ${alias.name}`}
            act={() => deleteAlias(alias.stateMachineAliasArn)}
            forms={statesForms(
              `aws stepfunctions delete-state-machine-alias --state-machine-alias-arn ${alias.stateMachineAliasArn}`,
              'DeleteStateMachineAlias',
              { stateMachineAliasArn: alias.stateMachineAliasArn },
            )}
          >
            <p>
              Nothing can be started as {machine.name}:{alias.name} any more. Executions that run go on.
            </p>
          </ActionButton>
        </span>
      ),
    },
  ];
  const versionColumns: Column<MachineVersion>[] = [
    { id: 'number', header: 'Version', cell: (version) => numberOf(version.stateMachineVersionArn) },
    { id: 'made', header: 'Published', grow: true, cell: (version) => <Time at={version.creationDate} /> },
    {
      id: 'actions',
      header: 'Actions',
      cell: (version) => (
        <ActionButton
          label="Delete"
          kind="quiet"
          icon="trash"
          title={`Delete version ${numberOf(version.stateMachineVersionArn)}?`}
          action="Delete the version"
          done="Deleted the version"
          act={() => deleteVersion(version.stateMachineVersionArn)}
          forms={statesForms(
            `aws stepfunctions delete-state-machine-version --state-machine-version-arn ${version.stateMachineVersionArn}`,
            'DeleteStateMachineVersion',
            { stateMachineVersionArn: version.stateMachineVersionArn },
          )}
        >
          <p>
            Nothing can be started by this version any more. Executions that run go on. An alias that leads to it keeps
            it from being deleted.
          </p>
        </ActionButton>
      ),
    },
  ];
  return (
    <div className="stack-large">
      <Section
        title="Aliases"
        actions={
          <Button icon="plus" disabled={!versions.rows?.length} onClick={() => setAliasing('new')}>
            New alias
          </Button>
        }
      >
        <DataTable
          label="Aliases"
          columns={aliasColumns}
          rows={aliases.data}
          rowKey={(alias) => alias.name}
          error={aliases.error}
          empty={<p className="soft">None. An alias is a name for a version, or for two with a share each.</p>}
        />
      </Section>
      <Section
        title="Versions"
        actions={
          <>
            <Button
              icon="plus"
              busy={busy}
              onClick={() => void run('Published a version', () => publishVersion(arn, machine.revisionId, ''))}
            >
              Publish a version
            </Button>
            <CopyAs
              forms={statesForms(
                `aws stepfunctions publish-state-machine-version --state-machine-arn ${arn}`,
                'PublishStateMachineVersion',
                { stateMachineArn: arn },
              )}
            />
          </>
        }
      >
        <DataTable
          label="Versions"
          columns={versionColumns}
          rows={versions.rows}
          rowKey={(version) => version.stateMachineVersionArn}
          error={versions.error}
          retry={versions.retry}
          more={versions.more}
          empty={
            <EmptyState icon="workflow" title="No versions yet">
              A version is a number that always means one definition.
            </EmptyState>
          }
        />
      </Section>
      {aliasing && versions.rows && (
        <AliasDialog
          machineArn={arn}
          alias={aliasing === 'new' ? null : aliasing}
          versions={versions.rows.map((each) => numberOf(each.stateMachineVersionArn))}
          onClose={() => setAliasing(null)}
        />
      )}
    </div>
  );
}

const routeOf = (alias: MachineAlias) =>
  alias.routingConfiguration
    .map(
      (each) => `version ${numberOf(each.stateMachineVersionArn)}${each.weight === 100 ? '' : ` for ${each.weight} %`}`,
    )
    .join(', ');

function AliasDialog({
  machineArn,
  alias,
  versions,
  onClose,
}: {
  machineArn: string;
  alias: MachineAlias | null;
  versions: string[];
  onClose: () => void;
}) {
  const [name, setName] = useState(alias?.name ?? '');
  const [first, setFirst] = useState(
    alias ? numberOf(alias.routingConfiguration[0]!.stateMachineVersionArn) : versions[0]!,
  );
  const [second, setSecond] = useState(
    alias?.routingConfiguration[1] ? numberOf(alias.routingConfiguration[1].stateMachineVersionArn) : '',
  );
  const [share, setShare] = useState(alias?.routingConfiguration[1]?.weight ?? 10);
  const { busy, run } = useAction();
  const routing =
    second === '' || second === first
      ? [{ stateMachineVersionArn: `${machineArn}:${first}`, weight: 100 }]
      : [
          { stateMachineVersionArn: `${machineArn}:${first}`, weight: 100 - share },
          { stateMachineVersionArn: `${machineArn}:${second}`, weight: share },
        ];
  const save = () => (alias ? updateAlias(alias.stateMachineAliasArn, routing) : createAlias(name, routing));
  return (
    <Dialog
      open
      onClose={onClose}
      title={alias ? `Move the alias ${alias.name}` : 'New alias'}
      footer={
        <>
          <CopyAs
            forms={
              alias
                ? statesForms(
                    `aws stepfunctions update-state-machine-alias --state-machine-alias-arn ${alias.stateMachineAliasArn} --routing-configuration '${JSON.stringify(routing)}'`,
                    'UpdateStateMachineAlias',
                    { stateMachineAliasArn: alias.stateMachineAliasArn, routingConfiguration: routing },
                  )
                : statesForms(
                    `aws stepfunctions create-state-machine-alias --name ${name || 'NAME'} --routing-configuration '${JSON.stringify(routing)}'`,
                    'CreateStateMachineAlias',
                    { name, routingConfiguration: routing },
                  )
            }
          />
          <span className="grow" />
          <Button onClick={onClose}>Cancel</Button>
          <Button
            kind="primary"
            busy={busy}
            disabled={name === ''}
            onClick={() => void run(alias ? `Moved ${name}` : `Made ${name}`, save).then((done) => done && onClose())}
          >
            Save
          </Button>
        </>
      }
    >
      <div className="stack">
        <p className="soft">
          It holds at once for what is started through the alias. Executions that run go on as they began.
        </p>
        <div className="fields">
          <Field label="Name">
            <input
              value={name}
              disabled={alias !== null}
              spellCheck={false}
              onChange={(event) => setName(event.target.value)}
            />
          </Field>
          <Field label="Version">
            <select value={first} onChange={(event) => setFirst(event.target.value)}>
              {versions.map((each) => (
                <option key={each}>{each}</option>
              ))}
            </select>
          </Field>
          <Field label="Another one">
            <select value={second} onChange={(event) => setSecond(event.target.value)}>
              <option value="">none</option>
              {versions
                .filter((each) => each !== first)
                .map((each) => (
                  <option key={each}>{each}</option>
                ))}
            </select>
          </Field>
          {second !== '' && second !== first && (
            <Field label={`For ${share} % of executions`}>
              <input
                type="range"
                min={1}
                max={99}
                value={share}
                onChange={(event) => setShare(Number(event.target.value))}
              />
            </Field>
          )}
        </div>
      </div>
    </Dialog>
  );
}
