import { expect, it } from 'vitest';
import type { Environment } from '../../api/status';
import { groupEnvironments } from './environments';

function environment(name: string, state: Environment['state'], more: Partial<Environment> = {}): Environment {
  return {
    id: 'e',
    function: name,
    version: '1',
    state,
    calls: 2,
    fetchMilliseconds: 1,
    startMilliseconds: 2,
    initMilliseconds: 3,
    memoryMegabytes: 10,
    ...more,
  };
}

it('counts environments of each version by state, the busiest first', () => {
  const groups = groupEnvironments([
    environment('a', 'idle'),
    environment('b', 'busy', { startedAt: '2' }),
    environment('b', 'idle', { startedAt: '1' }),
    environment('b', 'starting', {
      version: '2',
      startedAt: undefined,
      calls: 0,
      fetchMilliseconds: 0,
      startMilliseconds: 0,
      initMilliseconds: 0,
    }),
  ]);
  expect(groups.map((group) => group.key)).toEqual(['b:1', 'a:1', 'b:2']);
  expect(groups[0]).toMatchObject({
    busy: 1,
    idle: 1,
    calls: 4,
    memoryMegabytes: 20,
    oldest: '1',
    coldMilliseconds: 6,
  });
  expect(groups[2]).toMatchObject({ starting: 1, coldMilliseconds: 0 });
});
