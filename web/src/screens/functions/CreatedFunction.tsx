import { useState } from 'react';
import { useMutation } from '@tanstack/react-query';
import { invoke } from '../../api/functions';
import { Badge } from '../../ui/Badge';
import { Button, ButtonLink } from '../../ui/Button';
import { CopyText, shellQuote } from '../../ui/CopyAs';
import { ErrorBox } from '../../ui/ErrorBox';
import { Page } from '../../ui/Page';
import { InvocationOutcome } from './InvocationOutcome';
import type { Template } from './templates';
import './NewFunction.css';

export interface Created {
  name: string;
  arn: string;
  template: Template;
  url: string | null;
}

const nextSteps: Record<Template['id'], (name: string, arn: string) => { text: string; command: string } | null> = {
  http: () => null,
  queue: (name) => ({
    text: 'Give it a queue to work off:',
    command: `lambent queue create ${name}-jobs && lambent queue trigger ${name}-jobs ${name} --partial`,
  }),
  schedule: (name) => ({
    text: 'Say when it runs:',
    command: `lambent schedule create ${name} --when 'cron(0 6 * * ? *)' --function ${name}`,
  }),
  step: (_, arn) => ({ text: 'A state of a workflow calls it by its ARN:', command: `"Resource": "${arn}"` }),
};

/** A function was made: where it is, and the first call of it. */
export function CreatedFunction({ created: { name, arn, template, url } }: { created: Created }) {
  const [event] = useState(() => JSON.stringify(template.event));
  const call = useMutation({ mutationFn: () => invoke(name, event, 'RequestResponse') });
  const next = nextSteps[template.id](name, arn);
  const address = `/functions/${encodeURIComponent(name)}`;
  return (
    <Page
      title={name}
      badge={<Badge tone="good">created</Badge>}
      crumbs={[{ label: 'Functions', href: '/functions' }]}
      actions={
        <>
          <ButtonLink href={`${address}?tab=code`} icon="edit">
            Edit the code
          </ButtonLink>
          <ButtonLink href={address} kind="primary">
            Open the function
          </ButtonLink>
        </>
      }
    >
      <div className="created">
        {url && (
          <section className="card stack">
            <h2>It answers at</h2>
            <p>
              <a href={url} target="_blank" rel="noreferrer noopener" className="mono">
                {url}
              </a>
            </p>
            <CopyText text={`curl '${url}?name=Anna'`} label="Copy the curl command" />
          </section>
        )}
        {next && (
          <section className="card stack">
            <h2>{next.text}</h2>
            <CopyText text={next.command} label="Copy" />
          </section>
        )}
        <section className="card stack">
          <div className="row">
            <h2 className="grow">The first call</h2>
            <Button icon="play" busy={call.isPending} onClick={() => call.mutate()}>
              Call it
            </Button>
          </div>
          <CopyText text={`lambent invoke ${name} --data ${shellQuote(event)}`} label="Copy the command" />
          {call.error && <ErrorBox error={call.error} />}
          {call.data && <InvocationOutcome result={call.data} type="RequestResponse" />}
        </section>
      </div>
    </Page>
  );
}
