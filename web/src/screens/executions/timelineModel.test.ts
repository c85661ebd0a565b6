import { describe, expect, it } from 'vitest';
import type { Row } from '../../api/executions';
import { aroundOf, clamp, countsBelow, linesOf, segmentsOf, ticksOf } from './timelineModel';

const at = (seconds: number) => new Date(seconds * 1000).toISOString();
const row = (number: number, part: Partial<Row> = {}): Row => ({
  number,
  state: `S${number}`,
  type: 'Pass',
  branch: 0,
  depth: 0,
  enteredAt: at(number),
  enteredBy: number + 1,
  exitedAt: at(number + 1),
  status: 'succeeded',
  attempts: [],
  ...part,
});

describe('lines', () => {
  it('puts branches below their state, one after the other', () => {
    const rows = [
      row(0, { type: 'Parallel' }),
      row(1, { parent: 0, index: 1, depth: 1 }),
      row(2, { parent: 0, index: 0, depth: 1 }),
      row(3, { parent: 0, index: 1, depth: 1 }),
      row(4),
    ];
    expect(linesOf(rows, new Set()).map((line) => line.row.number)).toEqual([0, 2, 1, 3, 4]);
    expect(linesOf(rows, new Set([0])).map((line) => line.row.number)).toEqual([0, 4]);
    expect(aroundOf(rows, 3)).toEqual([0]);
  });

  it('keeps a large Map closed, and stays fast with twenty thousand rows', () => {
    const rows = [
      row(0, { type: 'Map' }),
      ...Array.from({ length: 20_000 }, (_, index) => row(index + 1, { parent: 0, index, depth: 1 })),
      row(20_001),
    ];
    const began = performance.now();
    expect(linesOf(rows, new Set())).toHaveLength(2);
    expect(linesOf(rows, new Set([0]))).toHaveLength(20_002);
    expect(countsBelow(rows).get(0)).toBe(20_000);
    expect(performance.now() - began).toBeLessThan(1000);
  });
});

describe('segments', () => {
  it('shows each attempt, what it waited for, and the time between', () => {
    const segments = segmentsOf(
      row(0, {
        type: 'Task',
        exitedAt: at(10),
        attempts: [
          { scheduledAt: at(0), startedAt: at(1), endedAt: at(2), outcome: 'failed', error: 'Busy', retryAt: at(5) },
          { scheduledAt: at(5), endedAt: at(10), outcome: 'succeeded' },
        ],
      }),
      20_000,
    );
    expect(segments.map((each) => [each.kind, each.from / 1000, each.to / 1000])).toEqual([
      ['queued', 0, 1],
      ['failed', 1, 2],
      ['retry', 2, 5],
      ['succeeded', 5, 10],
    ]);
  });

  it('goes up to now while it goes on', () => {
    expect(segmentsOf(row(0, { type: 'Wait', exitedAt: undefined, status: 'waiting' }), 20_000)).toMatchObject([
      { kind: 'wait', to: 20_000 },
    ]);
    expect(
      segmentsOf(
        row(0, { type: 'Task', exitedAt: undefined, attempts: [{ scheduledAt: at(0), outcome: 'running' }] }),
        9000,
      ),
    ).toMatchObject([{ kind: 'running', to: 9000 }]);
  });
});

describe('axis', () => {
  it.each([
    [1000, 5, 200],
    [61_000, 6, 15_000],
    [400 * 86_400_000, 4, 100 * 86_400_000],
  ])('%d in %d', (length, wanted, step) => expect(ticksOf(length, wanted)[1]).toBe(step));

  it('stays within the whole', () => {
    expect(clamp(-50, 50, 0, 200)).toEqual([0, 100]);
    expect(clamp(150, 250, 0, 200)).toEqual([100, 200]);
    expect(clamp(-900, 900, 0, 200)).toEqual([0, 200]);
  });
});
