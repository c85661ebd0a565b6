import { useCallback, useMemo } from 'react';
import { useQuery } from '@tanstack/react-query';
import { useSearch } from 'wouter';
import { functionNamesQuery } from '../../api/invocations';
import { tracePage, type TraceFilter, type TraceSummary } from '../../api/traces';
import { Badge } from '../../ui/Badge';
import { CopyAs } from '../../ui/CopyAs';
import { DataTable, type Column } from '../../ui/DataTable';
import { EmptyState } from '../../ui/EmptyState';
import { FilterBar, FilterSegments, FilterSince, FilterText } from '../../ui/FilterBar';
import { duration } from '../../ui/format';
import { NewRows } from '../../ui/NewRows';
import { Page } from '../../ui/Page';
import { visible } from '../../ui/text';
import { useLiveRows } from '../../ui/useLiveRows';
import { Moment } from '../invocations/Moment';
import { millisecondsOf } from '../invocations/filter';
import { tracesCommand } from './command';
import './Traces.css';

const names = ['function', 'errors', 'longer', 'since', 'until'];
const key = (row: TraceSummary) => row.traceId;

/** What requests set off, the latest first. */
export default function Traces() {
  const search = useSearch();
  const filter = useMemo((): TraceFilter => {
    const parameters = new URLSearchParams(search);
    const longer = parameters.get('longer');
    return {
      function: parameters.get('function') ?? undefined,
      errors: parameters.get('errors') ?? undefined,
      'min-duration': longer ? String(millisecondsOf(longer) ?? longer) : undefined,
      since: parameters.get('since') ?? undefined,
      until: parameters.get('until') ?? undefined,
    };
  }, [search]);
  const identity = JSON.stringify(filter);
  const fetchPage = useCallback(
    async (cursor: string | undefined, signal?: AbortSignal) => {
      const page = await tracePage(filter, cursor, signal);
      return { rows: page.traces, next: page.next };
    },
    [identity],
  );
  const list = useLiveRows<TraceSummary>({
    queryKey: ['traces', filter],
    fetchPage,
    isLive: true,
    key,
    periodMilliseconds: 3000,
  });
  const functions = useQuery(functionNamesQuery);
  const longest = useMemo(() => Math.max(1, ...(list.rows ?? []).map((row) => row.durationMilliseconds)), [list.rows]);
  const columns = useMemo(() => columnsOf(longest), [longest]);
  const isFiltered = names.some((name) => new URLSearchParams(search).has(name));
  const query = new URLSearchParams(
    Object.entries(filter).filter((entry): entry is [string, string] => !!entry[1]),
  ).toString();

  // What is read is not drawn again because something waits above it.
  const table = useMemo(
    () => (
      <DataTable
        label="Traces"
        columns={columns}
        rows={list.rows}
        rowKey={key}
        href={(row) => `/traces/${row.traceId}`}
        error={list.error}
        retry={list.retry}
        more={list.more}
        empty={
          isFiltered ? (
            <EmptyState icon="filter" title="No trace fits the filter">
              Take out a part of it, or wait: new ones show up here.
            </EmptyState>
          ) : (
            <EmptyState icon="trace" title="There is no trace yet" command="lambent invoke hello --data '{}'">
              Every call begins or joins one, without anything being done for it.
            </EmptyState>
          )
        }
      />
    ),
    [columns, list.rows, list.error, list.retry, list.more, isFiltered],
  );

  return (
    <Page
      title="Traces"
      intro="Everything that one request set off: calls, messages, workflows and spans of your own."
      actions={
        <CopyAs
          forms={{
            cli: tracesCommand(filter),
            request: { method: 'GET', path: `/v1/traces${query && `?${query}`}` },
          }}
        />
      }
    >
      <FilterBar label="Narrow the list" names={names}>
        <FilterText name="function" label="Function" suggestions={functions.data} search />
        <FilterSegments
          name="errors"
          label="Outcome"
          options={[
            ['', 'All'],
            ['true', 'Failed'],
          ]}
        />
        <FilterText name="longer" label="Longer than" placeholder="Longer than, ms" width={140} />
        <FilterSince />
      </FilterBar>
      <NewRows count={list.waiting} isMore={list.isMore} onShow={list.showWaiting} />
      {table}
    </Page>
  );
}

function columnsOf(longest: number): Column<TraceSummary>[] {
  return [
    { id: 'time', header: 'Time', cell: (row) => <Moment at={row.startedAt} /> },
    { id: 'name', header: 'Began with', grow: true, cell: (row) => visible(row.name) },
    {
      id: 'status',
      header: 'Status',
      cell: (row) => <Badge tone={row.status === 'error' ? 'bad' : 'good'}>{row.status}</Badge>,
    },
    {
      id: 'duration',
      header: 'Duration',
      number: true,
      cell: (row) => (
        <>
          <span
            className={row.status === 'error' ? 'traces-share traces-share-bad' : 'traces-share'}
            aria-hidden="true"
          >
            <span
              style={{ width: `${Math.max(2, (Math.log1p(row.durationMilliseconds) / Math.log1p(longest)) * 100)}%` }}
            />
          </span>
          {duration(row.durationMilliseconds)}
        </>
      ),
    },
    { id: 'calls', header: 'Calls', number: true, cell: (row) => row.calls.toLocaleString('en-US') },
    {
      id: 'functions',
      header: 'Functions',
      wideOnly: true,
      cell: (row) => (
        <span className="soft" title={row.functions.join(', ')}>
          {row.functions.slice(0, 3).map(visible).join(', ')}
          {row.functions.length > 3 && ` and ${row.functions.length - 3} more`}
        </span>
      ),
    },
    {
      id: 'id',
      header: 'Trace',
      wideOnly: true,
      cell: (row) => (
        <span className="mono faint" title={row.traceId}>
          {row.traceId.slice(0, 8)}…
        </span>
      ),
    },
  ];
}
