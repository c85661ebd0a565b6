import { useState } from 'react';
import { getJournal, type Execution, type JournalEvent } from '../../api/executions';
import { Badge } from '../../ui/Badge';
import { CopyAs, shellQuote } from '../../ui/CopyAs';
import { DataTable, type Column } from '../../ui/DataTable';
import { Dialog } from '../../ui/Dialog';
import { EmptyState } from '../../ui/EmptyState';
import { duration } from '../../ui/format';
import { JsonView } from '../../ui/JsonView';
import { Facts } from '../../ui/Page';
import { cut, visible } from '../../ui/text';
import { ClockTime, Time } from '../../ui/Time';
import { usePages } from '../../ui/usePages';
import { useUrlState } from '../../ui/useUrlState';
import { groups, toneOf } from './journalGroups';

const pageEvents = 200;

/** Everything that happened, in order; kept for good and never changed. */
export function Journal({ execution }: { execution: Execution }) {
  const [group, setGroup] = useUrlState('events');
  const [shown, setShown] = useState<JournalEvent | null>(null);
  const start = Date.parse(execution.startedAt);
  const type = groups[group]?.types.join(',');
  const { rows, error, retry, more } = usePages(
    ['journal', execution.machine, execution.name, group],
    async (from, signal) => {
      const page = await getJournal(execution.machine, execution.name, { from, limit: pageEvents, type }, signal);
      return { items: page.events, next: page.next === undefined ? undefined : String(page.next) };
    },
    { every: execution.status === 'running' ? 2500 : undefined },
  );
  const columns: Column<JournalEvent>[] = [
    { id: 'sequence', header: '#', number: true, cell: (event) => <span className="mono">{event.sequence}</span> },
    { id: 'at', header: 'At', wideOnly: true, cell: (event) => <ClockTime at={event.at} /> },
    { id: 'since', header: 'Since start', number: true, cell: (event) => duration(Date.parse(event.at) - start) },
    { id: 'type', header: 'What happened', cell: (event) => <Badge tone={toneOf(event.type)}>{event.type}</Badge> },
    { id: 'state', header: 'State', cell: (event) => (event.name ? visible(event.name) : '') },
    {
      id: 'data',
      header: 'With',
      grow: true,
      wideOnly: true,
      cell: (event) =>
        event.error ? (
          <span className="executions-error">
            {visible(`${event.error}${event.cause ? `: ${cut(event.cause, 200)}` : ''}`)}
          </span>
        ) : (
          <code>{visible(cut(JSON.stringify(event.output ?? event.input) ?? '', 200))}</code>
        ),
    },
  ];
  const path = `/v1/executions/${encodeURIComponent(execution.machine)}/${encodeURIComponent(execution.name)}/journal`;
  return (
    <div className="stack">
      <div className="row">
        <select aria-label="Which events" value={group} onChange={(event) => setGroup(event.target.value)}>
          <option value="">All events</option>
          {Object.entries(groups).map(([id, each]) => (
            <option key={id} value={id}>
              {each.label}
            </option>
          ))}
        </select>
        <span className="grow" />
        <CopyAs
          forms={{
            cli: `lambent execution history ${shellQuote(`${execution.machine}/${execution.name}`)} --full`,
            request: { method: 'GET', path: type ? `${path}?type=${type}` : path },
          }}
        />
      </div>
      <DataTable
        label="Journal"
        columns={columns}
        rows={rows}
        rowKey={(event) => String(event.sequence)}
        onOpen={setShown}
        error={error}
        retry={retry}
        more={more}
        empty={<EmptyState icon="log" title="No event of this kind" />}
      />
      {shown && <EventDetail event={shown} onClose={() => setShown(null)} />}
    </div>
  );
}

function EventDetail({ event, onClose }: { event: JournalEvent; onClose: () => void }) {
  return (
    <Dialog open onClose={onClose} title={`${event.sequence}: ${event.type}`} wide>
      <div className="stack">
        <Facts
          facts={[
            [
              'At',
              <span key="at">
                <ClockTime at={event.at} /> (<Time at={event.at} />)
              </span>,
            ],
            event.historyId !== undefined && ['In AWS’s history', `event ${event.historyId}`],
            event.name && ['State', visible(event.name)],
            ['Branch', event.branch],
            event.index !== undefined && ['Index', event.index],
            event.next && ['Next', visible(event.next)],
            event.until && ['Until', <Time key="until" at={event.until} />],
            event.location && ['Field', <code key="field">{event.location}</code>],
            event.key && ['Key', <code key="key">{visible(event.key)}</code>],
            event.error && ['Error', visible(event.error)],
          ]}
        />
        {event.cause && <p className="executions-problem">{visible(event.cause)}</p>}
        {event.input !== undefined && (
          <>
            <h3>Input</h3>
            <JsonView label="the input" value={event.input} />
          </>
        )}
        {event.output !== undefined && (
          <>
            <h3>Output</h3>
            <JsonView label="the output" value={event.output} />
          </>
        )}
        {event.assigned !== undefined && (
          <>
            <h3>Variables that were set</h3>
            <JsonView label="the variables" value={event.assigned} />
          </>
        )}
      </div>
    </Dialog>
  );
}
