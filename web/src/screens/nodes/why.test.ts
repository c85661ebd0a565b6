import { expect, it } from 'vitest';
import type { ScalingController } from '../../api/scaling';
import { findingsOf, limitWords, reasonWords, type Known } from './why';

const known: Known = {
  name: 'hello',
  configuration: { State: 'Active' },
  reserved: null,
  queue: null,
  controllers: [],
};

it('says when nothing stands in the way', () => expect(findingsOf(known)[0]).toMatchObject({ tone: 'good' }));

it('says that there is no such thing', () =>
  expect(findingsOf({ ...known, configuration: null })[0]).toMatchObject({ tone: 'bad' }));

it('names a function that is turned off, with the command that turns it on', () => {
  const [finding] = findingsOf({ ...known, reserved: 0 });
  expect(finding).toMatchObject({ tone: 'bad', fix: 'aws lambda delete-function-concurrency --function-name hello' });
});

it('names a failed state with its reason', () => {
  const [finding] = findingsOf({ ...known, configuration: { State: 'Failed', StateReason: 'The package is gone.' } });
  expect(finding?.text).toBe('Its state is Failed. The package is gone.');
});

it('names what a queue waits for, and does not worry about an empty one', () => {
  const queue = { waiting: 1, consumers: [], why: [{ code: 'no-consumer', text: 'Nothing takes messages.' }] };
  expect(findingsOf({ ...known, configuration: null, queue })[0]).toMatchObject({
    tone: 'warn',
    text: 'Nothing takes messages.',
  });
  const empty = { ...queue, why: [{ code: 'empty', text: 'There are no messages.' }] };
  expect(findingsOf({ ...known, configuration: null, queue: empty })[0]).toMatchObject({ tone: 'good' });
});

it('names the limit that holds it', () => {
  const controller = {
    explanation: ['Wants 2 environments.', 'Without limits it would be 9 calls: the account has room for 2.'],
    last: { decision: { limit: 'Account' } },
  } as unknown as ScalingController;
  expect(findingsOf({ ...known, controllers: [controller] })[0]?.text).toContain('the account has room for 2');
});

it('has words for reasons and limits', () => {
  expect(reasonWords('Backlog')).toBe('work waits');
  expect(limitWords('None')).toBe('');
});
