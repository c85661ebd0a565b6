import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { getAttributes, listQueues, setAttributes, type Queue } from '../../api/queues';
import { Button } from '../../ui/Button';
import { CopyAs, CopyText, shellQuote } from '../../ui/CopyAs';
import { ErrorBox } from '../../ui/ErrorBox';
import { Field, Toggle } from '../../ui/Field';
import { duration } from '../../ui/format';
import { JsonView } from '../../ui/JsonView';
import { Facts, Section } from '../../ui/Page';
import { Time } from '../../ui/Time';
import { useAction } from '../../ui/useAction';
import { changesOf, formOf, numberProblem, numbers, type QueueForm } from './attributes';
import { sqsForms } from './words';

/** The queue's attributes, to be read and changed; a change holds at once. */
export function Settings({ queue }: { queue: Queue }) {
  const {
    data: attributes,
    error,
    refetch,
  } = useQuery({
    queryKey: ['queue-attributes', queue.name],
    queryFn: ({ signal }) => getAttributes(queue.url, signal),
  });
  if (error) return <ErrorBox error={error} retry={() => void refetch()} />;
  if (!attributes) return <div className="card" aria-busy="true" style={{ height: 420 }} />;
  return (
    <div className="stack-large">
      <Form key={JSON.stringify(attributes)} queue={queue} attributes={attributes} />
      <Section title="About the queue">
        <div className="card">
          <Facts
            facts={[
              ['ARN', <CopyText key="arn" text={queue.arn} />],
              ['URL', <CopyText key="url" text={queue.url} />],
              ['Made', <Time key="made" at={Number(attributes['CreatedTimestamp'])} />],
              ['Changed', <Time key="changed" at={Number(attributes['LastModifiedTimestamp'])} />],
            ]}
          />
        </div>
        {attributes['Policy'] && <JsonView label="the policy" value={attributes['Policy']} />}
      </Section>
    </div>
  );
}

function Form({ queue, attributes }: { queue: Queue; attributes: Record<string, string> }) {
  const before = formOf(attributes);
  const [form, setForm] = useState<QueueForm>(before);
  const { busy, run } = useAction();
  const { data: page } = useQuery({
    queryKey: ['queue-names'],
    queryFn: ({ signal }) => listQueues(undefined, signal),
  });
  const others =
    page?.queues.filter((each) => each.name !== queue.name && each.fifo === queue.fifo).map((each) => each.name) ?? [];
  const changes = changesOf(before, form, queue.arn);
  const set = (part: Partial<QueueForm>) => setForm({ ...form, ...part });
  const problems = [
    ...numbers.map((each) => numberProblem(form[each.field] as string, each.least, each.most)),
    form.deadLetterQueue === '' ? null : numberProblem(form.receiveCountMax, 1, 1000),
  ];
  const isGood = problems.every((problem) => problem === null);
  const isChanged = Object.keys(changes).length > 0;
  return (
    <Section
      title="Settings"
      actions={
        <>
          {isChanged && <Button onClick={() => setForm(before)}>Undo</Button>}
          <Button
            kind="primary"
            busy={busy}
            disabled={!isChanged || !isGood}
            onClick={() =>
              void run(`Changed ${Object.keys(changes).join(', ')}`, () => setAttributes(queue.url, changes))
            }
          >
            Save
          </Button>
          <CopyAs
            forms={sqsForms(
              `aws sqs set-queue-attributes --queue-url ${shellQuote(queue.url)} --attributes ${shellQuote(JSON.stringify(changes))}`,
              'SetQueueAttributes',
              { QueueUrl: queue.url, Attributes: changes },
            )}
          />
        </>
      }
    >
      <div className="card stack">
        <div className="fields">
          {numbers.map((each, index) => (
            <Field
              key={each.attribute}
              label={`${each.label}, ${each.unit}`}
              error={problems[index]}
              hint={
                each.unit === 's' && Number(form[each.field]) >= 60
                  ? `${duration(Number(form[each.field]) * 1000)}. ${each.hint}`
                  : each.hint
              }
            >
              <input
                inputMode="numeric"
                value={form[each.field] as string}
                onChange={(event) => set({ [each.field]: event.target.value })}
              />
            </Field>
          ))}
        </div>
        <h3>When work fails every time</h3>
        <div className="fields">
          <Field label="Dead-letter queue" hint="After so many receives a message moves there">
            <select value={form.deadLetterQueue} onChange={(event) => set({ deadLetterQueue: event.target.value })}>
              <option value="">None: it comes again until it is too old</option>
              {[...new Set([...others, ...(form.deadLetterQueue ? [form.deadLetterQueue] : [])])].map((name) => (
                <option key={name}>{name}</option>
              ))}
            </select>
          </Field>
          {form.deadLetterQueue !== '' && (
            <Field label="Receives at most" error={problems.at(-1)}>
              <input
                inputMode="numeric"
                value={form.receiveCountMax}
                onChange={(event) => set({ receiveCountMax: event.target.value })}
              />
            </Field>
          )}
        </div>
        {queue.fifo && (
          <>
            <h3>Order</h3>
            <Toggle
              label="The same body is the same message"
              checked={form.contentBasedDeduplication}
              onChange={(contentBasedDeduplication) => set({ contentBasedDeduplication })}
            />
            <div className="fields">
              <Field label="What is sent twice is looked for in">
                <select
                  value={form.deduplicationScope}
                  onChange={(event) => set({ deduplicationScope: event.target.value })}
                >
                  <option value="queue">the queue</option>
                  <option value="messageGroup">its message group</option>
                </select>
              </Field>
            </div>
          </>
        )}
      </div>
    </Section>
  );
}
