import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { peek, peekOne, type PeekedMessage, type Queue } from '../../api/queues';
import { StatusBadge } from '../../ui/Badge';
import { Button } from '../../ui/Button';
import { CopyAs, CopyText, shellQuote } from '../../ui/CopyAs';
import { DataTable, type Column } from '../../ui/DataTable';
import { Dialog } from '../../ui/Dialog';
import { EmptyState } from '../../ui/EmptyState';
import { ErrorBox } from '../../ui/ErrorBox';
import { bytes } from '../../ui/format';
import { JsonView } from '../../ui/JsonView';
import { Facts } from '../../ui/Page';
import { cut, visible } from '../../ui/text';
import { Time } from '../../ui/Time';
import { usePages } from '../../ui/usePages';
import { useUrlState } from '../../ui/useUrlState';
import { SendMessage } from './SendMessage';

const columns: Column<PeekedMessage>[] = [
  { id: 'sent', header: 'Sent', cell: (message) => <Time at={message.sentAt} /> },
  {
    id: 'state',
    header: 'State',
    cell: (message) => <StatusBadge status={message.state === 'visible' ? 'waiting' : message.state} />,
  },
  {
    id: 'body',
    header: 'Body',
    grow: true,
    cell: (message) => <code>{visible(cut(message.body.replace(/\s+/g, ' '), 200))}</code>,
  },
  { id: 'receives', header: 'Receives', number: true, cell: (message) => message.receiveCount },
  {
    id: 'extra',
    header: 'Group or priority',
    wideOnly: true,
    cell: (message) => message.group ?? (message.priority === undefined ? '–' : `priority ${message.priority}`),
  },
  {
    id: 'next',
    header: 'Can be received',
    wideOnly: true,
    cell: (message) => (message.state === 'visible' ? 'now' : <Time at={message.visibleAt} />),
  },
];

/** What lies in the queue, in the order of sending. Looking takes nothing and counts as no receive. */
export function Messages({ queue }: { queue: Queue }) {
  const [group, setGroup] = useUrlState('group');
  const [shown, setShown] = useUrlState('message');
  const { rows, error, retry, more } = usePages(
    ['queue-messages', queue.name, group],
    async (after, signal) => {
      const page = await peek(queue.name, { after, group, limit: 50 }, signal);
      return { items: page.messages, next: page.next };
    },
    { every: 4000 },
  );
  return (
    <div className="stack">
      <div className="row">
        <p className="soft grow">
          Looking takes nothing: no message is hidden from receivers, and no receive is counted.
        </p>
        {queue.fifo && (
          <input
            type="search"
            data-search
            aria-label="Only of one message group"
            placeholder="Message group"
            value={group}
            onChange={(event) => setGroup(event.target.value)}
          />
        )}
        <CopyAs
          forms={{
            cli: `lambent queue peek ${shellQuote(queue.name)}${group ? ` --group ${shellQuote(group)}` : ''}`,
            request: { method: 'GET', path: `/v1/queues/${encodeURIComponent(queue.name)}/messages` },
          }}
        />
      </div>
      <DataTable
        label="Messages"
        columns={columns}
        rows={rows}
        rowKey={(message) => message.sequence}
        onOpen={(message) => setShown(message.sequence)}
        selectedKey={shown || null}
        error={error}
        retry={retry}
        more={more}
        empty={
          <EmptyState
            icon="queue"
            title={group ? `No message of the group “${group}”` : 'The queue is empty'}
            command={`lambent queue send ${shellQuote(queue.name)} --body hello${queue.fifo ? ' --group one' : ''}`}
          />
        }
      />
      {shown && <Message queue={queue} sequence={shown} onClose={() => setShown('')} />}
    </div>
  );
}

function Message({ queue, sequence, onClose }: { queue: Queue; sequence: string; onClose: () => void }) {
  const [again, setAgain] = useState(false);
  const {
    data: message,
    error,
    refetch,
  } = useQuery({
    queryKey: ['queue-message', queue.name, sequence],
    queryFn: ({ signal }) => peekOne(queue.name, sequence, signal),
  });
  const attributes = Object.entries(message?.attributes ?? {});
  return (
    <Dialog
      open
      onClose={onClose}
      title="Message"
      wide
      footer={
        message && (
          <Button icon="copy" onClick={() => setAgain(true)}>
            Send a copy
          </Button>
        )
      }
    >
      {error ? (
        <ErrorBox error={error} retry={() => void refetch()} />
      ) : (
        <div className="stack">
          <Facts
            facts={[
              ['Id', message && <CopyText text={message.id} label="Copy the id" />],
              ['State', message && <StatusBadge status={message.state === 'visible' ? 'waiting' : message.state} />],
              ['Sent', <Time key="sent" at={message?.sentAt} />],
              [
                'Can be received',
                message?.state === 'visible' ? 'now' : <Time key="visible" at={message?.visibleAt} />,
              ],
              ['Receives', message?.receiveCount],
              message?.firstReceivedAt && ['First received', <Time key="first" at={message.firstReceivedAt} />],
              message?.receivedAt && ['Last received', <Time key="last" at={message.receivedAt} />],
              message?.group && ['Message group', <code key="group">{message.group}</code>],
              message?.deduplicationId && ['Deduplication id', <code key="id">{message.deduplicationId}</code>],
              message?.priority !== undefined && ['Priority', message.priority],
              message?.deadLetterSource && ['Was moved here from', message.deadLetterSource.split(':').at(-1)],
              message?.traceHeader && ['Trace', <code key="trace">{message.traceHeader}</code>],
              message && ['Body', bytes(new TextEncoder().encode(message.body).length)],
            ]}
          />
          <JsonView label="the body" value={message?.body ?? ''} />
          {attributes.length > 0 && (
            <>
              <h3>Attributes</h3>
              <Facts
                facts={attributes.map(([name, value]) => [
                  `${name} (${value.type})`,
                  <code key={name}>{visible(value.text ?? value.base64 ?? '')}</code>,
                ])}
              />
            </>
          )}
        </div>
      )}
      {message && again && <SendMessage queue={queue} open onClose={() => setAgain(false)} like={message} />}
    </Dialog>
  );
}
