import { expect, it } from 'vitest';
import type { QueueSummary } from './overview';
import { age, byUrgency, isBehind, projected, stuckThings } from './stuck';

function queue(name: string, more: Partial<QueueSummary> = {}): QueueSummary {
  return { name, waiting: 0, inFlight: 0, delayed: 0, arrivalsPerSecond: 0, drainPerSecond: 0, why: [], ...more };
}

it('a queue is behind when something is old, dead, or nobody takes it', () => {
  expect(isBehind(queue('a', { waiting: 5, oldestAgeSeconds: 10 }))).toBe(false);
  expect(isBehind(queue('a', { waiting: 5, oldestAgeSeconds: 90 }))).toBe(true);
  expect(isBehind(queue('a', { dead: 1 }))).toBe(true);
  expect(isBehind(queue('a', { why: [{ code: 'consumer-paused', text: '' }] }))).toBe(true);
});

it('those behind come first', () => {
  const sorted = byUrgency([
    queue('idle'),
    queue('busy', { waiting: 9, oldestAgeSeconds: 5 }),
    queue('dead', { dead: 2 }),
  ]);
  expect(sorted.map((each) => each.name)).toEqual(['dead', 'busy', 'idle']);
});

it('says what is stuck and leads there', () => {
  const stuck = stuckThings(
    [queue('orders', { dead: 2, deadLetterQueue: 'orders-dead' })],
    [{ line: 'default', waiting: 1, running: 0, delayed: 0, dead: 3, oldestSeconds: 300 }],
    {
      schedules: [{ group: 'default', name: 'nightly', state: 'enabled', missedCount: 0, held: 1 }],
      upcoming: [],
      missed: [],
    },
  );
  expect(stuck.map((each) => each.href)).toEqual([
    '/queues/orders-dead',
    '/events?state=dead',
    '/events',
    '/schedules/default/nightly',
  ]);
});

it('nothing is stuck while nothing is known', () => expect(stuckThings(undefined, undefined, undefined)).toEqual([]));

it('a month goes on as it began', () => {
  const from = Date.UTC(2026, 10, 1);
  expect(projected(10, from, from + 15 * 86_400_000)).toBeCloseTo(20);
});

it.each([
  [0.4, '0 s'],
  [59, '59 s'],
  [1016, '16 min'],
  [7300, '2 h'],
  [200_000, '2 d'],
])('%s seconds are %s', (seconds, text) => expect(age(seconds)).toBe(text));
