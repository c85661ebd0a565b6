// Days of a calendar in the viewer's zone. Pure: days are texts such as 2026-11-22, so that no clock change moves them.
import type { CalendarDay } from '../../api/schedules';

export type View = 'week' | 'month';

const dayMilliseconds = 86_400_000;
/** Times a day of one schedule above which they are shown as one. */
const oftenAbove = 8;
const utc = (day: string) => Date.parse(`${day}T00:00:00Z`);
const textOf = (time: number) => new Date(time).toISOString().slice(0, 10);

export const addDays = (day: string, count: number): string => textOf(utc(day) + count * dayMilliseconds);

/** The day of a moment by a local clock. */
export function dayOf(date: Date): string {
  return `${date.getFullYear()}-${String(date.getMonth() + 1).padStart(2, '0')}-${String(date.getDate()).padStart(2, '0')}`;
}

/** The first moment of a day by the local clock. */
export const startOf = (day: string): Date => new Date(`${day}T00:00:00`);

/** Weeks of seven days from Monday on that hold the day: one, or those of its month. */
export function weeksOf(day: string, view: View): string[][] {
  const monday = (of: string) => addDays(of, -((new Date(utc(of)).getUTCDay() + 6) % 7));
  if (view === 'week') return [weekFrom(monday(day))];
  const month = day.slice(0, 7);
  const weeks: string[][] = [];
  for (let first = monday(`${month}-01`); first.slice(0, 7) <= month; first = addDays(first, 7))
    weeks.push(weekFrom(first));
  return weeks;
}

const weekFrom = (monday: string): string[] => Array.from({ length: 7 }, (_, index) => addDays(monday, index));

/** The same day a week or a month later or earlier; the month's last when it has no such day. */
export function step(day: string, view: View, count: number): string {
  if (view === 'week') return addDays(day, 7 * count);
  const [year, month, date] = day.split('-').map(Number) as [number, number, number];
  const first = new Date(Date.UTC(year, month - 1 + count, 1));
  const last = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0)).getUTCDate();
  return textOf(Date.UTC(first.getUTCFullYear(), first.getUTCMonth(), Math.min(date, last)));
}

/** Entries by day, the earliest first; what happened comes before what is to come at the same time. */
export function byDay(entries: CalendarDay[]): Map<string, CalendarDay[]> {
  const days = new Map<string, CalendarDay[]>();
  for (const entry of entries) {
    const list = days.get(entry.day);
    if (list) list.push(entry);
    else days.set(entry.day, [entry]);
  }
  for (const list of days.values()) list.sort((one, other) => Date.parse(one.firstAt) - Date.parse(other.firstAt));
  return days;
}

/** What stands in a week at hours, and what is too frequent for that. */
export function placed(
  entries: CalendarDay[],
  hourOf: (time: string) => number,
): { often: CalendarDay[]; hours: Map<number, Array<{ entry: CalendarDay; at: string }>> } {
  const often: CalendarDay[] = [];
  const hours = new Map<number, Array<{ entry: CalendarDay; at: string }>>();
  const totals = new Map<string, number>();
  const nameOf = (entry: CalendarDay) => `${entry.group}/${entry.name}`;
  for (const entry of entries) totals.set(nameOf(entry), (totals.get(nameOf(entry)) ?? 0) + entry.count);
  for (const entry of entries) {
    if (totals.get(nameOf(entry))! > oftenAbove || entry.count > entry.times.length) {
      often.push(entry);
      continue;
    }
    for (const at of entry.times) {
      const hour = hourOf(at);
      hours.set(hour, [...(hours.get(hour) ?? []), { entry, at }]);
    }
  }
  for (const list of hours.values()) list.sort((one, other) => Date.parse(one.at) - Date.parse(other.at));
  return { often, hours };
}
