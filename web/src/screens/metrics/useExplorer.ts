import { useQueries, useQuery } from '@tanstack/react-query';
import {
  listCustomMetrics,
  readCatalog,
  readCustomMetric,
  readMetrics,
  secondsOf,
  type MetricData,
} from '../../api/metrics';
import { lengthOf } from '../../ui/TimeRange';
import {
  aligned,
  byKind,
  customLabel,
  customOf,
  customPrefix,
  linesOf,
  queryOf,
  type ExplorerState,
  type Line,
} from './explorer';

const oftenMilliseconds = 10_000;

export interface Explored {
  times: number[];
  lines: Line[];
  currency?: string;
  error: unknown;
  loading: boolean;
  leftOut: number;
}

export function useCatalog() {
  return useQuery({
    queryKey: ['metrics', 'catalog'],
    queryFn: ({ signal }) => readCatalog(signal),
    staleTime: 30_000,
  });
}

export function useCustomMetrics() {
  return useQuery({
    queryKey: ['metrics', 'custom'],
    queryFn: ({ signal }) => listCustomMetrics(signal),
    staleTime: 30_000,
  });
}

/** The lines of all metrics that are chosen: one request for each kind of thing and for each metric of a program. */
export function useExplored(state: ExplorerState): Explored {
  const catalog = useCatalog();
  const kinds = byKind(state.metrics, catalog.data?.metrics ?? []);
  const refetchInterval = state.until ? (false as const) : oftenMilliseconds;
  const now = useQueries({
    queries: kinds.map(({ kind, metrics }) => {
      const query = queryOf(state, kind, metrics, false);
      return {
        queryKey: ['metrics', 'data', query],
        queryFn: ({ signal }: { signal: AbortSignal }) => readMetrics(query, signal),
        refetchInterval,
      };
    }),
  });
  const before = useQueries({
    queries: (state.compare ? kinds : []).map(({ kind, metrics }) => {
      const query = queryOf(state, kind, metrics, true);
      return {
        queryKey: ['metrics', 'data', query],
        queryFn: ({ signal }: { signal: AbortSignal }) => readMetrics(query, signal),
        refetchInterval,
      };
    }),
  });
  const grid = now.find((answer) => answer.data)?.data;
  const times = grid ? secondsOf(grid) : undefined;
  const custom = useCustomLines(state, times, grid?.periodSeconds, refetchInterval);
  const lines = now.flatMap((answer, index) => (answer.data ? own(answer.data, before[index]?.data, times!) : []));
  return {
    times: times ?? custom.times,
    lines: [...lines, ...custom.lines],
    currency: grid?.currency,
    error: catalog.error ?? now.find((answer) => answer.error)?.error ?? custom.error,
    loading: catalog.isPending || now.some((answer) => answer.isPending) || custom.loading,
    leftOut: now.reduce((sum, answer) => sum + (answer.data?.groupsLeftOut ?? 0), 0),
  };
}

/** Lines at the times of the chart, whose grid is that of the first answer. */
function own(data: MetricData, before: MetricData | undefined, times: number[]): Line[] {
  const at = secondsOf(data);
  const isSame = at.length === times.length && at[0] === times[0];
  return linesOf(data, before).map((line) =>
    isSame ? line : { ...line, values: aligned(times, at, line.values as number[]) },
  );
}

function useCustomLines(
  state: ExplorerState,
  grid: number[] | undefined,
  gridPeriod: number | undefined,
  refetchInterval: number | false,
) {
  const chosen = state.metrics
    .filter((metric) => metric.startsWith(customPrefix))
    .flatMap((metric) => {
      const [statistic, ...rest] = metric.slice(customPrefix.length).split('|');
      const parsed = customOf(customPrefix + rest.join('|'));
      return parsed ? [{ id: metric, statistic: statistic ?? 'Average', metric: parsed }] : [];
    });
  const to = state.until ? Date.parse(state.until) / 1000 : Math.floor(Date.now() / 60_000) * 60;
  const from = state.since ? Date.parse(state.since) / 1000 : to - lengthOf(state.range) / 1000;
  const period = gridPeriod ?? Math.max(60, Math.ceil((to - from) / 120 / 60) * 60);
  const answers = useQueries({
    queries: chosen.map(({ id, statistic, metric }) => ({
      queryKey: ['metrics', 'custom', id, from, to, period],
      queryFn: ({ signal }: { signal: AbortSignal }) => readCustomMetric(metric, statistic, from, to, period, signal),
      refetchInterval,
      placeholderData: (last: { times: number[]; values: number[] } | undefined) => last,
    })),
  });
  const begin = Math.floor(from / period) * period;
  const times =
    grid ??
    (chosen.length === 0
      ? []
      : Array.from({ length: Math.ceil((to - begin) / period) }, (_, index) => begin + index * period));
  return {
    times,
    lines: chosen.map(({ id, statistic, metric }, index): Line => ({
      id,
      label: `${customLabel(metric)} ${statistic.toLowerCase()}`,
      unit: 'count',
      values: aligned(times, answers[index]?.data?.times ?? [], answers[index]?.data?.values ?? []),
    })),
    error: answers.find((answer) => answer.error)?.error,
    loading: answers.some((answer) => answer.isPending),
  };
}
