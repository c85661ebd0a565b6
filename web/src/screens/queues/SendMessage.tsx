import { useState } from 'react';
import { sendMessage, type NewMessage, type PeekedMessage, type Queue } from '../../api/queues';
import { Button, IconButton } from '../../ui/Button';
import { CodeEditor } from '../../ui/CodeEditor';
import { CopyAs } from '../../ui/CopyAs';
import { Dialog } from '../../ui/Dialog';
import { Field } from '../../ui/Field';
import { useAction } from '../../ui/useAction';
import { sendForms } from './words';

const delayMax = 900;

/** A new message, or one like another. */
export function SendMessage({
  queue,
  open,
  onClose,
  like,
}: {
  queue: Queue;
  open: boolean;
  onClose: () => void;
  like?: PeekedMessage;
}) {
  const [message, setMessage] = useState<NewMessage>(() => draftOf(queue, like));
  const { busy, run } = useAction();
  const change = (part: Partial<NewMessage>) => setMessage({ ...message, ...part });
  const problem = problemOf(queue, message);
  const send = async () => {
    if (await run(`Sent to ${queue.name}`, () => sendMessage(queue.url, message))) {
      setMessage(draftOf(queue));
      onClose();
    }
  };
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title={`Send a message to ${queue.name}`}
      wide
      footer={
        <>
          <CopyAs forms={sendForms(queue, message)} />
          <span className="grow">{problem && <span className="field-error">{problem}</span>}</span>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" busy={busy} disabled={problem !== null} onClick={() => void send()}>
            Send
          </Button>
        </>
      }
    >
      <div className="stack">
        <h3>Body</h3>
        <CodeEditor
          label="Body"
          language="json"
          value={message.body}
          onChange={(body) => change({ body })}
          minHeight={140}
        />
        <div className="fields">
          {!queue.fifo && (
            <Field label="Delay in seconds" hint={`0 to ${delayMax}; empty: the queue's own`}>
              <input
                type="number"
                min={0}
                max={delayMax}
                value={message.delaySeconds ?? ''}
                onChange={(event) => change({ delaySeconds: numberOf(event.target.value) })}
              />
            </Field>
          )}
          {queue.priorities && (
            <Field label="Priority" hint="0 to 9; the higher, the sooner">
              <input
                type="number"
                min={0}
                max={9}
                value={message.priority ?? ''}
                onChange={(event) => change({ priority: numberOf(event.target.value) })}
              />
            </Field>
          )}
          <Field label="Message group" hint={queue.fifo ? 'Its order is kept' : 'Kept and given back'}>
            <input
              value={message.group ?? ''}
              onChange={(event) => change({ group: event.target.value })}
              spellCheck={false}
            />
          </Field>
          {queue.fifo && (
            <Field label="Deduplication id" hint="A second one within five minutes is dropped">
              <input
                value={message.deduplicationId ?? ''}
                onChange={(event) => change({ deduplicationId: event.target.value })}
                spellCheck={false}
              />
            </Field>
          )}
        </div>
        <div className="row">
          <h3 className="grow">Attributes</h3>
          <Button
            icon="plus"
            disabled={message.attributes.length >= 10}
            onClick={() => change({ attributes: [...message.attributes, { name: '', type: 'String', value: '' }] })}
          >
            Add one
          </Button>
        </div>
        {message.attributes.map((attribute, index) => {
          const set = (part: Partial<typeof attribute>) =>
            change({
              attributes: message.attributes.map((each, place) => (place === index ? { ...each, ...part } : each)),
            });
          return (
            <div key={index} className="queues-attribute">
              <Field label="Name">
                <input
                  value={attribute.name}
                  onChange={(event) => set({ name: event.target.value })}
                  spellCheck={false}
                />
              </Field>
              <Field label="Type">
                <select value={attribute.type} onChange={(event) => set({ type: event.target.value })}>
                  <option>String</option>
                  <option>Number</option>
                  <option value="Binary">Binary (base64)</option>
                </select>
              </Field>
              <Field label="Value">
                <input
                  value={attribute.value}
                  onChange={(event) => set({ value: event.target.value })}
                  spellCheck={false}
                />
              </Field>
              <IconButton
                label="Remove this attribute"
                icon="cross"
                onClick={() => change({ attributes: message.attributes.filter((_, place) => place !== index) })}
              />
            </div>
          );
        })}
      </div>
    </Dialog>
  );
}

function draftOf(queue: Queue, like?: PeekedMessage): NewMessage {
  if (!like)
    return {
      body: '{\n  "id": 1\n}',
      attributes: [],
      ...(queue.fifo ? { group: 'one', deduplicationId: crypto.randomUUID?.() ?? String(Date.now()) } : {}),
    };
  return {
    body: like.body,
    group: like.group,
    priority: like.priority,
    deduplicationId: queue.fifo ? `${like.deduplicationId ?? like.id}-again`.slice(0, 128) : undefined,
    attributes: Object.entries(like.attributes ?? {})
      .filter(([name]) => name !== 'lambent.priority')
      .map(([name, { type, text, base64 }]) => ({ name, type, value: text ?? base64 ?? '' })),
  };
}

function problemOf(queue: Queue, message: NewMessage): string | null {
  if (message.body === '') return 'A message has a body.';
  if (queue.fifo && !message.group) return 'A FIFO queue needs a message group.';
  if (message.attributes.some((each) => each.name === '' || each.value === ''))
    return 'An attribute has a name and a value.';
  return null;
}

const numberOf = (text: string): number | undefined => (text === '' ? undefined : Math.trunc(Number(text)));
