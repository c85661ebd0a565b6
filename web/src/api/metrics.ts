// Figures over time: /v1/metrics, and what programs put themselves, which CloudWatch's operations give.
import { call, callJson } from './client';

export interface MetricDefinition {
  name: string;
  kind: 'function' | 'queue' | 'state-machine';
  /** count, ms, s, ratio, GB-s or money. */
  unit: string;
  /** The statistic when none is asked for. */
  statistic: string;
  about: string;
}

export interface MetricCatalog {
  metrics: MetricDefinition[];
  /** Of what there are figures of the last days, by kind. */
  names: Record<string, string[]>;
}

export interface MetricSeries {
  metric: string;
  statistic: string;
  unit: string;
  total?: number;
  values: Array<number | null>;
}

export interface MetricGroup {
  group: Record<string, string>;
  series: MetricSeries[];
}

export interface MetricData {
  from: string;
  to: string;
  periodSeconds: number;
  times: string[];
  currency?: string;
  groups: MetricGroup[];
  groupsLeftOut: number;
}

export interface MetricQuery {
  /** Each NAME or NAME:STATISTIC, all about one kind of thing. */
  metric: string[];
  name?: string;
  version?: string;
  alias?: string;
  /** A time, or how long ago. */
  since?: string;
  until?: string;
  /** Seconds, whole minutes. */
  period?: number;
  groupBy?: string;
  top?: number;
  account?: string;
}

export function readCatalog(signal?: AbortSignal): Promise<MetricCatalog> {
  return call('/v1/metrics', { signal });
}

export function readMetrics(query: MetricQuery, signal?: AbortSignal): Promise<MetricData> {
  return call('/v1/metrics/data', { query: { ...query }, signal });
}

/** The beginnings of the periods in seconds since 1970, as charts want them. */
export function secondsOf(data: MetricData | undefined): number[] {
  return data?.times.map((time) => Date.parse(time) / 1000) ?? [];
}

export interface CustomMetric {
  Namespace: string;
  MetricName: string;
  Dimensions?: Array<{ Name: string; Value: string }>;
}

/** Metrics that programs put with PutMetricData. */
export async function listCustomMetrics(signal?: AbortSignal): Promise<CustomMetric[]> {
  const all: CustomMetric[] = [];
  let token: string | undefined;
  do {
    const page: { Metrics?: CustomMetric[]; NextToken?: string } = await callJson(
      'monitoring',
      'GraniteServiceVersion20100801.ListMetrics',
      token ? { NextToken: token } : {},
      signal,
    );
    all.push(...(page.Metrics ?? []).filter((metric) => !metric.Namespace.startsWith('AWS/')));
    token = page.NextToken;
  } while (token && all.length < 1000);
  return all;
}

/** One custom metric in the shape of the server's own. */
export async function readCustomMetric(
  metric: CustomMetric,
  statistic: string,
  from: number,
  to: number,
  periodSeconds: number,
  signal?: AbortSignal,
): Promise<{ times: number[]; values: number[] }> {
  const answer = await callJson<{
    MetricDataResults?: Array<{ Timestamps?: Array<number | string>; Values?: number[] }>;
  }>(
    'monitoring',
    'GraniteServiceVersion20100801.GetMetricData',
    {
      StartTime: from,
      EndTime: to,
      ScanBy: 'TimestampAscending',
      MetricDataQueries: [{ Id: 'one', MetricStat: { Metric: metric, Period: periodSeconds, Stat: statistic } }],
    },
    signal,
  );
  const result = answer.MetricDataResults?.[0];
  return {
    times: (result?.Timestamps ?? []).map((time) => (typeof time === 'number' ? time : Date.parse(time) / 1000)),
    values: result?.Values ?? [],
  };
}
