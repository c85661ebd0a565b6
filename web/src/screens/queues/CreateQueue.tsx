import { useState } from 'react';
import { useLocation } from 'wouter';
import { createQueue } from '../../api/queues';
import { Button } from '../../ui/Button';
import { CopyAs, shellQuote } from '../../ui/CopyAs';
import { Dialog } from '../../ui/Dialog';
import { Field, Toggle } from '../../ui/Field';
import { useAction } from '../../ui/useAction';
import { sqsForms } from './words';

/** Names that SQS takes; .fifo is put on by the choice below. */
const isName = (name: string) => /^[\w-]{1,75}$/.test(name);

export function CreateQueue({ open, onClose }: { open: boolean; onClose: () => void }) {
  const [, navigate] = useLocation();
  const [name, setName] = useState('');
  const [kind, setKind] = useState<'standard' | 'priority' | 'fifo'>('standard');
  const [byContent, setByContent] = useState(true);
  const { busy, run } = useAction();
  const bare = name.replace(/\.fifo$/, '');
  const whole = kind === 'fifo' ? `${bare}.fifo` : bare;
  const attributes: Record<string, string> =
    kind === 'fifo' ? { FifoQueue: 'true', ContentBasedDeduplication: String(byContent) } : {};
  const tags: Record<string, string> = kind === 'priority' ? { 'lambent:priority': 'true' } : {};
  const create = async () => {
    if (await run(`Made ${whole}`, () => createQueue(whole, attributes, tags))) {
      navigate(`/queues/${encodeURIComponent(whole)}`);
    }
  };
  const cli = `lambent queue create ${shellQuote(whole || 'NAME')}${kind === 'priority' ? ' --priority' : ''}`;
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title="New queue"
      footer={
        <>
          <CopyAs forms={sqsForms(cli, 'CreateQueue', { QueueName: whole, Attributes: attributes, tags })} />
          <span className="grow" />
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" busy={busy} disabled={!isName(bare)} onClick={() => void create()}>
            Make it
          </Button>
        </>
      }
    >
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          if (isName(bare)) void create();
        }}
      >
        <Field
          label="Name"
          hint={
            whole ? (
              <>
                It will be called <code>{whole}</code>
              </>
            ) : (
              'Letters, digits, hyphens and underscores'
            )
          }
          error={bare !== '' && !isName(bare) ? 'Up to 75 letters, digits, hyphens and underscores' : null}
        >
          <input
            value={name}
            onChange={(event) => setName(event.target.value)}
            autoFocus
            autoComplete="off"
            spellCheck={false}
          />
        </Field>
        <Field
          label="Order"
          hint={
            {
              standard: 'About in the order of sending. It is the fastest.',
              priority: 'Messages with a higher priority come first. It cannot be changed later.',
              fifo: 'The order of each message group is kept, and what is sent twice within five minutes is dropped.',
            }[kind]
          }
        >
          <select value={kind} onChange={(event) => setKind(event.target.value as typeof kind)}>
            <option value="standard">Standard</option>
            <option value="priority">With priorities</option>
            <option value="fifo">First in, first out (FIFO)</option>
          </select>
        </Field>
        {kind === 'fifo' && (
          <Toggle
            label="The same body is the same message"
            checked={byContent}
            onChange={setByContent}
            hint="Otherwise every message needs a deduplication id."
          />
        )}
      </form>
    </Dialog>
  );
}
