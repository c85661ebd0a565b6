import { useCallback, useMemo, useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import { useSearch } from 'wouter';
import {
  functionNamesQuery,
  invocationPage,
  origins,
  outcomes,
  ratesQuery,
  type Invocation,
} from '../../api/invocations';
import { Button } from '../../ui/Button';
import { CopyAs } from '../../ui/CopyAs';
import { DataTable } from '../../ui/DataTable';
import { EmptyState } from '../../ui/EmptyState';
import { FilterBar, FilterSelect, FilterSince, FilterText } from '../../ui/FilterBar';
import { NewRows } from '../../ui/NewRows';
import { Page } from '../../ui/Page';
import { useLiveRows } from '../../ui/useLiveRows';
import { useUrlState } from '../../ui/useUrlState';
import { invocationColumns } from './columns';
import { filterNames, filterOf, listCommand, listPath } from './filter';
import { ReplayMany } from './ReplayMany';

const key = (row: Invocation) => `${row.id}/${row.startedAt}`;

/** Calls as they are made, the newest first. */
export default function Invocations() {
  const search = useSearch();
  const filter = useMemo(() => filterOf(search), [search]);
  const identity = JSON.stringify(filter);
  const [mode, setMode] = useUrlState('live', 'on');
  const [replaying, setReplaying] = useState(false);
  const names = useQuery(functionNamesQuery);
  const rates = useQuery(ratesQuery);
  const fetchPage = useCallback(
    async (cursor: string | undefined, signal?: AbortSignal) => {
      const page = await invocationPage(filter, cursor, signal);
      return { rows: page.invocations, next: page.next };
    },
    [identity],
  );
  const list = useLiveRows<Invocation>({ queryKey: ['invocations', filter], fetchPage, isLive: mode === 'on', key });
  const columns = useMemo(() => invocationColumns(rates.data ?? []), [rates.data]);
  const isFiltered = filterNames.some((name) => new URLSearchParams(search).has(name));

  // What is read is not drawn again because something waits above it.
  const table = useMemo(
    () => (
      <DataTable
        label="Invocations"
        columns={columns}
        rows={list.rows}
        rowKey={key}
        href={(row) => `/invocations/${encodeURIComponent(row.id)}`}
        error={list.error}
        retry={list.retry}
        more={list.more}
        empty={
          isFiltered ? (
            <EmptyState icon="filter" title="No call fits the filter">
              Take out a part of it, or wait: new ones show up here.
            </EmptyState>
          ) : (
            <EmptyState icon="invocation" title="Nothing was called yet" command="lambent invoke hello --data '{}'">
              Each call shows up here within two seconds.
            </EmptyState>
          )
        }
      />
    ),
    [columns, list.rows, list.error, list.retry, list.more, isFiltered],
  );

  return (
    <Page
      title="Invocations"
      intro="Every call of a function, the newest first."
      actions={
        <>
          <CopyAs forms={{ cli: listCommand(filter), request: { method: 'GET', path: listPath(filter) } }} />
          <Button
            icon={mode === 'on' ? 'pause' : 'play'}
            aria-pressed={mode === 'on'}
            onClick={() => setMode(mode === 'on' ? 'off' : 'on')}
            title="Whether new calls come in at the top by themselves"
          >
            {mode === 'on' ? 'Live' : 'Paused'}
          </Button>
          <Button icon="retry" onClick={() => setReplaying(true)}>
            Replay failed
          </Button>
        </>
      }
    >
      <FilterBar label="Narrow the list" names={filterNames}>
        <FilterText name="function" label="Function" suggestions={names.data} width={130} search />
        <FilterText name="version" label="Version" width={76} />
        <FilterSelect
          name="status"
          label="Status"
          options={[
            ['', 'Any status'],
            ['failed', 'Failed'],
            ...outcomes.map((each): [string, string] => [each, each.replace(/-/g, ' ')]),
          ]}
        />
        <FilterSelect
          name="cold"
          label="Start"
          options={[
            ['', 'Any start'],
            ['true', 'Cold'],
            ['false', 'Warm'],
          ]}
        />
        <FilterSelect
          name="source"
          label="Source"
          options={[['', 'Any source'], ...origins.map((each): [string, string] => [each, each])]}
        />
        <FilterText name="longer" label="Longer than" placeholder="Longer than" width={108} />
        <FilterSince />
        <FilterText name="text" label="Request id" placeholder="Request id" width={116} />
      </FilterBar>
      <NewRows count={list.waiting} isMore={list.isMore} onShow={list.showWaiting} />
      {table}
      {replaying && <ReplayMany filter={filter} onClose={() => setReplaying(false)} />}
    </Page>
  );
}
