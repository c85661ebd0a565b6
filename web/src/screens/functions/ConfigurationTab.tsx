import { useEffect, useState } from 'react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import {
  changeTags,
  functionQuery,
  setReservedConcurrency,
  settled,
  statusQuery,
  updateConfiguration,
  type FunctionDescription,
} from '../../api/functions';
import { Badge } from '../../ui/Badge';
import { Button } from '../../ui/Button';
import { Changes } from '../../ui/Changes';
import { CopyAs, shellQuote } from '../../ui/CopyAs';
import { Dialog } from '../../ui/Dialog';
import { ErrorBox } from '../../ui/ErrorBox';
import { Facts, Section } from '../../ui/Page';
import { Time } from '../../ui/Time';
import { toast } from '../../ui/Toasts';
import { ProvisionedSection } from './ProvisionedSection';
import { changesOf, problemsOf, settingsOf, updateOf, type Settings, type SettingsUpdate } from './settings';
import { SettingsFields } from './SettingsFields';
import { useUnsavedGuard } from './useUnsavedGuard';
import './ConfigurationTab.css';

/** What holds for the function; what differs is shown before it is saved. */
export function ConfigurationTab({ name, description }: { name: string; description: FunctionDescription }) {
  const now = settingsOf(description);
  const [base, setBase] = useState(now);
  const [draft, setDraft] = useState(now);
  const [reviewing, setReviewing] = useState(false);
  const status = useQuery(statusQuery());
  const queries = useQueryClient();
  const changes = changesOf(base, draft);
  const problems = problemsOf(draft);
  const isOvertaken = changesOf(base, now).length > 0;
  useUnsavedGuard(changes.length > 0);
  useEffect(() => {
    if (isOvertaken && changes.length === 0) {
      setBase(now);
      setDraft(now);
    }
  });
  const save = useMutation({
    mutationFn: async () => {
      await apply(name, description.Configuration.FunctionArn, updateOf(base, draft));
      const fresh = await queries.fetchQuery({ ...functionQuery(name), staleTime: 0 });
      return settingsOf(fresh);
    },
    onSuccess: (saved) => {
      setBase(saved);
      setDraft(saved);
      setReviewing(false);
      toast('Saved: calls use it from now on');
    },
    // A part may have been saved before the one that was refused.
    onError: () => void queries.invalidateQueries({ queryKey: ['function', name] }),
  });
  return (
    <div className="stack-large">
      <div className="configuration-bar">
        <p className="soft grow">
          {changes.length === 0 ? (
            <>
              Changed <Time at={description.Configuration.LastModified.replace('+0000', 'Z')} />
            </>
          ) : (
            `${changes.length} ${changes.length === 1 ? 'change' : 'changes'}, not saved`
          )}
          {isOvertaken && changes.length > 0 && (
            <>
              {' '}
              <Badge tone="warn">changed elsewhere</Badge>
            </>
          )}
        </p>
        <CopyAs forms={{ cli: cliOf(name, base, draft), request: requestOf(name, updateOf(base, draft)) }} />
        <Button disabled={changes.length === 0} onClick={() => setDraft(base)}>
          Discard
        </Button>
        <Button
          kind="primary"
          disabled={changes.length === 0 || Object.keys(problems).length > 0}
          onClick={() => setReviewing(true)}
        >
          Review and save
        </Button>
      </div>
      <SettingsFields draft={draft} problems={problems} runtimes={status.data?.runtimes ?? []} onChange={setDraft} />
      <ProvisionedSection name={name} />
      <Section title="What it is">
        <div className="card">
          <Facts
            facts={[
              ['ARN', <code key="arn">{description.Configuration.FunctionArn}</code>],
              [
                'Role',
                <span key="role">
                  <code>{description.Configuration.Role}</code>{' '}
                  <span className="faint">recorded; rights come from keys and policies</span>
                </span>,
              ],
              ['Log group', <code key="log">{description.Configuration.LoggingConfig?.LogGroup}</code>],
              ['Code, SHA-256', <code key="code">{description.Configuration.CodeSha256}</code>],
            ]}
          />
        </div>
      </Section>
      <Dialog
        open={reviewing}
        onClose={() => setReviewing(false)}
        title={`Change ${name}?`}
        wide
        footer={
          <>
            <Button onClick={() => setReviewing(false)}>Back</Button>
            <Button kind="primary" busy={save.isPending} onClick={() => save.mutate()}>
              Save
            </Button>
          </>
        }
      >
        <div className="stack">
          {save.error && <ErrorBox error={save.error} />}
          <Changes changes={changes} />
          <p className="soft">
            Calls use what there was until the change is ready; environments are replaced then. Published versions stay
            as they are.
          </p>
        </div>
      </Dialog>
    </div>
  );
}

/** Each request in turn; a configuration is waited for, because another one is refused meanwhile. */
async function apply(name: string, arn: string, update: SettingsUpdate): Promise<void> {
  if (update.configuration) {
    await updateConfiguration(name, update.configuration);
    await settled(name);
  }
  if (update.reserved !== undefined) await setReservedConcurrency(name, update.reserved);
  await changeTags(arn, update.setTags, update.removedTags);
}

function cliOf(name: string, before: Settings, after: Settings): string {
  const { configuration, reserved } = updateOf(before, after);
  const words = ['lambent deploy', `./${shellQuote(name)}`, '--name', shellQuote(name)];
  if (configuration?.MemorySize) words.push('--memory', String(configuration.MemorySize));
  if (configuration?.Timeout) words.push('--timeout', String(configuration.Timeout));
  if (configuration?.Runtime) words.push('--runtime', configuration.Runtime);
  if (configuration?.Handler) words.push('--handler', shellQuote(configuration.Handler));
  if (configuration?.Environment) {
    for (const [key, value] of Object.entries(configuration.Environment.Variables))
      words.push('--env', shellQuote(`${key}=${value}`));
    for (const { key } of before.variables) {
      if (!(key in configuration.Environment.Variables)) words.push('--unset-env', shellQuote(key));
    }
  }
  for (const layer of configuration?.Layers ?? []) words.push('--layer', shellQuote(layer));
  if (typeof reserved === 'number') words.push('--reserved', String(reserved));
  return words.join(' ');
}

function requestOf(name: string, { configuration }: SettingsUpdate) {
  const path = `/2015-03-31/functions/${encodeURIComponent(name)}/configuration`;
  return configuration ? { method: 'PUT', path, body: configuration } : { method: 'GET', path };
}
