// What the explorer shows, as it stands in its address, and what is made of the answers. Pure; the tests are beside it.
import type { CustomMetric, MetricData, MetricDefinition, MetricQuery } from '../../api/metrics';
import { lengthOf } from '../../ui/TimeRange';

export interface ExplorerState {
  /** Each NAME:STATISTIC, or custom: and what CloudWatch knows it by. */
  metrics: string[];
  name: string;
  version: string;
  groupBy: string;
  range: string;
  /** Explicit times, from drawing over the chart. */
  since: string;
  until: string;
  compare: boolean;
  /** The operator's: all accounts together. */
  allAccounts: boolean;
  view: 'chart' | 'table';
}

export const metricsDefault = ['invocations:sum', 'errors:sum'];

export function readState(query: string): ExplorerState {
  const parameters = new URLSearchParams(query);
  const get = (name: string) => parameters.get(name) ?? '';
  const metrics = parameters.getAll('m');
  return {
    metrics: metrics.length > 0 ? metrics : metricsDefault,
    name: get('name'),
    version: get('version'),
    groupBy: get('by'),
    range: get('range') || '1h',
    since: get('since'),
    until: get('until'),
    compare: get('compare') === 'yes',
    allAccounts: get('accounts') === 'all',
    view: get('view') === 'table' ? 'table' : 'chart',
  };
}

export function writeState(state: ExplorerState): string {
  const parameters = new URLSearchParams();
  const set = (name: string, value: string) => value && parameters.set(name, value);
  if (state.metrics.join() !== metricsDefault.join())
    for (const metric of state.metrics) parameters.append('m', metric);
  set('name', state.name);
  set('version', state.version);
  set('by', state.groupBy);
  if (state.range !== '1h') set('range', state.range);
  set('since', state.since);
  set('until', state.until);
  if (state.allAccounts) parameters.set('accounts', 'all');
  if (state.compare) parameters.set('compare', 'yes');
  if (state.view === 'table') parameters.set('view', 'table');
  return parameters.toString();
}

export interface Preset {
  label: string;
  state: Partial<ExplorerState>;
}

export const presets: Preset[] = [
  { label: 'Calls and errors', state: { metrics: metricsDefault, groupBy: '' } },
  { label: 'Latency', state: { metrics: ['duration:p50', 'duration:p95', 'duration:p99'], groupBy: '' } },
  { label: 'Error rate by function', state: { metrics: ['error-rate:average'], groupBy: 'function' } },
  { label: 'Cold starts', state: { metrics: ['cold-share:average', 'init-duration:p95'], groupBy: '' } },
  { label: 'Concurrency', state: { metrics: ['concurrency:max', 'throttles:sum'], groupBy: '' } },
  { label: 'Cost by function', state: { metrics: ['cost:sum', 'gb-seconds:sum'], groupBy: 'function' } },
  { label: 'Queue age', state: { metrics: ['queue.oldest-age:max', 'queue.visible:max'], groupBy: 'queue' } },
  { label: 'Executions', state: { metrics: ['executions.started:sum', 'executions.failed:sum'], groupBy: 'machine' } },
];

export const customPrefix = 'custom:';

/** A metric that a program put, as one text. */
export function customId(metric: CustomMetric): string {
  return (
    customPrefix +
    JSON.stringify([
      metric.Namespace,
      metric.MetricName,
      (metric.Dimensions ?? []).map((each) => [each.Name, each.Value]),
    ])
  );
}

export function customOf(id: string): CustomMetric | null {
  try {
    const [namespace, name, dimensions] = JSON.parse(id.slice(customPrefix.length)) as [
      string,
      string,
      Array<[string, string]>,
    ];
    return {
      Namespace: namespace,
      MetricName: name,
      Dimensions: dimensions.map(([Name, Value]) => ({ Name, Value })),
    };
  } catch {
    return null;
  }
}

export function customLabel(metric: CustomMetric): string {
  const dimensions = (metric.Dimensions ?? []).map((each) => `${each.Name}=${each.Value}`).join(', ');
  return `${metric.Namespace} ${metric.MetricName}${dimensions ? ` (${dimensions})` : ''}`;
}

/** Requests are about one kind of thing each; so many requests answer for all metrics. */
export function byKind(
  metrics: string[],
  catalog: MetricDefinition[],
): Array<{ kind: MetricDefinition['kind']; metrics: string[] }> {
  const kinds: Array<{ kind: MetricDefinition['kind']; metrics: string[] }> = [];
  for (const metric of metrics.filter((each) => !each.startsWith(customPrefix))) {
    const kind = catalog.find((known) => known.name === metric.split(':')[0])?.kind;
    if (!kind) continue;
    const found = kinds.find((each) => each.kind === kind);
    if (found) found.metrics.push(metric);
    else kinds.push({ kind, metrics: [metric] });
  }
  return kinds;
}

const groupsOf: Record<MetricDefinition['kind'], RegExp> = {
  function: /^(account|function|version|alias|tag:.+)$/,
  queue: /^(account|queue)$/,
  'state-machine': /^(account|machine)$/,
};

export function queryOf(
  state: ExplorerState,
  kind: MetricDefinition['kind'],
  metrics: string[],
  before: boolean,
): MetricQuery {
  const [since, until] = before ? timesBefore(state) : timesOf(state);
  return {
    metric: metrics,
    name: state.name || undefined,
    version: kind === 'function' ? state.version || undefined : undefined,
    since,
    until,
    groupBy: groupsOf[kind].test(state.groupBy) ? state.groupBy : undefined,
    top: 12,
    account: state.allAccounts ? 'all' : undefined,
  };
}

function timesOf(state: ExplorerState): [string, string | undefined] {
  return state.since ? [state.since, state.until || undefined] : [state.range, undefined];
}

/** As long a time, right before. */
function timesBefore(state: ExplorerState): [string, string] {
  if (!state.since) return [`${lengthOf(state.range) / 30_000}m`, `${lengthOf(state.range) / 60_000}m`];
  const from = Date.parse(state.since);
  const to = state.until ? Date.parse(state.until) : Date.now();
  return [new Date(2 * from - to).toISOString(), state.since];
}

/** One series with what is said about it. */
export interface Line {
  id: string;
  label: string;
  unit: string;
  values: Array<number | null>;
  /** The statistic of the whole time. */
  total?: number;
  /** The same a period before. */
  before?: Array<number | null>;
  totalBefore?: number;
}

export function linesOf(data: MetricData, before?: MetricData): Line[] {
  return data.groups.flatMap((group) => {
    const where = Object.values(group.group).join(' ');
    const same = before?.groups.find((each) => Object.values(each.group).join(' ') === where);
    return group.series.map((series, index): Line => {
      const what = `${series.metric} ${series.statistic}`;
      return {
        id: `${where} ${what}`,
        label: where ? `${where}: ${what}` : what,
        unit: series.unit,
        values: series.values,
        total: series.total,
        before: same?.series[index]?.values,
        totalBefore: same?.series[index]?.total,
      };
    });
  });
}

/** Values at the times of a chart; where there is none, nothing. */
export function aligned(times: number[], at: number[], values: number[]): Array<number | null> {
  const byTime = new Map(at.map((time, index) => [time, values[index] ?? null]));
  return times.map((time) => byTime.get(time) ?? null);
}

export interface Summary {
  last: number | null;
  average: number | null;
  highest: number | null;
}

export function summarize(values: Array<number | null>): Summary {
  const known = values.filter((value): value is number => value !== null);
  if (known.length === 0) return { last: null, average: null, highest: null };
  return {
    last: known.at(-1)!,
    average: known.reduce((sum, value) => sum + value, 0) / known.length,
    highest: Math.max(...known),
  };
}

export function asCsv(times: number[], lines: Line[]): string {
  const cell = (text: string) => (/[",\n]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text);
  const head = ['time', ...lines.map((line) => `${line.label} (${line.unit})`)];
  const rows = times.map((time, index) => [
    new Date(time * 1000).toISOString(),
    ...lines.map((line) => String(line.values[index] ?? '')),
  ]);
  return [head, ...rows].map((row) => row.map(cell).join(',')).join('\n') + '\n';
}

/** The same for a terminal; metrics that programs put are read with AWS's tools. */
export function metricsCommand(state: ExplorerState, quote: (text: string) => string): string {
  const parts = ['lambent metrics'];
  if (state.name) parts.push(quote(state.name));
  for (const metric of state.metrics.filter((each) => !each.startsWith(customPrefix)))
    parts.push(`--metric ${quote(metric)}`);
  if (state.since) {
    const until = state.until ? Date.parse(state.until) : Date.now();
    parts.push(`--last ${Math.max(1, Math.round((until - Date.parse(state.since)) / 60_000))}m`);
    if (state.until) parts.push(`--until ${quote(state.until)}`);
  } else parts.push(`--last ${state.range}`);
  if (state.version) parts.push(`--qualifier ${quote(state.version)}`);
  if (state.groupBy) parts.push(`--group-by ${quote(state.groupBy)}`);
  return parts.join(' ');
}
