import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useLocation } from 'wouter';
import { listSchedules, type Missed, type Schedule } from '../../api/schedules';
import { StatusBadge } from '../../ui/Badge';
import { Button } from '../../ui/Button';
import { DataTable, type Column } from '../../ui/DataTable';
import { EmptyState } from '../../ui/EmptyState';
import { count } from '../../ui/format';
import { Icon } from '../../ui/Icon';
import { Page } from '../../ui/Page';
import { Stat } from '../../ui/Stat';
import { Tabs } from '../../ui/Tabs';
import { Time } from '../../ui/Time';
import { useUrlState } from '../../ui/useUrlState';
import { Calendar } from './Calendar';
import { inWords } from './expression';
import { newForm } from './form';
import { ScheduleForm } from './ScheduleForm';
import { MissedTable } from './MissedTable';
import { targetOf } from './targets';
import './schedules.css';

export const pathOf = (schedule: { group: string; name: string }) =>
  `/schedules/${encodeURIComponent(schedule.group)}/${encodeURIComponent(schedule.name)}`;

const dayMilliseconds = 86_400_000;

const columns: Column<Schedule>[] = [
  {
    id: 'name',
    header: 'Schedule',
    sortBy: (schedule) => schedule.name,
    cell: (schedule) => (schedule.group === 'default' ? schedule.name : `${schedule.group}/${schedule.name}`),
  },
  {
    id: 'state',
    header: 'State',
    sortBy: (schedule) => schedule.state,
    cell: (schedule) => <StatusBadge status={schedule.state} />,
  },
  {
    id: 'when',
    header: 'When',
    grow: true,
    cell: (schedule) => (
      <span title={`${schedule.expression} · ${schedule.zone}`}>
        {inWords(schedule.expression)} {schedule.zone !== 'UTC' && <span className="faint">{schedule.zone}</span>}
      </span>
    ),
  },
  {
    id: 'next',
    header: 'Next',
    sortBy: (schedule) => schedule.next[0] ?? '9',
    cell: (schedule) => <Time at={schedule.next[0]} />,
  },
  {
    id: 'last',
    header: 'Last',
    wideOnly: true,
    sortBy: (schedule) => schedule.lastAt ?? '',
    cell: (schedule) => <Time at={schedule.lastAt} />,
  },
  {
    id: 'fired',
    header: 'Fired',
    number: true,
    wideOnly: true,
    sortBy: (schedule) => schedule.fired,
    cell: (schedule) => count(schedule.fired),
  },
  {
    id: 'missed',
    header: 'Missed',
    number: true,
    wideOnly: true,
    sortBy: (schedule) => schedule.missedCount,
    cell: (schedule) =>
      schedule.missedCount > 0 ? (
        <strong className="schedules-missed">{count(schedule.missedCount)}</strong>
      ) : (
        <span className="faint">0</span>
      ),
  },
  {
    id: 'target',
    header: 'Target',
    wideOnly: true,
    cell: (schedule) => {
      const target = targetOf(schedule.target);
      return (
        <span className="schedules-target" title={target.word}>
          <Icon name={target.icon} size={14} /> {target.name}
          {target.qualifier && `:${target.qualifier}`}
        </span>
      );
    },
  },
];

export default function Schedules() {
  const [, navigate] = useLocation();
  const [creating, setCreating] = useState(false);
  const { data, error, refetch } = useQuery({
    queryKey: ['schedules'],
    queryFn: ({ signal }) => listSchedules(signal),
    refetchInterval: 5000,
  });
  const next = data?.upcoming[0];
  const lately = data?.missed.filter((row) => Date.now() - Date.parse(row.lastAt) < dayMilliseconds) ?? [];
  return (
    <Page
      title="Schedules"
      intro="Each time fires once, or is listed as missed with the reason."
      actions={
        <Button kind="primary" icon="plus" onClick={() => setCreating(true)}>
          New schedule
        </Button>
      }
    >
      <div className="grid">
        <Stat label="Next" value={next ? <Time at={next.at} /> : '–'} detail={next?.name} href={next && pathOf(next)} />
        <Stat
          label="Enabled"
          value={data ? count(data.schedules.filter((each) => each.state === 'enabled').length) : '–'}
          detail={data && `of ${count(data.schedules.length)}${data.isComplete ? '' : ' and more'}`}
        />
        <Stat
          label="Missed in 24 hours"
          value={data ? count(sum(lately)) : '–'}
          tone={lately.length > 0 ? 'warn' : undefined}
          detail={lately.length > 0 ? 'see why under Missed' : 'none'}
          href={lately.length > 0 ? '/schedules?tab=missed' : undefined}
        />
        <Stat
          label="Tried again"
          value={data ? count(data.schedules.reduce((total, each) => total + each.held, 0)) : '–'}
          detail="hand-overs that no target took yet"
        />
      </div>
      <Tabs
        label="Views of schedules"
        tabs={[
          {
            id: 'list',
            label: 'List',
            content: () => <List data={data?.schedules} error={error} retry={() => void refetch()} />,
          },
          { id: 'calendar', label: 'Calendar', content: () => <Calendar /> },
          {
            id: 'missed',
            label: 'Missed',
            count: data ? sum(data.missed) : undefined,
            content: () => <MissedTable rows={data?.missed} />,
          },
        ]}
      />
      {creating && (
        <ScheduleForm
          initial={newForm(Intl.DateTimeFormat().resolvedOptions().timeZone)}
          isNew
          onClose={() => setCreating(false)}
          onSaved={(form) => navigate(pathOf(form))}
        />
      )}
    </Page>
  );
}

function List({ data, error, retry }: { data: Schedule[] | undefined; error: unknown; retry: () => void }) {
  const [filter, setFilter] = useUrlState('find');
  const [state, setState] = useUrlState('state');
  const shown = data?.filter(
    (each) =>
      (state === '' || each.state === state) &&
      `${each.group}/${each.name} ${targetOf(each.target).name}`.toLowerCase().includes(filter.toLowerCase()),
  );
  return (
    <div className="stack">
      <div className="row">
        <input
          type="search"
          data-search
          aria-label="Find a schedule by its name or target"
          placeholder="Find by name or target"
          value={filter}
          onChange={(event) => setFilter(event.target.value)}
        />
        <select aria-label="State" value={state} onChange={(event) => setState(event.target.value)}>
          <option value="">All states</option>
          <option value="enabled">Enabled</option>
          <option value="disabled">Disabled</option>
          <option value="over">Over</option>
        </select>
      </div>
      <DataTable
        label="Schedules"
        columns={columns}
        rows={shown}
        rowKey={(each) => `${each.group}/${each.name}`}
        href={pathOf}
        error={error}
        retry={retry}
        empty={
          filter || state ? (
            <EmptyState icon="search" title="No schedule fits" />
          ) : (
            <EmptyState
              icon="schedule"
              title="No schedules yet"
              command="lambent schedule create every-five --when 'rate(5 minutes)' --function NAME"
            >
              A schedule calls a function, sends to a queue or starts a workflow at times.
            </EmptyState>
          )
        }
      />
    </div>
  );
}

const sum = (rows: Missed[]) => rows.reduce((total, row) => total + row.count, 0);
