import { useCallback, useMemo, useState } from 'react';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useSearch } from 'wouter';
import { errorAlertsQuery, errorPage, type ErrorFilter, type ErrorGroup, type ErrorPage } from '../../api/errors';
import { functionNamesQuery } from '../../api/invocations';
import { Badge } from '../../ui/Badge';
import { ButtonLink } from '../../ui/Button';
import { CopyAs, shellQuote } from '../../ui/CopyAs';
import { DataTable, type Column } from '../../ui/DataTable';
import { EmptyState } from '../../ui/EmptyState';
import { FilterBar, FilterSegments, FilterSelect, FilterSince, FilterText } from '../../ui/FilterBar';
import { count } from '../../ui/format';
import { Page } from '../../ui/Page';
import { Time } from '../../ui/Time';
import { visible } from '../../ui/text';
import { HourBars } from './HourBars';
import { stateOf } from './state';
import './Errors.css';

const names = ['status', 'function', 'since', 'sort'];
const periodMilliseconds = 5000;

/** Errors of the same bug, each a row. */
export default function Errors() {
  const search = useSearch();
  const filter = useMemo((): ErrorFilter => {
    const parameters = new URLSearchParams(search);
    return {
      status: parameters.get('status') ?? 'open',
      function: parameters.get('function') ?? undefined,
      since: parameters.get('since') ?? undefined,
      sort: parameters.get('sort') ?? undefined,
    };
  }, [search]);
  const functions = useQuery(functionNamesQuery);
  const alerts = useQuery(errorAlertsQuery);
  const list = useInfiniteQuery({
    queryKey: ['errors', filter],
    queryFn: ({ pageParam, signal }) => errorPage(filter, pageParam, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page: ErrorPage) => page.next,
    refetchInterval: periodMilliseconds,
  });
  const [now] = useState(() => Date.now());
  const rows = useMemo(() => list.data?.pages.flatMap((page) => page.errors), [list.data]);
  const hours = list.data?.pages[0]?.hours ?? [];
  const columns = useMemo(() => columnsOf(hours, now), [hours, now]);
  const load = useCallback(() => void list.fetchNextPage(), [list.fetchNextPage]);
  const cli = [
    'lambent error ls',
    filter.function && shellQuote(filter.function),
    filter.status !== 'open' && `--status ${filter.status}`,
    filter.since && `--since ${filter.since}`,
    filter.sort === 'count' && '--most-frequent',
  ]
    .filter(Boolean)
    .join(' ');
  const query = new URLSearchParams(
    Object.entries(filter).filter((entry): entry is [string, string] => !!entry[1]),
  ).toString();

  return (
    <Page
      title="Errors"
      intro="Calls that failed and stacks that were logged, put together by what is the same bug."
      actions={
        <>
          <CopyAs forms={{ cli, request: { method: 'GET', path: `/v1/errors?${query}` } }} />
          <ButtonLink href="/alerts" icon="alert">
            {alerts.data?.length
              ? `${alerts.data.length} ${alerts.data.length === 1 ? 'alert' : 'alerts'} on errors`
              : 'Alert on errors'}
          </ButtonLink>
        </>
      }
    >
      <FilterBar label="Narrow the list" names={names}>
        <FilterSegments
          name="status"
          label="State"
          fallback="open"
          options={[
            ['open', 'Open'],
            ['resolved', 'Resolved'],
            ['ignored', 'Ignored'],
            ['all', 'All'],
          ]}
        />
        <FilterText name="function" label="Function" suggestions={functions.data} search />
        <FilterSince />
        <FilterSelect
          name="sort"
          label="Order"
          options={[
            ['', 'Last seen first'],
            ['count', 'Most frequent first'],
          ]}
        />
      </FilterBar>
      <DataTable
        label="Groups of errors"
        columns={columns}
        rows={rows}
        rowKey={(row) => row.id}
        href={(row) => `/errors/${encodeURIComponent(row.id)}`}
        error={list.error ?? undefined}
        retry={() => void list.refetch()}
        more={{ available: list.hasNextPage, loading: list.isFetchingNextPage, load }}
        empty={
          filter.status === 'open' && !filter.function && !filter.since ? (
            <EmptyState icon="check" title="No error is open">
              A call that fails is here within seconds, with its stack in your source.
            </EmptyState>
          ) : (
            <EmptyState icon="filter" title="No error fits the filter">
              Take out a part of it.
            </EmptyState>
          )
        }
      />
    </Page>
  );
}

function columnsOf(hours: string[], now: number): Column<ErrorGroup>[] {
  return [
    {
      id: 'error',
      header: 'Error',
      grow: true,
      cell: (row) => (
        <span className="errors-what">
          <span className="errors-type">{visible(row.type)}</span>
          <span className="errors-message">{visible(row.message)}</span>
        </span>
      ),
    },
    {
      id: 'state',
      header: 'State',
      cell: (row) => {
        const state = stateOf(row, now);
        return (
          <Badge tone={state.tone} title={state.detail}>
            {state.name}
          </Badge>
        );
      },
    },
    {
      id: 'hours',
      header: 'Last 24 hours',
      wideOnly: true,
      cell: (row) => <HourBars counts={row.counts} hours={hours} />,
    },
    {
      id: 'count',
      header: 'Count',
      number: true,
      cell: (row) => <strong title={row.count.toLocaleString('en-US')}>{count(row.count)}</strong>,
    },
    {
      id: 'functions',
      header: 'Functions',
      wideOnly: true,
      cell: (row) => (
        <span className="soft" title={row.functions.join(', ')}>
          {row.functions.slice(0, 2).map(visible).join(', ')}
          {row.functions.length > 2 && ` and ${row.functions.length - 2} more`}
        </span>
      ),
    },
    { id: 'first', header: 'First seen', wideOnly: true, cell: (row) => <Time at={row.firstSeen} /> },
    { id: 'last', header: 'Last seen', cell: (row) => <Time at={row.lastSeen} /> },
  ];
}
