import { describe, expect, it } from 'vitest';
import type { MetricData, MetricDefinition } from '../../api/metrics';
import {
  aligned,
  asCsv,
  byKind,
  customId,
  customOf,
  linesOf,
  metricsCommand,
  queryOf,
  readState,
  summarize,
  writeState,
} from './explorer';

const catalog = [
  { name: 'invocations', kind: 'function' },
  { name: 'queue.sent', kind: 'queue' },
] as MetricDefinition[];

function data(values: Array<number | null>, total: number): MetricData {
  return {
    from: '',
    to: '',
    periodSeconds: 60,
    times: [],
    groupsLeftOut: 0,
    groups: [
      {
        group: { function: 'hello' },
        series: [{ metric: 'invocations', statistic: 'sum', unit: 'count', total, values }],
      },
    ],
  };
}

describe('the address', () => {
  it.each(['', 'm=duration%3Ap99&name=hello&by=version&range=6h&compare=yes&view=table', 'since=a&until=b'])(
    '%s says the same after it is read',
    (query) => expect(writeState(readState(query))).toBe(query),
  );

  it('names a metric of a program', () => {
    const metric = { Namespace: 'Shop', MetricName: 'Orders', Dimensions: [{ Name: 'Page', Value: 'a:b' }] };
    expect(customOf(customId(metric))).toEqual(metric);
    expect(customOf('custom:nonsense')).toBeNull();
  });
});

it('asks once for each kind of thing', () => {
  expect(byKind(['invocations:sum', 'queue.sent:sum', 'unknown:sum', 'custom:x'], catalog)).toEqual([
    { kind: 'function', metrics: ['invocations:sum'] },
    { kind: 'queue', metrics: ['queue.sent:sum'] },
  ]);
});

it('groups only what can be grouped so', () => {
  const state = readState('by=function');
  expect(queryOf(state, 'function', ['invocations'], false).groupBy).toBe('function');
  expect(queryOf(state, 'queue', ['queue.sent'], false).groupBy).toBeUndefined();
});

it('compares with as long a time right before', () => {
  expect(queryOf(readState('range=6h'), 'function', [], true)).toMatchObject({ since: '720m', until: '360m' });
  const drawn = readState('since=2026-11-22T04:00:00.000Z&until=2026-11-22T05:00:00.000Z');
  expect(queryOf(drawn, 'function', [], true)).toMatchObject({
    since: '2026-11-22T03:00:00.000Z',
    until: '2026-11-22T04:00:00.000Z',
  });
});

it('has a line for each group and metric, with what was before', () => {
  expect(linesOf(data([1, 2], 3), data([0, 1], 1))[0]).toMatchObject({
    label: 'hello: invocations sum',
    total: 3,
    before: [0, 1],
    totalBefore: 1,
  });
});

it('puts values where their times are', () => expect(aligned([60, 120, 180], [120], [7])).toEqual([null, 7, null]));

it('sums up', () => {
  expect(summarize([1, null, 3])).toEqual({ last: 3, average: 2, highest: 3 });
  expect(summarize([null])).toEqual({ last: null, average: null, highest: null });
});

it('writes a table for spreadsheets', () => {
  const lines = linesOf(data([1, null], 1)).map((line) => ({ ...line, label: 'a,b' }));
  expect(asCsv([0, 60], lines)).toBe('time,"a,b (count)"\n1970-01-01T00:00:00.000Z,1\n1970-01-01T00:01:00.000Z,\n');
});

it('is the same command', () => {
  expect(metricsCommand(readState('m=duration%3Ap99&name=hello&by=version&range=6h'), (text) => text)).toBe(
    'lambent metrics hello --metric duration:p99 --last 6h --group-by version',
  );
});
