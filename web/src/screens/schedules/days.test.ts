import { describe, expect, it } from 'vitest';
import type { CalendarDay } from '../../api/schedules';
import { byDay, placed, step, weeksOf } from './days';

const entry = (name: string, firstAt: string, count = 1, times = [firstAt]): CalendarDay => ({
  group: 'default',
  name,
  day: firstAt.slice(0, 10),
  state: 'coming',
  count,
  firstAt,
  lastAt: firstAt,
  times,
});

describe('days', () => {
  it('weeks begin on Monday and cover the month', () => {
    expect(weeksOf('2026-11-22', 'week')).toEqual([
      ['2026-11-16', '2026-11-17', '2026-11-18', '2026-11-19', '2026-11-20', '2026-11-21', '2026-11-22'],
    ]);
    const month = weeksOf('2026-11-22', 'month');
    expect(month[0]![0]).toBe('2026-10-26');
    expect(month.at(-1)!.at(-1)).toBe('2026-12-06');
    expect(weeksOf('2027-02-10', 'month')).toHaveLength(4);
  });

  it('steps by weeks and by months, whose last day may be earlier', () => {
    expect(step('2026-12-31', 'week', 1)).toBe('2027-01-07');
    expect(step('2026-12-31', 'month', 2)).toBe('2027-02-28');
    expect(step('2026-01-15', 'month', -1)).toBe('2025-12-15');
  });

  it('puts the earliest of a day first, and what is frequent apart', () => {
    const entries = [
      entry('late', '2026-11-22T18:00:00Z'),
      entry('early', '2026-11-22T09:00:00Z'),
      entry('often', '2026-11-22T00:00:00Z', 1440),
    ];
    expect(
      byDay(entries)
        .get('2026-11-22')!
        .map((each) => each.name),
    ).toEqual(['often', 'early', 'late']);
    const { often, hours } = placed(entries, (time) => new Date(time).getUTCHours());
    expect(often.map((each) => each.name)).toEqual(['often']);
    expect([...hours.keys()].sort((a, b) => a - b)).toEqual([9, 18]);
  });
});
