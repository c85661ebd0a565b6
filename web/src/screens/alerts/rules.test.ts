import { describe as group, expect, it } from 'vitest';
import type { Alert } from '../../api/alerts';
import type { MetricData, MetricDefinition } from '../../api/metrics';
import { createCommand, describe, emptyForm, formOf, kindOf, previewQuery, previewValues, requestOf } from './rules';

const catalog = [
  { name: 'error-rate', unit: 'ratio' },
  { name: 'duration', unit: 'ms' },
  { name: 'cost', unit: 'money' },
] as MetricDefinition[];

const alert: Alert = {
  name: 'errors',
  metric: 'error-rate',
  above: 0.05,
  window: '60m',
  forSeconds: 180,
  samples: 20,
  noData: 'no-data',
  webhooks: [],
  emails: ['a@b.c'],
  state: 'ok',
  since: '',
};

group('a rule', () => {
  it('is a sentence', () => expect(describe(alert, catalog)).toBe('error-rate above 5 % in 1 h, for 3 min'));

  it('says the same after it was a form', () => {
    expect(requestOf(formOf(alert, catalog), catalog)).toEqual({
      metric: 'error-rate',
      above: 0.05,
      window: '60m',
      for: '3m',
      samples: 20,
      noData: 'no-data',
      webhooks: [],
      emails: ['a@b.c'],
      statistic: undefined,
      target: undefined,
      version: undefined,
    });
  });

  it('takes shares in percent', () => {
    expect(requestOf({ ...emptyForm(), threshold: '12.5' }, catalog).above).toBe(0.125);
    expect(requestOf({ ...emptyForm(), metric: 'duration', threshold: '12.5' }, catalog).above).toBe(12.5);
  });

  it('of new errors has no threshold', () => {
    const request = requestOf({ ...emptyForm(), metric: 'error-groups', threshold: '9' }, catalog);
    expect(request).toEqual({ metric: 'error-groups', target: undefined, webhooks: [], emails: [] });
  });

  it('is of a kind', () => {
    expect(kindOf('invocations', 'below')).toBe('silence');
    expect(kindOf('invocations', 'above')).toBe('other');
  });

  it('is a command', () => {
    expect(createCommand(formOf(alert, catalog), catalog, (text) => text)).toBe(
      'lambent alert create errors --metric error-rate --above 0.05 --window 60m --for 3m --samples 20 --email a@b.c',
    );
  });
});

group('a preview', () => {
  it('looks at windows as the rule does', () => {
    expect(previewQuery({ metric: 'duration', statistic: 'p99', window: '15m' })).toMatchObject({
      metric: ['duration:p99'],
      since: '1440m',
      period: 900,
    });
    expect(previewQuery({ metric: 'duration', window: '1d' })).toMatchObject({ since: '34560m', period: 86_400 });
    expect(previewQuery({ metric: 'error-groups' })).toBeNull();
  });

  it('of a budget grows until its day is over', () => {
    const data = {
      times: ['2026-11-21T22:00:00Z', '2026-11-21T23:00:00Z', '2026-11-22T00:00:00Z', '2026-11-22T01:00:00Z'],
      groups: [{ group: {}, series: [{ values: [1, 2, 4, null] }] }],
    } as unknown as MetricData;
    expect(previewValues(data, 'day')).toEqual([1, 3, 4, 4]);
    expect(previewValues(data, '5m')).toEqual([1, 2, 4, null]);
  });
});
