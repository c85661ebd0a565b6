// Figures over time, as GET /v1/metrics/data answers them, in the form that charts take.
import { call } from './client';

export interface MetricTable {
  times: string[];
  periodSeconds: number;
  groups: Array<{
    group: Record<string, string>;
    series: Array<{ metric: string; statistic: string; unit: string; total?: number; values: Array<number | null> }>;
  }>;
}

export interface SeriesQuery {
  /** Such as queue.visible or executions.time:p95. */
  metrics: string[];
  name?: string;
  groupBy?: string;
  since: string;
  period?: number;
}

export const readSeries = ({ metrics, ...query }: SeriesQuery, signal?: AbortSignal) =>
  call<MetricTable>('/v1/metrics/data', { query: { metric: metrics, ...query }, signal });

/** Seconds since 1970, for a chart. */
export const timesOf = (table: MetricTable): number[] => table.times.map((time) => Date.parse(time) / 1000);

/** The values of one metric of the first group; nulls where there is none. */
export function valuesOf(table: MetricTable, metric: string, factor = 1): Array<number | null> {
  const found = table.groups[0]?.series.find(
    (each) =>
      each.metric === metric.split(':')[0] && (!metric.includes(':') || each.statistic === metric.split(':')[1]),
  );
  return table.times.map((_, index) => {
    const value = found?.values[index];
    return value === null || value === undefined ? null : value * factor;
  });
}
