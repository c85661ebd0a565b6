import { describe, expect, it } from 'vitest';
import { nothingYet, takeNewest, takeOlder, type LiveRows } from './liveRows';

interface Row {
  id: number;
  state?: string;
}
const key = (row: Row) => `${row.id}`;
const rows = (...ids: number[]): Row[] => ids.map((id) => ({ id }));
const ids = (list: Row[]) => list.map((row) => row.id);
const begin: LiveRows<Row> = takeNewest<Row>(nothingYet, rows(3, 2, 1), true, key);

describe('takeNewest', () => {
  it('puts what is new on top when it is to be shown', () => {
    expect(ids(takeNewest(begin, rows(5, 4, 3), true, key).rows)).toEqual([5, 4, 3, 2, 1]);
  });

  it('lets it wait otherwise, and moves nothing', () => {
    const after = takeNewest(begin, rows(5, 4, 3), false, key);
    expect(ids(after.rows)).toEqual([3, 2, 1]);
    expect(ids(after.waiting)).toEqual([5, 4]);
    const later = takeNewest(after, rows(6, 5, 4), false, key);
    expect(ids(later.waiting)).toEqual([6, 5, 4]);
    expect(ids(takeNewest(later, rows(6, 5, 4), true, key).rows)).toEqual([6, 5, 4, 3, 2, 1]);
    expect(ids(takeNewest(later, rows(8, 7, 6), true, key).rows)).toEqual([8, 7, 6, 5, 4, 3, 2, 1]);
  });

  it('follows the order of the server for what is told late or comes up again', () => {
    expect(ids(takeNewest({ ...begin, rows: rows(9, 5) }, rows(9, 7, 5), true, key).rows)).toEqual([9, 7, 5]);
    expect(ids(takeNewest(begin, rows(1, 3, 2), true, key).rows)).toEqual([1, 3, 2]);
    expect(ids(takeNewest(begin, rows(1, 3, 2), false, key).rows)).toEqual([3, 2, 1]);
  });

  it('begins anew when more than a page came between', () => {
    expect(ids(takeNewest(begin, rows(99, 98), true, key).rows)).toEqual([99, 98]);
    const apart = takeNewest(begin, rows(99, 98), false, key);
    expect([apart.hasGap, ids(apart.rows)]).toEqual([true, [3, 2, 1]]);
    expect(ids(takeNewest(apart, rows(100, 99), true, key).rows)).toEqual([100, 99]);
  });

  it('keeps rows that did not change as they are, and changes those that did', () => {
    const after = takeNewest(begin, [{ id: 3, state: 'ended' }, { id: 2 }], false, key);
    expect(after.rows[0]).toEqual({ id: 3, state: 'ended' });
    expect(after.rows[1]).toBe(begin.rows[1]);
    expect(takeNewest(begin, rows(3, 2, 1), false, key).rows).toBe(begin.rows);
    expect(takeNewest(begin, rows(3, 2, 1), true, key)).toBe(begin);
  });

  it('keeps no more rows than it may', () => {
    expect(ids(takeNewest(begin, rows(5, 4, 3), true, key, 4).rows)).toEqual([5, 4, 3]);
    expect(takeNewest(begin, rows(6, 5, 4, 3), false, key, 2)).toMatchObject({
      hasGap: true,
      waiting: [{ id: 6 }, { id: 5 }],
    });
  });
});

describe('takeOlder', () => {
  it('puts a page below and none twice', () => {
    expect(ids(takeOlder(begin, rows(1, 0), key).rows)).toEqual([3, 2, 1, 0]);
  });
});
