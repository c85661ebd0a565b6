// What one call cost, by the rates of its time. The bill of the server is exact; this is the same sum for one row.
import type { Rates } from '../../api/invocations';

/** In the rates' currency; null where there were no rates yet. */
export function costOf(
  run: { billedMilliseconds: number; memoryMegabytes: number; startedAt: string },
  history: Rates[],
): { amount: number; currency: string } | null {
  const at = Date.parse(run.startedAt);
  const rates = history.findLast((each) => Date.parse(each.from) <= at);
  if (!rates) return null;
  const gigabyteSeconds = (run.billedMilliseconds * run.memoryMegabytes) / 1_024_000;
  return {
    amount: gigabyteSeconds * rates.perGigabyteSecond + rates.perMillionRequests / 1e6,
    currency: rates.currency,
  };
}

/** Small amounts with three significant digits and never as 1e-7. */
export function money(cost: { amount: number; currency: string } | null): string {
  if (!cost) return '–';
  const digits = cost.amount > 0 ? Math.min(12, Math.max(2, 2 - Math.floor(Math.log10(cost.amount)))) : 2;
  return `${cost.amount.toFixed(digits)} ${cost.currency}`;
}
