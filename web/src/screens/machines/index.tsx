import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { listMachines, type Machine } from '../../api/machines';
import { readSeries } from '../../api/series';
import { StatusBadge } from '../../ui/Badge';
import { ButtonLink } from '../../ui/Button';
import { DataTable, type Column } from '../../ui/DataTable';
import { EmptyState } from '../../ui/EmptyState';
import { count, duration, percent } from '../../ui/format';
import { Page } from '../../ui/Page';
import { Sparkline } from '../../ui/Sparkline';
import { Stat } from '../../ui/Stat';
import { Time } from '../../ui/Time';
import { usePages } from '../../ui/usePages';
import { useUrlState } from '../../ui/useUrlState';
import { figuresOf, none, type MachineFigures } from './figures';
import './machines.css';

const metrics = [
  'executions.started',
  'executions.succeeded',
  'executions.failed',
  'executions.timed-out',
  'executions.time:p95',
];

export default function Machines() {
  const [filter, setFilter] = useUrlState('find');
  const { rows, error, retry, more } = usePages(
    ['machines'],
    async (after, signal) => {
      const page = await listMachines(after, signal);
      return { items: page.machines, next: page.next };
    },
    { every: 4000 },
  );
  const series = useQuery({
    queryKey: ['machine-series'],
    queryFn: ({ signal }) => readSeries({ metrics, since: '24h', period: 3600, groupBy: 'machine' }, signal),
    refetchInterval: 30_000,
  });
  const figures = useMemo(() => (series.data ? figuresOf(series.data) : undefined), [series.data]);
  const columns = useMemo(() => columnsOf((name) => (figures ? (figures.get(name) ?? none) : undefined)), [figures]);
  const shown = rows?.filter((machine) => machine.name.toLowerCase().includes(filter.toLowerCase()));
  const all = figures && [...figures.values()];
  const sum = (of: (each: MachineFigures) => number) =>
    all ? count(all.reduce((total, each) => total + of(each), 0)) : '–';
  return (
    <Page
      title="Workflows"
      intro="State machines that put functions, queues and waiting together."
      actions={
        <>
          <ButtonLink href="/executions" icon="log">
            All executions
          </ButtonLink>
          <ButtonLink href="/machines/new" kind="primary" icon="plus">
            New workflow
          </ButtonLink>
        </>
      }
    >
      <div className="grid">
        <Stat
          label="Running now"
          value={rows ? count(rows.reduce((total, machine) => total + machine.running, 0)) : '–'}
          detail="executions"
          href="/executions?status=running"
        />
        <Stat label="Started in 24 hours" value={sum((each) => each.started)} href="/executions?since=1d" />
        <Stat
          label="Failed in 24 hours"
          value={sum((each) => each.failed)}
          tone={all?.some((each) => each.failed > 0) ? 'bad' : undefined}
          href="/executions?status=failed&since=1d"
        />
        <Stat label="Workflows" value={rows ? `${count(rows.length)}${more.available ? '+' : ''}` : '–'} />
      </div>
      <div className="row">
        <input
          type="search"
          data-search
          aria-label="Find a workflow by its name"
          placeholder="Find by name"
          value={filter}
          onChange={(event) => setFilter(event.target.value)}
        />
      </div>
      <DataTable
        label="Workflows"
        columns={columns}
        rows={shown}
        rowKey={(machine) => machine.name}
        href={(machine) => `/machines/${encodeURIComponent(machine.name)}`}
        error={error}
        retry={retry}
        more={more}
        empty={
          filter ? (
            <EmptyState icon="search" title={`No workflow has “${filter}” in its name`} />
          ) : (
            <EmptyState icon="workflow" title="No workflows yet" command="lambent deploy order.asl.json">
              A workflow says what comes after what, what is tried again and who catches a failure. Draw one, or deploy
              a definition.
            </EmptyState>
          )
        }
      />
    </Page>
  );
}

function columnsOf(figures: (name: string) => MachineFigures | undefined): Column<Machine>[] {
  return [
    { id: 'name', header: 'Workflow', sortBy: (machine) => machine.name, cell: (machine) => machine.name },
    {
      id: 'type',
      header: 'Type',
      wideOnly: true,
      sortBy: (machine) => machine.type,
      cell: (machine) => (machine.isDeleting ? <StatusBadge status="deleting" /> : machine.type),
    },
    {
      id: 'running',
      header: 'Running',
      number: true,
      sortBy: (machine) => machine.running,
      cell: (machine) => figure(machine.running),
    },
    {
      id: 'started',
      header: 'Started, 24 h',
      number: true,
      wideOnly: true,
      sortBy: (machine) => figures(machine.name)?.started ?? 0,
      cell: (machine) => figure(figures(machine.name)?.started),
    },
    {
      id: 'failed',
      header: 'Failed, 24 h',
      number: true,
      sortBy: (machine) => figures(machine.name)?.failed ?? 0,
      cell: (machine) => {
        const failed = figures(machine.name)?.failed ?? 0;
        const ended = failed + (figures(machine.name)?.succeeded ?? 0);
        return failed === 0 ? (
          figure(figures(machine.name)?.failed)
        ) : (
          <strong className="machines-failed" title={`${percent(failed / ended)} of those that ended`}>
            {count(failed)}
          </strong>
        );
      },
    },
    {
      id: 'time',
      header: 'p95',
      number: true,
      wideOnly: true,
      sortBy: (machine) => figures(machine.name)?.p95 ?? -1,
      cell: (machine) => (figures(machine.name)?.p95 == null ? '–' : duration(figures(machine.name)!.p95!)),
    },
    {
      id: 'trend',
      header: '24 hours',
      wideOnly: true,
      cell: (machine) => (
        <Sparkline
          values={figures(machine.name)?.perHour ?? []}
          label={`Executions of ${machine.name} begun in each hour`}
        />
      ),
    },
    {
      id: 'last',
      header: 'Last run',
      sortBy: (machine) => machine.lastStartedAt ?? '',
      cell: (machine) => <Time at={machine.lastStartedAt} />,
    },
    {
      id: 'status',
      header: 'How it stands',
      cell: (machine) => machine.lastStatus && <StatusBadge status={machine.lastStatus} />,
    },
  ];
}

const figure = (value: number | undefined) =>
  value === undefined ? '–' : value === 0 ? <span className="faint">0</span> : count(value);
