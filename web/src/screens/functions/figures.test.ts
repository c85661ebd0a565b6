import { expect, it } from 'vitest';
import { figuresByFunction, money } from './figures';

const series = (metric: string, statistic: string, total: number | null, values: Array<number | null> = []) =>
  ({ metric, statistic, unit: 'count', total, values });

it('reads the figures of each function', () => {
  const figures = figuresByFunction({
    from: '', to: '', periodSeconds: 60, times: [], groupsLeftOut: 0,
    groups: [{
      group: { function: 'hello' },
      series: [series('invocations', 'sum', 8, [3, 5]), series('errors', 'sum', 2), series('duration', 'p95', 12.5)],
    }],
  });
  expect(figures.get('hello')).toMatchObject({ calls: 8, errorShare: 0.25, p95: 12.5, p50: null, callLine: [3, 5] });
});

it.each([[null, 'EUR', '–'], [0, 'EUR', '0 EUR'], [1.236, 'EUR', '1.24 EUR'], [0.000123, 'EUR', '0.00012 EUR'], [2, undefined, '–']])(
  'writes %s %s', (amount, currency, text) => expect(money(amount, currency)).toBe(text));
