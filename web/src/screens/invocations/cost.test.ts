import { describe, expect, it } from 'vitest';
import { costOf, money } from './cost';

const history = [
  { from: '2026-01-01T00:00:00Z', perGigabyteSecond: 0.0000166667, perMillionRequests: 0.2, currency: 'USD' },
  { from: '2026-06-01T00:00:00Z', perGigabyteSecond: 1, perMillionRequests: 0, currency: 'USD' },
];

describe('costOf', () => {
  it('takes the rates of the time', () => {
    const run = { billedMilliseconds: 1000, memoryMegabytes: 1024, startedAt: '2026-02-01T00:00:00Z' };
    expect(costOf(run, history)!.amount).toBeCloseTo(0.0000168667, 12);
    expect(costOf({ ...run, startedAt: '2026-07-01T00:00:00Z' }, history)!.amount).toBe(1);
    expect(costOf({ ...run, startedAt: '2025-07-01T00:00:00Z' }, history)).toBeNull();
  });

  it('is written without exponents', () => {
    expect(money({ amount: 0.00000020831, currency: 'USD' })).toBe('0.000000208 USD');
    expect(money({ amount: 12.5, currency: 'EUR' })).toBe('12.50 EUR');
    expect(money(null)).toBe('–');
  });
});
