// Figures of functions as the screens show them, out of what GET /v1/metrics/data answers.
import type { MetricData, MetricSeries } from '../../api/functionFigures';

export interface Figures {
  calls: number;
  errors: number;
  throttles: number;
  /** Of calls, 0 to 1; null when there was none. */
  errorShare: number | null;
  coldShare: number | null;
  p50: number | null;
  p95: number | null;
  p99: number | null;
  gigabyteSeconds: number;
  cost: number | null;
  callLine: Array<number | null>;
  errorLine: Array<number | null>;
}

export function figuresByFunction(data: MetricData): Map<string, Figures> {
  return new Map(data.groups.map((group) => [group.group['function'] ?? '', figuresOfSeries(group.series)]));
}

export function figuresOfSeries(series: MetricSeries[]): Figures {
  const of = (metric: string, statistic?: string) => find(series, metric, statistic);
  const total = (metric: string, statistic?: string) => of(metric, statistic)?.total ?? null;
  const calls = total('invocations') ?? 0;
  const errors = total('errors') ?? 0;
  return {
    calls,
    errors,
    throttles: total('throttles') ?? 0,
    errorShare: calls > 0 ? errors / calls : null,
    coldShare: total('cold-share'),
    p50: total('duration', 'p50'),
    p95: total('duration', 'p95'),
    p99: total('duration', 'p99'),
    gigabyteSeconds: total('gb-seconds') ?? 0,
    cost: total('cost'),
    callLine: of('invocations')?.values ?? [],
    errorLine: of('errors')?.values ?? [],
  };
}

export function find(series: MetricSeries[], metric: string, statistic?: string): MetricSeries | undefined {
  return series.find((each) => each.metric === metric && (statistic === undefined || each.statistic === statistic));
}

/** Money in the operator's currency; small amounts keep two digits that say something. */
export function money(amount: number | null, currency: string | undefined): string {
  if (amount === null || currency === undefined) return '–';
  if (amount === 0) return `0 ${currency}`;
  return `${amount >= 1 ? amount.toFixed(2) : Number(amount.toPrecision(2))} ${currency}`;
}
