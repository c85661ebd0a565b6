// Figures of functions over time, their calls, errors and lines, as GET /v1/metrics/data and its neighbours have them.
import { queryOptions } from '@tanstack/react-query';
import { call, send } from './client';

export interface MetricSeries {
  metric: string;
  statistic: string;
  unit: string;
  total: number | null;
  values: Array<number | null>;
}

export interface MetricData {
  from: string;
  to: string;
  periodSeconds: number;
  times: string[];
  currency?: string;
  groups: Array<{ group: Record<string, string>; series: MetricSeries[] }>;
  groupsLeftOut: number;
}

export interface CallEntry {
  id: string;
  function: string;
  version: string;
  outcome: string;
  origin: string;
  cameFrom?: string;
  startedAt: string;
  durationMilliseconds: number;
  startMilliseconds?: number;
  errorGroup?: string;
}

export interface ErrorEntry {
  id: string;
  kind: string;
  status: string;
  type: string;
  message: string;
  culprit: string;
  firstSeen: string;
  lastSeen: string;
  count: number;
  counts: number[];
}

export interface LogLine {
  time: string;
  function: string;
  version: string;
  requestId?: string;
  environment: string;
  text: string;
  level?: string;
}

export interface EnvironmentEntry {
  id: string;
  function: string;
  version: string;
  state: 'starting' | 'idle' | 'busy';
  calls: number;
  startedAt?: string;
  fetchMilliseconds: number;
  startMilliseconds: number;
  initMilliseconds: number;
  memoryMegabytes: number;
}

/** What `lambent ls functions --wide` shows, and GB-seconds. */
export const listMetrics = [
  'invocations:sum', 'errors:sum', 'throttles:sum', 'cold-share:average', 'duration:p50', 'duration:p95', 'duration:p99',
  'gb-seconds:sum', 'cost:sum',
] as const;

export const detailMetrics = [
  ...listMetrics, 'cold-starts:sum', 'concurrency:max', 'init-duration:p95', 'events.received:sum', 'events.dropped:sum',
] as const;

const groupsMax = 500;

export const figuresOfAll = (range: string) => queryOptions({
  queryKey: ['figures', 'all', range],
  queryFn: ({ signal }) => call<MetricData>('/v1/metrics/data', {
    query: { metric: listMetrics, groupBy: 'function', since: range, top: groupsMax, period: sparklinePeriod(range) }, signal,
  }),
  refetchInterval: 5000,
});

export const figuresOf = (name: string, range: string) => queryOptions({
  queryKey: ['figures', name, range],
  queryFn: ({ signal }) => call<MetricData>('/v1/metrics/data', {
    query: { metric: detailMetrics, function: name, since: range }, signal,
  }),
  refetchInterval: 5000,
});

export const callsOf = (name: string, limit: number) => queryOptions({
  queryKey: ['function', name, 'calls', limit],
  queryFn: async ({ signal }) => (await call<{ invocations: CallEntry[] }>(
    '/v1/invocations', { query: { function: name, limit }, signal })).invocations,
  refetchInterval: 3000,
});

export const errorsOf = (name: string, limit: number) => queryOptions({
  queryKey: ['function', name, 'errors', limit],
  queryFn: ({ signal }) => call<{ hours: string[]; errors: ErrorEntry[] }>(
    '/v1/errors', { query: { function: name, status: 'all', hours: 24, limit }, signal }),
  refetchInterval: 5000,
});

export const linesOf = (name: string, limit: number) => queryOptions({
  queryKey: ['function', name, 'lines', limit],
  queryFn: async ({ signal }) => {
    const response = await send('/v1/logs', { query: { function: name, limit }, signal });
    return (await response.text()).split('\n').filter((line) => line.length > 0)
      .map((line) => JSON.parse(line) as LogLine);
  },
  refetchInterval: 3000,
});

export const environmentsOf = (name: string) => queryOptions({
  queryKey: ['function', name, 'environments'],
  queryFn: async ({ signal }) =>
    (await call<{ environments: EnvironmentEntry[] }>('/v1/environments', { signal })).environments
      .filter((environment) => environment.function === name),
  refetchInterval: 5000,
});

/** About 24 points, which a line of 90 pixels shows well. */
export function sparklinePeriod(range: string): number {
  const seconds: Record<string, number> = { '15m': 60, '1h': 180, '6h': 900, '24h': 3600, '7d': 21_600, '30d': 86_400 };
  return seconds[range] ?? 900;
}
