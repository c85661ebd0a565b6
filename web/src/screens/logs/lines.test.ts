import { describe, expect, it } from 'vitest';
import type { LogLine } from '../../api/logs';
import { append, bodyOf, fieldsOf, histogram, jsonOf, keyed, seenBefore, summaryOf } from './lines';

function line(second: number, text: string, level?: LogLine['level']): LogLine {
  const time = `2026-11-22T04:00:${String(second).padStart(2, '0')}.0000000+00:00`;
  return { time, function: 'hello', version: '$LATEST', environment: 'e1', requestId: 'r', text, level };
}

describe('a stream that is begun again', () => {
  it('shows each line once, also equal ones of one moment, and one that came late', () => {
    const isNew = seenBefore([line(1, 'a'), line(2, 'b'), line(2, 'b')]);
    expect(isNew([line(1, 'late'), line(2, 'b'), line(2, 'b')]).map((each) => each.text)).toEqual(['late']);
    expect(isNew([line(2, 'b'), line(3, 'c')]).map((each) => each.text)).toEqual(['b', 'c']);
  });

  it('takes everything when nothing is known', () => expect(seenBefore([])([line(1, 'a')])).toHaveLength(1));
});

it('holds so many lines and forgets the oldest', () => {
  const held = append(keyed([line(1, 'a'), line(2, 'b')]), keyed([line(3, 'c')]), 2);
  expect(held.map((each) => each.text)).toEqual(['b', 'c']);
});

describe('the text of a line', () => {
  const head = '2026-11-22T04:00:00.123Z\t11111111-2222-3333-4444-555555555555\tINFO\t';

  it('is shown without the head of the runtime', () => expect(bodyOf(`${head}hello`)).toBe('hello'));

  it('is JSON also behind a head', () => expect(jsonOf(`${head}{"a":1}`)).toEqual({ a: 1 }));

  it.each(['{"a":', '[1]', 'text {"a":1}', '{}x'])('%s is none', (text) => expect(jsonOf(text)).toBeNull());

  it('has members by their paths', () => {
    expect(fieldsOf({ user: { id: 7 }, tags: ['x'], empty: {} })).toEqual([
      { name: 'user.id', value: '7', searchable: true },
      { name: 'tags', value: '["x"]', searchable: false },
      { name: 'empty', value: '{}', searchable: false },
    ]);
  });

  it('begins with what it says', () => {
    expect(summaryOf({ level: 'info', msg: 'paid', order: 3 })).toEqual({ message: 'paid', rest: 'order=3' });
  });
});

describe('the histogram', () => {
  it('counts by time and by how grave', () => {
    const buckets = histogram([line(0, 'a'), line(1, 'b', 'error'), line(1, 'c', 'warn'), line(30, 'd')], 60);
    expect(buckets[0]).toMatchObject({ total: 1, bad: 0 });
    expect(buckets[1]).toMatchObject({ total: 2, bad: 1, warn: 1 });
    expect(buckets.reduce((sum, bucket) => sum + bucket.total, 0)).toBe(4);
  });

  it('of nothing is empty', () => expect(histogram([])).toEqual([]));
});
