import { useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import { policyQuery, removePermission, type PolicyStatement } from '../../api/functionTriggers';
import { IconButton } from '../../ui/Button';
import { CopyText, shellQuote } from '../../ui/CopyAs';
import { Confirm } from '../../ui/Dialog';
import { ErrorBox } from '../../ui/ErrorBox';
import { Section } from '../../ui/Page';
import { visible } from '../../ui/text';
import { AsyncSection } from './AsyncSection';
import { MappingsSection } from './MappingsSection';
import { SchedulesSection } from './SchedulesSection';
import { QualifierPicker } from './TestTab';
import { UrlSection } from './UrlSection';
import { useTriggerChange } from './useTriggerChange';
import './TriggersTab.css';

const permissionWords = '--statement-id ID --action lambda:InvokeFunction --principal ACCOUNT';

/** What calls the function, what becomes of its results, and who may call it. */
export function TriggersTab({ name }: { name: string }) {
  return (
    <div className="stack-large">
      <UrlSection name={name} />
      <MappingsSection name={name} />
      <SchedulesSection name={name} />
      <AsyncSection name={name} />
      <PolicySection name={name} />
    </div>
  );
}

function PolicySection({ name }: { name: string }) {
  const [qualifier, setQualifier] = useState('');
  const policy = useQuery(policyQuery(name, qualifier || undefined));
  const [removing, setRemoving] = useState<PolicyStatement | null>(null);
  const { run } = useTriggerChange(name);
  return (
    <Section title="Permissions" actions={<QualifierPicker name={name} value={qualifier} onChange={setQualifier} />}>
      {policy.error && <ErrorBox error={policy.error} />}
      <div className="card stack">
        {policy.data?.length === 0 && (
          <p className="soft">Only keys of this account and its own functions may call it.</p>
        )}
        {policy.data?.map((statement) => (
          <div key={statement.Sid} className="trigger-line">
            <div className="grow">
              <strong>{visible(statement.Sid)}</strong>
              <p className="soft">
                {principalOf(statement)} may <code>{statement.Action}</code>
                {Object.entries(statement.Condition ?? {}).map(([operator, values]) =>
                  Object.entries(values).map(([key, value]) => (
                    <span key={operator + key}>
                      {' '}
                      where <code>{key}</code> {operator} <code>{visible(String(value))}</code>
                    </span>
                  )),
                )}
              </p>
            </div>
            <IconButton label={`Remove ${statement.Sid}`} icon="trash" onClick={() => setRemoving(statement)} />
          </div>
        ))}
        <CopyText
          label="Copy the command"
          text={`aws lambda add-permission --function-name ${shellQuote(name)} ${permissionWords}`}
        />
      </div>
      <Confirm
        open={removing !== null}
        onClose={() => setRemoving(null)}
        title={`Remove the permission ${removing?.Sid}?`}
        action="Remove"
        onConfirm={() =>
          run(() => removePermission(name, removing!.Sid, qualifier || undefined), 'The permission is removed')
        }
      >
        <p>
          {removing && principalOf(removing)} can no longer call {name} by it.
        </p>
      </Confirm>
    </Section>
  );
}

function principalOf({ Principal: principal }: PolicyStatement): string {
  const text = typeof principal === 'string' ? principal : Object.values(principal).join(', ');
  return text === '*' ? 'Anybody' : visible(text);
}
