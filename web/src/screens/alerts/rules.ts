// Rules of alerts: in words, as a form, and as the figures they look at. Pure; the tests are beside it.
import { errorGroupsMetric, type Alert, type AlertRequest } from '../../api/alerts';
import type { MetricData, MetricDefinition, MetricQuery } from '../../api/metrics';
import { figure } from '../../ui/figure';

/** What the form holds; texts, because that is what is typed. */
export interface RuleForm {
  name: string;
  kind: string;
  metric: string;
  statistic: string;
  target: string;
  version: string;
  comparison: 'above' | 'below';
  threshold: string;
  window: string;
  lasting: string;
  samples: string;
  noData: 'no-data' | 'ok' | 'alert';
  webhooks: string[];
  emails: string;
}

export interface RuleKind {
  id: string;
  label: string;
  about: string;
  form: Partial<RuleForm>;
}

const plain: Partial<RuleForm> = {
  statistic: '',
  target: '',
  version: '',
  comparison: 'above',
  window: '5m',
  lasting: '0m',
  samples: '1',
  noData: 'no-data',
};

export const kinds: RuleKind[] = [
  {
    id: 'error-rate',
    label: 'Error rate',
    about: 'too large a share of calls fails',
    form: { ...plain, metric: 'error-rate', threshold: '5', samples: '20', lasting: '3m' },
  },
  {
    id: 'latency',
    label: 'Latency',
    about: 'calls take too long',
    form: { ...plain, metric: 'duration', statistic: 'p99', threshold: '800', window: '15m' },
  },
  {
    id: 'queue-age',
    label: 'Queue age',
    about: 'messages wait too long',
    form: { ...plain, metric: 'queue.oldest-age', threshold: '600' },
  },
  {
    id: 'dead-letters',
    label: 'Dead letters',
    about: 'messages are given up',
    form: { ...plain, metric: 'queue.dead-letters', threshold: '0', window: '1h' },
  },
  {
    id: 'budget',
    label: 'Budget',
    about: 'the month, or the day, costs too much',
    form: { ...plain, metric: 'cost', threshold: '20', window: 'month' },
  },
  {
    id: 'new-error',
    label: 'New error',
    about: 'an error is new, or is back',
    form: { ...plain, metric: errorGroupsMetric },
  },
  {
    id: 'throttles',
    label: 'Throttles',
    about: 'a limit refuses calls',
    form: { ...plain, metric: 'throttles', threshold: '0' },
  },
  {
    id: 'executions',
    label: 'Failed executions',
    about: 'workflows fail',
    form: { ...plain, metric: 'executions.failed', threshold: '0', window: '15m' },
  },
  {
    id: 'silence',
    label: 'Silence',
    about: 'nothing is called any more',
    form: { ...plain, metric: 'invocations', comparison: 'below', threshold: '1', window: '1h', noData: 'alert' },
  },
  {
    id: 'other',
    label: 'Any metric',
    about: 'a figure of your choice',
    form: { ...plain, metric: 'concurrency', threshold: '100' },
  },
];

export function emptyForm(): RuleForm {
  return {
    name: '',
    kind: 'error-rate',
    webhooks: [],
    emails: '',
    metric: '',
    threshold: '',
    ...plain,
    ...kinds[0]!.form,
  } as RuleForm;
}

/** The kind that has this metric; its other settings may differ. */
export function kindOf(metric: string, comparison: string): string {
  return (
    kinds.find((kind) => kind.form.metric === metric && (kind.form.comparison ?? 'above') === comparison)?.id ?? 'other'
  );
}

/** Shares are typed in percent, because people think of them so. */
function scaleOf(metric: string, catalog: MetricDefinition[]): number {
  const unit = catalog.find((each) => each.name === metric)?.unit ?? (/rate$|share$/.test(metric) ? 'ratio' : '');
  return unit === 'ratio' ? 100 : 1;
}

export function unitOf(metric: string, statistic: string, catalog: MetricDefinition[]): string {
  if (statistic === 'count') return 'count';
  return catalog.find((each) => each.name === metric)?.unit ?? '';
}

export function typedUnit(metric: string, catalog: MetricDefinition[]): string {
  const unit = catalog.find((each) => each.name === metric)?.unit ?? '';
  return { ratio: '%', ms: 'ms', s: 's', 'GB-s': 'GB-s', money: 'in your currency' }[unit] ?? '';
}

export function formOf(alert: Alert, catalog: MetricDefinition[]): RuleForm {
  const comparison = alert.below === undefined ? 'above' : 'below';
  const threshold = alert.above ?? alert.below;
  return {
    name: alert.name,
    kind: kindOf(alert.metric, comparison),
    metric: alert.metric,
    statistic: alert.statistic ?? '',
    target: alert.target ?? '',
    version: alert.version ?? '',
    comparison,
    threshold:
      threshold === undefined ? '' : String(Number((threshold * scaleOf(alert.metric, catalog)).toPrecision(12))),
    window: alert.window,
    lasting: `${alert.forSeconds / 60}m`,
    samples: String(alert.samples),
    noData: alert.noData,
    webhooks: alert.webhooks,
    emails: alert.emails.join(', '),
  };
}

export function requestOf(form: RuleForm, catalog: MetricDefinition[]): AlertRequest {
  const told = {
    webhooks: form.webhooks,
    emails: form.emails.split(/[,\s]+/).filter((address) => address !== ''),
  };
  if (form.metric === errorGroupsMetric) return { metric: form.metric, target: form.target || undefined, ...told };
  const threshold = Number(form.threshold) / scaleOf(form.metric, catalog);
  return {
    metric: form.metric,
    statistic: form.statistic || undefined,
    target: form.target || undefined,
    version: form.version || undefined,
    [form.comparison]: Number(threshold.toPrecision(12)),
    window: form.window,
    for: form.lasting,
    samples: Number(form.samples),
    noData: form.noData,
    ...told,
  };
}

/** The rule in a sentence. */
export function describe(alert: Alert, catalog: MetricDefinition[]): string {
  const of = alert.target ? ` of ${alert.target}${alert.version ? `:${alert.version}` : ''}` : '';
  if (alert.metric === errorGroupsMetric) return `a new error, or one that is back${of}`;
  const unit = unitOf(alert.metric, alert.statistic ?? '', catalog);
  const limit = alert.above !== undefined ? `above ${figure(alert.above, unit)}` : `below ${figure(alert.below, unit)}`;
  const time =
    alert.window === 'day' || alert.window === 'month' ? `this ${alert.window}` : `in ${spoken(alert.window)}`;
  const lasting = alert.forSeconds > 0 ? `, for ${alert.forSeconds / 60} min` : '';
  return `${alert.metric}${alert.statistic ? ` ${alert.statistic}` : ''}${of} ${limit} ${time}${lasting}`;
}

/** 60m is an hour. */
function spoken(window: string): string {
  const minutes = minutesOf(window);
  return minutes % 1440 === 0 ? `${minutes / 1440} d` : minutes % 60 === 0 ? `${minutes / 60} h` : `${minutes} min`;
}

export function minutesOf(window: string): number {
  const match = /^([\d.]+)([smhd])$/.exec(window);
  const unit = { s: 1 / 60, m: 1, h: 60, d: 1440 }[match?.[2] ?? 'm']!;
  return Math.max(1, Math.round(Number(match?.[1] ?? 5) * unit));
}

const previewPeriods = 24;

/** What the rule would have looked at: the last day, or as many of its windows as make a picture. */
export function previewQuery(rule: {
  metric: string;
  statistic?: string;
  target?: string;
  version?: string;
  window?: string;
}): MetricQuery | null {
  if (!rule.metric || rule.metric === errorGroupsMetric) return null;
  const metric = [rule.statistic ? `${rule.metric}:${rule.statistic}` : rule.metric];
  const common = { metric, name: rule.target || undefined, version: rule.version || undefined };
  if (rule.window === 'month') return { ...common, since: '30d', period: 86_400 };
  if (rule.window === 'day') return { ...common, since: '24h', period: 3600 };
  const minutes = minutesOf(rule.window ?? '5m');
  return { ...common, since: `${Math.max(1440, minutes * previewPeriods)}m`, period: minutes * 60 };
}

/** The figures of a preview; a budget's grow from the beginning of its day or month in UTC. */
export function previewValues(data: MetricData, window: string): Array<number | null> {
  const values = data.groups[0]?.series[0]?.values ?? data.times.map(() => null);
  if (window !== 'day' && window !== 'month') return values;
  const length = window === 'day' ? 10 : 7;
  let sum = 0;
  let span = '';
  return values.map((value, index) => {
    const now = data.times[index]!.slice(0, length);
    sum = now === span ? sum + (value ?? 0) : (value ?? 0);
    span = now;
    return sum;
  });
}

/** The same for a terminal. */
export function createCommand(form: RuleForm, catalog: MetricDefinition[], quote: (text: string) => string): string {
  const request = requestOf(form, catalog);
  const parts = [`lambent alert create ${quote(form.name || 'NAME')} --metric ${request.metric}`];
  if (request.statistic) parts.push(`--stat ${request.statistic}`);
  if (request.target) parts.push(`--target ${quote(request.target)}`);
  if (request.version) parts.push(`--qualifier ${quote(request.version)}`);
  if (request.above !== undefined) parts.push(`--above ${request.above}`);
  if (request.below !== undefined) parts.push(`--below ${request.below}`);
  if (request.window) parts.push(`--window ${request.window}`);
  if (request.for && request.for !== '0m') parts.push(`--for ${request.for}`);
  if (request.samples && request.samples !== 1) parts.push(`--samples ${request.samples}`);
  if (request.noData && request.noData !== 'no-data') parts.push(`--no-data ${request.noData}`);
  for (const webhook of request.webhooks ?? []) parts.push(`--webhook ${quote(webhook)}`);
  for (const email of request.emails ?? []) parts.push(`--email ${quote(email)}`);
  return parts.join(' ');
}
