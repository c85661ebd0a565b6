import { useDeferredValue, useMemo } from 'react';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { functionPages, type FunctionEntry } from '../../api/functions';
import { figuresOfAll } from '../../api/functionFigures';
import { Badge } from '../../ui/Badge';
import { ButtonLink } from '../../ui/Button';
import { CopyAs } from '../../ui/CopyAs';
import { DataTable, type Column } from '../../ui/DataTable';
import { EmptyState } from '../../ui/EmptyState';
import { count, duration, percent } from '../../ui/format';
import { Page } from '../../ui/Page';
import { Sparkline } from '../../ui/Sparkline';
import { Time } from '../../ui/Time';
import { TimeRange, useTimeRange } from '../../ui/TimeRange';
import { useUrlState } from '../../ui/useUrlState';
import { figuresByFunction, money, type Figures } from './figures';
import { FunctionStateBadge } from './FunctionState';
import './functions.css';

interface Row extends FunctionEntry {
  figures: Figures | undefined;
}

const states: Array<[string, string]> = [
  ['', 'Any state'],
  ['active', 'Active'],
  ['pending', 'Pending'],
  ['updating', 'Updating'],
  ['failed', 'Failed'],
  ['update-failed', 'Update failed'],
  ['off', 'Off'],
];

export default function Functions() {
  const [filter, setFilter] = useUrlState('filter');
  const [tag, setTag] = useUrlState('tag');
  const [state, setState] = useUrlState('state');
  const { range, setRange } = useTimeRange('24h');
  const wanted = useDeferredValue(filter);
  const pages = useInfiniteQuery(functionPages({ filter: wanted, tag, state }));
  const figures = useQuery(figuresOfAll(range));
  const rows = useMemo(() => {
    const byName = figures.data ? figuresByFunction(figures.data) : new Map<string, Figures>();
    return pages.data?.pages
      .flatMap((page) => page.functions)
      .map((entry): Row => ({ ...entry, figures: byName.get(entry.name) }));
  }, [pages.data, figures.data]);
  const total = pages.data?.pages[0]?.total;
  const isNarrowed = filter !== '' || tag !== '' || state !== '';
  const currency = figures.data?.currency;

  return (
    <Page
      title="Functions"
      badge={total !== undefined && <span className="faint">{total.toLocaleString('en-US')}</span>}
      actions={
        <>
          <CopyAs forms={{ cli: 'lambent ls functions --wide', request: { method: 'GET', path: '/v1/functions' } }} />
          <ButtonLink href="/functions/new" kind="primary" icon="plus">
            New function
          </ButtonLink>
        </>
      }
    >
      <div className="row functions-filters">
        <input
          data-search
          className="functions-search"
          value={filter}
          aria-label="Part of a name"
          placeholder="Part of a name"
          onChange={(event) => setFilter(event.target.value)}
        />
        <input
          value={tag}
          aria-label="Tag"
          placeholder="Tag, or tag=value"
          className="functions-tag-field"
          onChange={(event) => setTag(event.target.value)}
        />
        <select aria-label="State" value={state} onChange={(event) => setState(event.target.value)}>
          {states.map(([value, label]) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </select>
        <span className="grow" />
        <TimeRange range={range} setRange={setRange} />
      </div>
      <DataTable<Row>
        label="Functions"
        columns={columnsOf(currency, setTag)}
        rows={rows}
        rowKey={(row) => row.name}
        href={(row) => `/functions/${encodeURIComponent(row.name)}`}
        error={pages.error}
        retry={() => void pages.refetch()}
        more={{
          available: pages.hasNextPage,
          loading: pages.isFetchingNextPage,
          load: () => void pages.fetchNextPage(),
        }}
        empty={
          isNarrowed ? (
            <EmptyState icon="filter" title="No function is like that">
              Change the name, the tag or the state above.
            </EmptyState>
          ) : (
            <EmptyState icon="function" title="Functions will be here" command="lambent deploy hello.py --url">
              A file with a handler is enough. Write one here, or deploy what you have.
            </EmptyState>
          )
        }
      />
    </Page>
  );
}

function columnsOf(currency: string | undefined, setTag: (tag: string) => void): Column<Row>[] {
  const figure = (of: (figures: Figures) => number | null, format: (value: number) => string) => (row: Row) => {
    const value = row.figures ? of(row.figures) : null;
    return value === null ? <span className="faint">–</span> : format(value);
  };
  return [
    {
      id: 'name',
      header: 'Name',
      cell: (row) => (
        <span className="functions-name">
          <span className="ellipsis" title={row.description || undefined}>
            {row.name}
          </span>
        </span>
      ),
    },
    {
      id: 'state',
      header: 'State',
      cell: (row) => (
        <span className="row functions-marks">
          <FunctionStateBadge state={row.state} reason={row.stateReason} />
          {row.figures && row.figures.throttles > 0 && (
            <Badge tone="warn" title={`${row.figures.throttles} calls were refused by a limit in this time`}>
              throttled
            </Badge>
          )}
        </span>
      ),
    },
    {
      id: 'last',
      header: 'Last call',
      wideOnly: true,
      cell: (row) => (
        <span
          className={row.lastOutcome && row.lastOutcome !== 'success' ? 'functions-bad' : undefined}
          title={row.lastOutcome}
        >
          <Time at={row.lastCalledAt} />
        </span>
      ),
    },
    {
      id: 'calls',
      header: 'Calls',
      number: true,
      cell: (row) => (
        <span className="functions-calls">
          {count(row.figures?.calls ?? 0)}
          <Sparkline label={`Calls of ${row.name}`} values={row.figures?.callLine ?? []} bad={row.figures?.errorLine} />
        </span>
      ),
    },
    {
      id: 'errors',
      header: 'Errors',
      number: true,
      cell: (row) => {
        const share = row.figures?.errorShare ?? null;
        return share === null ? (
          <span className="faint">–</span>
        ) : (
          <span className={share > 0 ? 'functions-bad' : undefined}>{percent(share)}</span>
        );
      },
    },
    { id: 'p50', header: 'p50', number: true, wideOnly: true, cell: figure((each) => each.p50, duration) },
    { id: 'p95', header: 'p95', number: true, wideOnly: true, cell: figure((each) => each.p95, duration) },
    { id: 'p99', header: 'p99', number: true, wideOnly: true, cell: figure((each) => each.p99, duration) },
    { id: 'cold', header: 'Cold', number: true, wideOnly: true, cell: figure((each) => each.coldShare, percent) },
    { id: 'gb', header: 'GB-s', number: true, wideOnly: true, cell: figure((each) => each.gigabyteSeconds, count) },
    ...(currency
      ? [
          {
            id: 'cost',
            header: 'Cost',
            number: true,
            wideOnly: true,
            cell: (row: Row) => money(row.figures?.cost ?? null, currency),
          },
        ]
      : []),
    { id: 'runtime', header: 'Runtime', wideOnly: true, cell: (row) => <span className="mono">{row.runtime}</span> },
    {
      id: 'tags',
      header: 'Tags',
      wideOnly: true,
      cell: (row) => (
        <span className="functions-tags">
          {Object.entries(row.tags)
            .filter(([key]) => !key.startsWith('lambent:'))
            .slice(0, 3)
            .map(([key, value]) => (
              <button
                key={key}
                type="button"
                className="functions-tag"
                title={`Only those with ${key}=${value}`}
                onClick={() => setTag(`${key}=${value}`)}
              >
                {key}
                {value && `=${value}`}
              </button>
            ))}
        </span>
      ),
    },
  ];
}
