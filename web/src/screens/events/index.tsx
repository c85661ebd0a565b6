import { useCallback, useMemo, useState } from 'react';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link, useSearch } from 'wouter';
import { eventPage, linesOfEventsQuery, pendingStates, type AcceptedEvent, type EventPage } from '../../api/events';
import { functionNamesQuery } from '../../api/invocations';
import { StatusBadge } from '../../ui/Badge';
import { Button } from '../../ui/Button';
import { CopyAs, shellQuote } from '../../ui/CopyAs';
import { DataTable, type Column } from '../../ui/DataTable';
import { EmptyState } from '../../ui/EmptyState';
import { FilterBar, FilterSegments, FilterText } from '../../ui/FilterBar';
import { Page, Section } from '../../ui/Page';
import { Time } from '../../ui/Time';
import { visible } from '../../ui/text';
import { useUrlState } from '../../ui/useUrlState';
import { CancelEvent } from './CancelEvent';
import { Lines } from './Lines';
import { targetOfArn, targetOfLine } from './names';
import { Redrive } from './Redrive';
import { RedriveOne } from './RedriveOne';
import './Events.css';

const names = ['state', 'function'];
const periodMilliseconds = 2000;

/** Asynchronous events that are on their way or were given up, and why each is where it is. */
export default function Events() {
  const search = useSearch();
  const filter = useMemo(() => {
    const parameters = new URLSearchParams(search);
    return { state: parameters.get('state') ?? undefined, function: parameters.get('function') ?? undefined };
  }, [search]);
  const [, setFunction] = useUrlState('function');
  const [redriving, setRedriving] = useState(false);
  const functions = useQuery(functionNamesQuery);
  const lines = useQuery(linesOfEventsQuery);
  const list = useInfiniteQuery({
    queryKey: ['events', filter],
    queryFn: ({ pageParam, signal }) => eventPage(filter, pageParam, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page: EventPage) => page.next,
    // Of a long list only what was read first is asked for again and again.
    refetchInterval: ({ state: { data } }) => ((data?.pages.length ?? 0) > 3 ? false : periodMilliseconds),
  });
  const rows = useMemo(() => list.data?.pages.flatMap((page) => page.events), [list.data]);
  const load = useCallback(() => void list.fetchNextPage(), [list.fetchNextPage]);
  const dead = (lines.data ?? []).filter((line) => line.dead > 0 && line.line.startsWith('function/'));
  const query = new URLSearchParams(
    Object.entries(filter).filter((entry): entry is [string, string] => !!entry[1]),
  ).toString();
  const cli = [
    'lambent events ls',
    filter.function && shellQuote(filter.function),
    filter.state && `--state ${filter.state}`,
  ]
    .filter(Boolean)
    .join(' ');

  return (
    <Page
      title="Events"
      intro="Calls that were handed over: what is on its way, and what was given up."
      actions={
        <>
          <CopyAs forms={{ cli, request: { method: 'GET', path: `/v1/events${query && `?${query}`}` } }} />
          <Button
            icon="retry"
            disabled={dead.length === 0}
            title={dead.length === 0 ? 'No event was given up' : undefined}
            onClick={() => setRedriving(true)}
          >
            Redrive dead
          </Button>
        </>
      }
    >
      <Section title="Lines">
        <Lines
          lines={lines.data}
          error={lines.error}
          retry={() => void lines.refetch()}
          chosen={filter.function}
          onChoose={(name) => setFunction(name === filter.function ? '' : name)}
        />
      </Section>
      <Section title="Events">
        <FilterBar label="Narrow the list" names={names}>
          <FilterSegments
            name="state"
            label="State"
            options={[['', 'All'], ...pendingStates.map((each): [string, string] => [each, each])]}
          />
          <FilterText name="function" label="Function" suggestions={functions.data} search />
        </FilterBar>
        <DataTable
          label="Events"
          columns={columns}
          rows={rows}
          rowKey={(row) => row.id}
          href={(row) => `/events/${encodeURIComponent(row.id)}`}
          error={list.error ?? undefined}
          retry={() => void list.refetch()}
          more={{ available: list.hasNextPage, loading: list.isFetchingNextPage, load }}
          empty={
            filter.state || filter.function ? (
              <EmptyState icon="filter" title="No event fits the filter">
                Events that ended are among the <Link href="/invocations?source=event">invocations</Link>.
              </EmptyState>
            ) : (
              <EmptyState icon="check" title="No event waits" command="lambent invoke hello --async">
                Events that ended are among the <Link href="/invocations?source=event">invocations</Link>.
              </EmptyState>
            )
          }
        />
      </Section>
      {redriving && (
        <Redrive
          lines={dead.map((line) => ({ name: targetOfLine(line.line).name, dead: line.dead }))}
          chosen={filter.function}
          onClose={() => setRedriving(false)}
        />
      )}
    </Page>
  );
}

const columns: Column<AcceptedEvent>[] = [
  { id: 'accepted', header: 'Accepted', cell: (row) => <Time at={row.acceptedAt} /> },
  { id: 'target', header: 'Target', cell: (row) => visible(targetOfArn(row.target).name) },
  { id: 'state', header: 'State', cell: (row) => <StatusBadge status={row.state} /> },
  { id: 'attempts', header: 'Attempts', number: true, wideOnly: true, cell: (row) => row.attempts },
  { id: 'due', header: 'Due', wideOnly: true, cell: (row) => <Time at={row.dueAt} /> },
  {
    id: 'priority',
    header: 'Priority',
    number: true,
    wideOnly: true,
    cell: (row) => row.priority || <span className="faint">0</span>,
  },
  {
    id: 'why',
    header: 'Why',
    grow: true,
    wideOnly: true,
    cell: (row) => (
      <span className="soft" title={row.why}>
        {visible(row.why ?? row.error ?? '')}
      </span>
    ),
  },
  {
    id: 'actions',
    header: 'Actions',
    cell: (row) => (
      <span className="events-actions">
        {row.state === 'dead' ? <RedriveOne event={row} quiet /> : <CancelEvent event={row} quiet />}
      </span>
    ),
  },
];
