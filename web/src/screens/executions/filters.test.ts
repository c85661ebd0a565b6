import { describe, expect, it } from 'vitest';
import type { Execution } from '../../api/executions';
import { conditionsOf, linkOf, listCommand, takeSince } from './filters';

describe('filters of executions', () => {
  it('leaves out what is still being typed', () =>
    expect(conditionsOf('customer=42, urgent=, n>=, region=north')).toEqual(['customer=42', 'region=north']));

  it('ends a list where it reaches back far enough', () => {
    const at = (startedAt: string) => ({ startedAt }) as Execution;
    const page = [at('2026-11-22T10:00:00Z'), at('2026-11-22T08:00:00Z')];
    const now = Date.parse('2026-11-22T10:30:00Z');
    expect(takeSince(page, '1h', now)).toEqual({ taken: [page[0]], isOver: true });
    expect(takeSince(page, '1d', now).isOver).toBe(false);
    expect(takeSince(page, '', now).taken).toHaveLength(2);
  });

  it('is a command', () =>
    expect(listCommand({ machine: 'shop', status: 'failed', where: 'customer>=42', since: '' })).toBe(
      `lambent ls executions --machine shop --status failed --where 'customer>=42'`,
    ));

  it('leads to an execution', () => expect(linkOf('shop/a b')).toBe('/executions/shop/a%20b'));
});
