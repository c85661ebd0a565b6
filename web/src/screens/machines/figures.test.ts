import { expect, it } from 'vitest';
import { figuresOf } from './figures';

it('figures of machines count what ran out of time as failed', () => {
  const series = (metric: string, total: number | undefined, values: Array<number | null> = []) => ({
    metric,
    statistic: 'sum',
    unit: 'count',
    total,
    values,
  });
  const found = figuresOf({
    times: [],
    periodSeconds: 3600,
    groups: [
      {
        group: { machine: 'shop' },
        series: [
          series('executions.started', 5, [null, 5]),
          series('executions.failed', 1),
          series('executions.timed-out', 2),
          series('executions.time', undefined),
        ],
      },
    ],
  });
  expect(found.get('shop')).toEqual({ started: 5, succeeded: 0, failed: 3, p95: null, perHour: [0, 5] });
});
