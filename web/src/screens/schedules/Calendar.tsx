import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'wouter';
import { calendar, type CalendarDay } from '../../api/schedules';
import { Button, IconButton } from '../../ui/Button';
import { Dialog } from '../../ui/Dialog';
import { ErrorBox } from '../../ui/ErrorBox';
import { count } from '../../ui/format';
import { useUrlState } from '../../ui/useUrlState';
import { addDays, byDay, dayOf, placed, startOf, step, weeksOf, type View } from './days';
import { reasonWords } from './MissedTable';
import './Calendar.css';

const shownOfDay = 4;
const weekdays = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];

/** Weeks and months of what fired, what was missed and what is to come, by the clock of this browser. */
export function Calendar({ only }: { only?: { group: string; name: string } }) {
  const [view, setView] = useUrlState('view', 'month') as [View, (view: View) => void];
  const today = dayOf(new Date());
  const [at, setAt] = useUrlState('at', today);
  const [opened, setOpened] = useState<string | null>(null);
  const weeks = weeksOf(at, view);
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const [from, to] = [weeks[0]![0]!, addDays(weeks.at(-1)!.at(-1)!, 1)];
  const { data, error, refetch, isFetching } = useQuery({
    queryKey: ['schedule-calendar', from, to, only?.group, only?.name],
    queryFn: ({ signal }) =>
      calendar({ from: startOf(from).toISOString(), to: startOf(to).toISOString(), zone, ...only }, signal),
    refetchInterval: 15_000,
    placeholderData: keepPreviousData,
  });
  const days = byDay(data?.days ?? []);
  const title =
    view === 'month'
      ? startOf(at).toLocaleDateString('en-GB', { month: 'long', year: 'numeric' })
      : `${startOf(weeks[0]![0]!).toLocaleDateString('en-GB', { day: 'numeric', month: 'short' })} to ${startOf(weeks[0]![6]!).toLocaleDateString('en-GB', { day: 'numeric', month: 'short', year: 'numeric' })}`;
  return (
    <div className="stack">
      <div className="row">
        <Button onClick={() => setAt(today)} disabled={at === today}>
          Today
        </Button>
        <IconButton label={`The ${view} before`} icon="left" onClick={() => setAt(step(at, view, -1))} />
        <IconButton label={`The next ${view}`} icon="right" onClick={() => setAt(step(at, view, 1))} />
        <h2 className="grow" aria-live="polite">
          {title}
        </h2>
        <span className="calendar-legend" aria-hidden="true">
          <span className="calendar-dot calendar-fired" /> fired <span className="calendar-dot calendar-missed" />{' '}
          missed
          <span className="calendar-dot calendar-held" /> tried again or waiting{' '}
          <span className="calendar-dot calendar-coming" /> to come
        </span>
        <select aria-label="View" value={view} onChange={(event) => setView(event.target.value as View)}>
          <option value="month">Month</option>
          <option value="week">Week</option>
        </select>
      </div>
      {error && !data ? (
        <ErrorBox error={error} retry={() => void refetch()} />
      ) : (
        <div className="calendar-frame" aria-busy={isFetching}>
          {view === 'month' ? (
            <Month
              weeks={weeks}
              month={at.slice(0, 7)}
              today={today}
              days={days}
              single={only !== undefined}
              open={setOpened}
            />
          ) : (
            <Week week={weeks[0]!} today={today} days={days} open={setOpened} />
          )}
        </div>
      )}
      {data && !data.isComplete && (
        <p className="soft">There are more times than can be shown; the most frequent schedules are cut off.</p>
      )}
      <Dialog open={opened !== null} onClose={() => setOpened(null)} title={opened ? short(opened) : ''} wide>
        <ul className="stack">
          {(opened ? (days.get(opened) ?? []) : []).map((entry) => (
            <li key={keyOf(entry)}>
              <Entry entry={entry} whole />
            </li>
          ))}
        </ul>
      </Dialog>
    </div>
  );
}

interface GridProps {
  today: string;
  days: Map<string, CalendarDay[]>;
  open: (day: string) => void;
}

function Month({
  weeks,
  month,
  today,
  days,
  single,
  open,
}: GridProps & { weeks: string[][]; month: string; single: boolean }) {
  return (
    <table className="calendar calendar-month" aria-label="Month">
      <thead>
        <tr>
          {weekdays.map((name) => (
            <th key={name} scope="col">
              {name.slice(0, 3)}
              <span className="visually-hidden">{name.slice(3)}</span>
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {weeks.map((week) => (
          <tr key={week[0]}>
            {week.map((day) => {
              const entries = days.get(day) ?? [];
              const most = single ? shownOfDay + 2 : shownOfDay;
              return (
                <td
                  key={day}
                  className={[
                    day.startsWith(month) ? '' : 'calendar-other',
                    day === today ? 'calendar-today' : '',
                    entries.length ? '' : 'calendar-empty',
                  ].join(' ')}
                >
                  <button
                    type="button"
                    className="calendar-day"
                    onClick={() => open(day)}
                    disabled={entries.length === 0}
                    aria-label={`${short(day)}, ${entries.length} entries`}
                  >
                    {Number(day.slice(8))}
                    <span className="calendar-phone">
                      {' '}
                      {startOf(day).toLocaleDateString('en-GB', { weekday: 'long', month: 'long' })}
                    </span>
                  </button>
                  {entries.slice(0, most).map((entry) => (
                    <Entry key={keyOf(entry)} entry={entry} />
                  ))}
                  {entries.length > most && (
                    <button type="button" className="calendar-more" onClick={() => open(day)}>
                      {entries.length - most} more
                    </button>
                  )}
                </td>
              );
            })}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Week({ week, today, days, open }: GridProps & { week: string[] }) {
  const columns = week.map((day) => placed(days.get(day) ?? [], (at) => new Date(at).getHours()));
  const hours = [...new Set(columns.flatMap((column) => [...column.hours.keys()]))].sort((one, other) => one - other);
  return (
    <table className="calendar calendar-week" aria-label="Week">
      <thead>
        <tr>
          <th scope="col">
            <span className="visually-hidden">Hour</span>
          </th>
          {week.map((day, index) => (
            <th key={day} scope="col" className={day === today ? 'calendar-today' : undefined}>
              <button type="button" className="calendar-day" onClick={() => open(day)}>
                {weekdays[index]!.slice(0, 3)} {Number(day.slice(8))}
              </button>
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        <tr className="calendar-often">
          <th scope="row">Often</th>
          {columns.map((column, index) => (
            <td key={week[index]}>
              {column.often.map((entry) => (
                <Entry key={keyOf(entry)} entry={entry} />
              ))}
            </td>
          ))}
        </tr>
        {hours.map((hour) => (
          <tr key={hour}>
            <th scope="row">{String(hour).padStart(2, '0')}:00</th>
            {columns.map((column, index) => (
              <td key={week[index]}>
                {(column.hours.get(hour) ?? []).map(({ entry, at }) => (
                  <Entry key={`${keyOf(entry)}/${at}`} entry={entry} at={at} />
                ))}
              </td>
            ))}
          </tr>
        ))}
        {hours.length === 0 && columns.every((column) => column.often.length === 0) && (
          <tr>
            <td colSpan={8} className="soft">
              Nothing fires in this week.
            </td>
          </tr>
        )}
      </tbody>
    </table>
  );
}

const keyOf = (entry: CalendarDay) => `${entry.group}/${entry.name}/${entry.day}/${entry.state}/${entry.reason ?? ''}`;

/** One schedule on one day: when, how often, and what became of it. */
function Entry({ entry, at, whole }: { entry: CalendarDay; at?: string; whole?: boolean }) {
  const words = {
    fired: 'fired',
    missed: 'missed',
    held: 'is tried again',
    waiting: 'waits for the one before',
    coming: 'to come',
  }[entry.state];
  const why = entry.state === 'missed' ? `: ${entry.detail ?? reasonWords[entry.reason ?? 'late']}` : '';
  const times = entry.count > 1 && !at ? `${count(entry.count)} ×` : clock(at ?? entry.firstAt);
  return (
    <Link
      href={`/schedules/${encodeURIComponent(entry.group)}/${encodeURIComponent(entry.name)}`}
      className={`calendar-entry calendar-is-${entry.state}`}
      title={`${entry.name}, ${times} ${words}${why}`}
    >
      <span
        className={`calendar-dot calendar-${entry.state === 'waiting' ? 'held' : entry.state}`}
        aria-hidden="true"
      />
      <span className="calendar-time">{times}</span>
      <span className="ellipsis">{entry.name}</span>
      <span className={whole ? 'calendar-words' : 'visually-hidden'}>
        {words}
        {why}
        {whole &&
          entry.count > 1 &&
          `, ${entry.times.map(clock).join(' ')}${entry.count > entry.times.length ? ` … ${clock(entry.lastAt)}` : ''}`}
      </span>
    </Link>
  );
}

const clock = (at: string) => new Date(at).toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });

const short = (day: string) =>
  startOf(day).toLocaleDateString('en-GB', { weekday: 'short', day: 'numeric', month: 'long', year: 'numeric' });
