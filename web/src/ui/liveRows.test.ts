import { describe, expect, it } from 'vitest';
import { nothingYet, takeNewest, takeOlder, type LiveRows } from './liveRows';

interface Row { id: number; state?: string }
const order = { key: (row: Row) => `${row.id}`, order: (row: Row) => String(row.id).padStart(6, '0') };
const rows = (...ids: number[]): Row[] => ids.map((id) => ({ id }));
const ids = (list: Row[]) => list.map((row) => row.id);
const begin: LiveRows<Row> = takeNewest<Row>(nothingYet, rows(3, 2, 1), true, order);

describe('takeNewest', () => {
  it('puts what is new on top when it is to be shown', () => {
    expect(ids(takeNewest(begin, rows(5, 4, 3), true, order).rows)).toEqual([5, 4, 3, 2, 1]);
  });

  it('lets it wait otherwise, and moves nothing', () => {
    const after = takeNewest(begin, rows(5, 4, 3), false, order);
    expect(ids(after.rows)).toEqual([3, 2, 1]);
    expect(ids(after.waiting)).toEqual([5, 4]);
    const shown = takeNewest(takeNewest(after, rows(6, 5, 4), false, order), [], true, order);
    expect(ids(shown.rows)).toEqual([6, 5, 4, 3, 2, 1]);
  });

  it('puts what began earlier and is told later where it belongs', () => {
    expect(ids(takeNewest({ ...begin, rows: rows(9, 5) }, rows(9, 7, 5), true, order).rows)).toEqual([9, 7, 5]);
  });

  it('begins anew when more than a page came between', () => {
    expect(ids(takeNewest(begin, rows(99, 98), true, order).rows)).toEqual([99, 98]);
    expect(takeNewest(begin, rows(99, 98), false, order).hasGap).toBe(true);
  });

  it('keeps rows that did not change as they are, and changes those that did', () => {
    const after = takeNewest(begin, [{ id: 3, state: 'ended' }, { id: 2 }], false, order);
    expect(after.rows[0]).toEqual({ id: 3, state: 'ended' });
    expect(after.rows[1]).toBe(begin.rows[1]);
    expect(takeNewest(begin, rows(3, 2, 1), false, order).rows).toBe(begin.rows);
  });
});

describe('takeOlder', () => {
  it('puts a page below and none twice', () => {
    expect(ids(takeOlder(begin, rows(1, 0), order).rows)).toEqual([3, 2, 1, 0]);
  });
});
