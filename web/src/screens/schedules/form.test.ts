import { describe, expect, it } from 'vitest';
import type { Schedule } from '../../api/schedules';
import { formOf, formsOf, newForm, problemOf, requestOf } from './form';

const schedule: Schedule = {
  group: 'default',
  name: 'nightly',
  arn: '',
  expression: 'cron(30 2 * * ? *)',
  zone: 'Europe/Berlin',
  state: 'enabled',
  target: 'arn:aws:states:us-east-1:000000000000:stateMachine:shop:live',
  misfire: 'skip',
  overlap: 'queue',
  fired: 0,
  missedCount: 0,
  held: 0,
  next: [],
};

describe('the form of a schedule', () => {
  it('gives back what was read', () => {
    const form = formOf(schedule, {
      Target: {
        Arn: schedule.target,
        Input: '{"a":1}',
        RetryPolicy: { MaximumRetryAttempts: 185, MaximumEventAgeInSeconds: 3600 },
      },
    });
    expect(requestOf(form, false)).toEqual({
      expression: schedule.expression,
      zone: 'Europe/Berlin',
      enabled: true,
      misfire: 'skip',
      overlap: 'queue',
      stateMachine: 'shop:live',
      input: '{"a":1}',
      ageSeconds: 3600,
    });
  });

  it('is a command', () => {
    const form = { ...newForm('UTC'), name: 'tick', target: 'f', input: '{"t":"<aws.scheduler.scheduled-time>"}' };
    expect(formsOf(form, true).cli).toBe(
      `lambent schedule create tick --when 'cron(0 9 * * ? *)' --function f --input '{"t":"<aws.scheduler.scheduled-time>"}'`,
    );
    expect(problemOf(form)).toBeNull();
  });

  it.each([
    [{ name: 'a b' }, /name/],
    [{ target: '' }, /target/],
    [{ input: '{' }, /JSON/],
    [{ kind: 'queue' as const, overlap: 'skip' as const }, /overlap/],
    [{ kind: 'queue' as const, target: 'q.fifo' }, /group/],
  ])('says what is wrong with %j', (part, words) =>
    expect(problemOf({ ...newForm('UTC'), name: 'n', target: 't', ...part })).toMatch(words),
  );
});
