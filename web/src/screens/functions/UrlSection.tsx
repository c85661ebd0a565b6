import { useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import {
  createUrl,
  deleteUrl,
  policyQuery,
  publicUrlStatement,
  urlsQuery,
  type UrlConfig,
} from '../../api/functionTriggers';
import { Badge } from '../../ui/Badge';
import { Button, IconButton } from '../../ui/Button';
import { CopyAs, CopyText, shellQuote } from '../../ui/CopyAs';
import { Confirm, Dialog } from '../../ui/Dialog';
import { ErrorBox } from '../../ui/ErrorBox';
import { Field } from '../../ui/Field';
import { Section } from '../../ui/Page';
import { useTriggerChange } from './useTriggerChange';

export function UrlSection({ name }: { name: string }) {
  const urls = useQuery(urlsQuery(name));
  const policy = useQuery(policyQuery(name));
  const [creating, setCreating] = useState(false);
  const [removing, setRemoving] = useState<UrlConfig | null>(null);
  const { run } = useTriggerChange(name);
  const hasOwn = urls.data?.some((url) => qualifierOf(url) === undefined) ?? true;
  return (
    <Section
      title="Function URL"
      actions={
        !hasOwn && (
          <Button kind="quiet" icon="plus" onClick={() => setCreating(true)}>
            Make one
          </Button>
        )
      }
    >
      {urls.error && <ErrorBox error={urls.error} />}
      <div className="card stack">
        {urls.data?.length === 0 && (
          <p className="soft">It has no address of its own. With one, any HTTP client can call it.</p>
        )}
        {urls.data?.map((url) => (
          <div key={url.FunctionUrl} className="trigger-line">
            <div className="grow stack">
              <div className="row">
                <a href={url.FunctionUrl} target="_blank" rel="noreferrer noopener" className="mono trigger-url">
                  {url.FunctionUrl}
                </a>
                {url.AuthType === 'NONE' ? (
                  <Badge tone="warn" title="Anybody may call it without keys">
                    public
                  </Badge>
                ) : (
                  <Badge tone="info">signed</Badge>
                )}
                {url.InvokeMode === 'RESPONSE_STREAM' && <Badge>streams</Badge>}
                {qualifierOf(url) && <span className="faint">alias {qualifierOf(url)}</span>}
              </div>
              {url.AuthType === 'NONE' && qualifierOf(url) === undefined && policy.data && !isOpen(policy.data) && (
                <p>
                  <Badge tone="bad">answers 403</Badge> No permission lets anybody call it.{' '}
                  <code>lambent deploy {shellQuote(name)} --url</code> adds it.
                </p>
              )}
              {url.AuthType === 'NONE' && (
                <CopyText text={`curl ${shellQuote(url.FunctionUrl)}`} label="Copy the curl command" />
              )}
            </div>
            <IconButton label="Remove this address" icon="trash" onClick={() => setRemoving(url)} />
          </div>
        ))}
      </div>
      {creating && <NewUrl name={name} onClose={() => setCreating(false)} />}
      <Confirm
        open={removing !== null}
        onClose={() => setRemoving(null)}
        title="Remove the address?"
        action="Remove"
        onConfirm={() =>
          run(() => deleteUrl(name, qualifierOf(removing!)), 'The address is removed').then(() => undefined)
        }
      >
        <p>
          <code>{removing?.FunctionUrl}</code> answers nobody any more; connections that are open are ended. The
          function stays.
        </p>
        <CopyAs forms={{ cli: `aws lambda delete-function-url-config --function-name ${shellQuote(name)}` }} />
      </Confirm>
    </Section>
  );
}

function NewUrl({ name, onClose }: { name: string; onClose: () => void }) {
  const [auth, setAuth] = useState<UrlConfig['AuthType']>('NONE');
  const [mode, setMode] = useState<UrlConfig['InvokeMode']>('BUFFERED');
  const { busy, run } = useTriggerChange(name);
  return (
    <Dialog
      open
      onClose={onClose}
      title="Make a function URL"
      footer={
        <>
          <CopyAs
            forms={{
              cli:
                auth === 'NONE'
                  ? `lambent deploy ./${shellQuote(name)} --name ${shellQuote(name)} --url`
                  : `aws lambda create-function-url-config --function-name ${shellQuote(name)} --auth-type ${auth}`,
              request: {
                method: 'POST',
                path: `/2021-10-31/functions/${encodeURIComponent(name)}/url`,
                body: { AuthType: auth, InvokeMode: mode },
              },
            }}
          />
          <Button onClick={onClose}>Cancel</Button>
          <Button
            kind="primary"
            busy={busy}
            onClick={() =>
              void run(() => createUrl(name, auth, mode), 'It answers now').then((done) => done && onClose())
            }
          >
            Make it
          </Button>
        </>
      }
    >
      <div className="stack">
        <Field
          label="Who may call it"
          hint={
            auth === 'NONE'
              ? `Anybody; the permission ${publicUrlStatement} is added.`
              : 'Requests signed with keys that may.'
          }
        >
          {(field) => (
            <select {...field} value={auth} onChange={(event) => setAuth(event.target.value as UrlConfig['AuthType'])}>
              <option value="NONE">Anybody</option>
              <option value="AWS_IAM">Who signs with a key</option>
            </select>
          )}
        </Field>
        <Field label="Answers">
          {(field) => (
            <select
              {...field}
              value={mode}
              onChange={(event) => setMode(event.target.value as UrlConfig['InvokeMode'])}
            >
              <option value="BUFFERED">whole, when the function is done</option>
              <option value="RESPONSE_STREAM">as a stream, as it is written</option>
            </select>
          )}
        </Field>
      </div>
    </Dialog>
  );
}

function isOpen(statements: Array<{ Action: string; Principal: unknown }>): boolean {
  return statements.some(
    (statement) =>
      /InvokeFunctionUrl|^lambda:\*$|^\*$/i.test(statement.Action) &&
      (statement.Principal === '*' || Object.values(statement.Principal as object).includes('*')),
  );
}

function qualifierOf(url: UrlConfig): string | undefined {
  return url.FunctionArn.split(':')[7];
}
