import { describe, expect, it } from 'vitest';
import type { ErrorGroup } from '../../api/errors';
import { resolvableIn, stateOf } from './state';

const group: ErrorGroup = {
  id: 'g', kind: 'handler', status: 'open', type: 'T', message: 'm', culprit: 'c', firstSeen: '2026-01-01T00:00:00Z',
  lastSeen: '2026-01-02T00:00:00Z', count: 1, counts: [], functions: [],
};
const later = Date.parse('2026-01-09T00:00:00Z');

describe('stateOf', () => {
  it('says what is new, back again, resolved and ignored', () => {
    expect(stateOf(group, later).name).toBe('open');
    expect(stateOf(group, Date.parse('2026-01-01T05:00:00Z')).name).toBe('new');
    expect(stateOf({ ...group, reopenedBy: 'f:3' }, later)).toMatchObject({ name: 'reopened', detail: 'Seen again in f:3' });
    expect(stateOf({ ...group, status: 'resolved', resolvedIn: 'f:2' }, later)).toMatchObject({ name: 'resolved', detail: 'in f:2' });
    expect(stateOf({ ...group, status: 'ignored' }, later).name).toBe('ignored');
  });
});

describe('resolvableIn', () => {
  it('names versions with a number, the newest first', () => {
    expect(resolvableIn([{ function: 'f', version: '$LATEST' }, { function: 'f', version: '9' }, { function: 'f', version: '10' }]))
      .toEqual(['f:10', 'f:9']);
  });
});
