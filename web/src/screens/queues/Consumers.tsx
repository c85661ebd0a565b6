import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'wouter';
import { ApiError } from '../../api/client';
import {
  acknowledge,
  createMapping,
  deleteMapping,
  deletePush,
  enableMapping,
  enablePush,
  getPush,
  listMappings,
  pushedMessages,
  type Mapping,
  type Push,
  type PushedMessage,
  type Queue,
} from '../../api/queues';
import { ActionButton } from '../../ui/ActionButton';
import { StatusBadge } from '../../ui/Badge';
import { Button } from '../../ui/Button';
import { CopyAs, shellQuote } from '../../ui/CopyAs';
import { DataTable, type Column } from '../../ui/DataTable';
import { Dialog } from '../../ui/Dialog';
import { EmptyState } from '../../ui/EmptyState';
import { Field, Toggle } from '../../ui/Field';
import { count } from '../../ui/format';
import { Facts, Section } from '../../ui/Page';
import { Time } from '../../ui/Time';
import { useAction } from '../../ui/useAction';
import { usePages } from '../../ui/usePages';

const functionOf = (mapping: Mapping) => mapping.FunctionArn.split(':').slice(6).join(':');

/** What takes messages out of the queue by itself, whether it works, and its switches. */
export function Consumers({ queue }: { queue: Queue }) {
  return (
    <div className="stack-large">
      <Triggers queue={queue} />
      <Pushes queue={queue} />
    </div>
  );
}

function Triggers({ queue }: { queue: Queue }) {
  const { run } = useAction();
  const [adding, setAdding] = useState(false);
  const { data, error, refetch } = useQuery({
    queryKey: ['queue-mappings', queue.arn],
    queryFn: ({ signal }) => listMappings(queue.arn, signal),
    refetchInterval: 4000,
  });
  const liveOf = (mapping: Mapping) => queue.consumers.find((each) => each.name === `function ${functionOf(mapping)}`);
  const columns: Column<Mapping>[] = [
    {
      id: 'function',
      header: 'Function',
      cell: (mapping) => (
        <Link href={`/functions/${encodeURIComponent(functionOf(mapping).split(':')[0]!)}`}>{functionOf(mapping)}</Link>
      ),
    },
    {
      id: 'state',
      header: 'State',
      cell: (mapping) => <StatusBadge status={mapping.State} title={mapping.StateTransitionReason} />,
    },
    {
      id: 'running',
      header: 'Under way',
      number: true,
      cell: (mapping) => (liveOf(mapping) ? `${liveOf(mapping)!.running} of ${liveOf(mapping)!.limit}` : '–'),
    },
    { id: 'batch', header: 'Batch', number: true, wideOnly: true, cell: (mapping) => mapping.BatchSize },
    {
      id: 'last',
      header: 'Last result',
      grow: true,
      cell: (mapping) => liveOf(mapping)?.problem ?? mapping.LastProcessingResult ?? '–',
    },
    {
      id: 'actions',
      header: 'Actions',
      cell: (mapping) => {
        const isOn = /^Enabl/.test(mapping.State);
        return (
          <span className="row">
            <Button
              kind="quiet"
              icon={isOn ? 'pause' : 'play'}
              onClick={() =>
                void run(`${isOn ? 'Paused' : 'Resumed'} ${functionOf(mapping)}`, () =>
                  enableMapping(mapping.UUID, !isOn),
                )
              }
            >
              {isOn ? 'Pause' : 'Resume'}
            </Button>
            <ActionButton
              label="Remove"
              kind="quiet"
              icon="trash"
              title="Remove this trigger?"
              action="Remove the trigger"
              done={`${functionOf(mapping)} is called no more`}
              act={() => deleteMapping(mapping.UUID)}
              forms={{
                cli: `lambent queue untrigger ${shellQuote(queue.name)} ${shellQuote(functionOf(mapping))}`,
                request: { method: 'DELETE', path: `/2015-03-31/event-source-mappings/${mapping.UUID}` },
              }}
            >
              <p>
                {functionOf(mapping)} gets no messages of {queue.name} any more. Calls under way end; the{' '}
                {queue.waiting} messages that wait stay.
              </p>
            </ActionButton>
          </span>
        );
      },
    },
  ];
  return (
    <Section
      title="Functions that it calls"
      actions={
        <Button icon="plus" onClick={() => setAdding(true)}>
          Call a function
        </Button>
      }
    >
      <DataTable
        label="Triggers"
        columns={columns}
        rows={data}
        rowKey={(mapping) => mapping.UUID}
        error={error}
        retry={() => void refetch()}
        empty={
          <EmptyState
            icon="function"
            title="It calls no function"
            command={`lambent queue trigger ${shellQuote(queue.name)} FUNCTION --partial`}
          />
        }
      />
      {adding && <AddTrigger queue={queue} onClose={() => setAdding(false)} />}
    </Section>
  );
}

function AddTrigger({ queue, onClose }: { queue: Queue; onClose: () => void }) {
  const [name, setName] = useState('');
  const [batch, setBatch] = useState(10);
  const [partial, setPartial] = useState(true);
  const { busy, run } = useAction();
  const add = async () => {
    if (await run(`${queue.name} calls ${name}`, () => createMapping(queue.arn, name, batch, partial))) onClose();
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={`Let ${queue.name} call a function`}
      footer={
        <>
          <CopyAs
            forms={{
              cli: `lambent queue trigger ${shellQuote(queue.name)} ${shellQuote(name || 'FUNCTION')} --batch ${batch}${partial ? ' --partial' : ''}`,
            }}
          />
          <span className="grow" />
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" busy={busy} disabled={name === ''} onClick={() => void add()}>
            Add
          </Button>
        </>
      }
    >
      <div className="stack">
        <Field label="Function" hint="A name, with :ALIAS or :VERSION if one is meant">
          <input value={name} onChange={(event) => setName(event.target.value)} autoFocus spellCheck={false} />
        </Field>
        <Field label="Messages of one call at most">
          <input
            type="number"
            min={1}
            max={10}
            value={batch}
            onChange={(event) => setBatch(Number(event.target.value))}
          />
        </Field>
        <Toggle
          label="Its answer names the messages that failed"
          checked={partial}
          onChange={setPartial}
          hint="Otherwise a call that fails brings its whole batch again."
        />
      </div>
    </Dialog>
  );
}

function Pushes({ queue }: { queue: Queue }) {
  const {
    data: push,
    error,
    isPending,
  } = useQuery({
    queryKey: ['queue-push', queue.name],
    queryFn: async ({ signal }) => {
      try {
        return await getPush(queue.name, signal);
      } catch (failure) {
        // That a queue does not push is an answer.
        if (failure instanceof ApiError && failure.status === 404) return null;
        throw failure;
      }
    },
    refetchInterval: 4000,
  });
  if (isPending)
    return (
      <Section title="Push subscribers">
        <div className="card" aria-busy="true" style={{ height: 120 }} />
      </Section>
    );
  return (
    <Section title="Push subscribers" actions={push && <PushSwitches queue={queue} push={push} />}>
      {error ? (
        <p className="soft">{error.message}</p>
      ) : push ? (
        <PushDetail queue={queue} push={push} />
      ) : (
        <EmptyState
          icon="external"
          title="It pushes to nobody"
          command={`lambent queue push set ${shellQuote(queue.name)} --to https://… --error-queue QUEUE`}
        >
          A queue can post its messages to addresses.
        </EmptyState>
      )}
    </Section>
  );
}

function PushSwitches({ queue, push }: { queue: Queue; push: Push }) {
  const { run } = useAction();
  const isOn = push.state === 'enabled';
  const path = `/v1/queues/${encodeURIComponent(queue.name)}/push`;
  return (
    <>
      <Button
        icon={isOn ? 'pause' : 'play'}
        onClick={() => void run(isOn ? 'Paused the push' : 'Resumed the push', () => enablePush(queue.name, !isOn))}
      >
        {isOn ? 'Pause' : 'Resume'}
      </Button>
      <ActionButton
        label="Remove"
        icon="trash"
        title={`Push ${queue.name} no more?`}
        action="Remove the push"
        done="The push is removed"
        act={() => deletePush(queue.name)}
        forms={{ cli: `lambent queue push rm ${shellQuote(queue.name)} --yes`, request: { method: 'DELETE', path } }}
      >
        <p>{push.subscribers.map((each) => each.name).join(', ')} get no messages any more. Those in the queue stay.</p>
      </ActionButton>
      <CopyAs
        forms={{
          cli: [
            'lambent queue push set',
            shellQuote(queue.name),
            ...push.subscribers.map((each) => `--to ${shellQuote(`${each.name}=${each.url}`)}`),
            `--error-queue ${shellQuote(push.errorQueue)} --mode ${push.mode} --retries ${push.retries}`,
          ].join(' '),
          request: { method: 'GET', path },
        }}
      />
    </>
  );
}

function PushDetail({ queue, push }: { queue: Queue; push: Push }) {
  const { run } = useAction();
  const { rows, error, retry, more } = usePages(
    ['queue-pushed', queue.name],
    async (after, signal) => {
      const page = await pushedMessages(queue.name, after, signal);
      return { items: page.messages, next: page.next };
    },
    { every: 4000 },
  );
  const columns: Column<PushedMessage>[] = [
    { id: 'id', header: 'Message', cell: (message) => <code>{message.id.slice(0, 8)}</code> },
    { id: 'sent', header: 'Sent', wideOnly: true, cell: (message) => <Time at={message.sentAt} /> },
    { id: 'next', header: 'Tried next', cell: (message) => <Time at={message.nextAt} /> },
    {
      id: 'who',
      header: 'Subscribers',
      grow: true,
      cell: (message) =>
        message.subscribers.map((each) => (
          <span key={each.name} className="row" title={each.problem}>
            {each.name} <StatusBadge status={each.state} /> {each.tries} tries{each.status ? `, ${each.status}` : ''}{' '}
            {each.problem && <span className="soft">{each.problem}</span>}
            {each.state !== 'delivered' && (
              <Button
                kind="quiet"
                icon="check"
                onClick={() => void run('Acknowledged', () => acknowledge(queue.name, message.id, each.name))}
              >
                Acknowledge
              </Button>
            )}
          </span>
        )),
    },
  ];
  return (
    <div className="stack">
      <div className="card">
        <Facts
          facts={[
            ['State', <StatusBadge key="state" status={push.state} />],
            ['Who gets a message', push.mode === 'multicast' ? 'every subscriber' : 'one of them'],
            ...push.subscribers.map((each): [string, React.ReactNode] => [
              each.name,
              <code key={each.name}>{each.url}</code>,
            ]),
            ['Tried again', `${push.retries} times, first after ${push.retryDelaySeconds} s`],
            ['Under way', `${push.running} of ${push.concurrency}`],
            ['Delivered', `${count(push.delivered)} of ${count(push.attempts)} attempts`],
            [
              'Given up',
              <Link key="given" href={`/queues/${encodeURIComponent(push.errorQueue)}`}>
                {count(push.givenUp)} to {push.errorQueue}
              </Link>,
            ],
            push.lastProblem && ['Last problem', push.lastProblem],
          ]}
        />
      </div>
      <h3>Tried again, or to be acknowledged</h3>
      <DataTable
        label="Messages that are pushed again"
        columns={columns}
        rows={rows}
        rowKey={(message) => message.id}
        error={error}
        retry={retry}
        more={more}
        empty={<p className="soft">None: what was pushed was taken.</p>}
      />
    </div>
  );
}
