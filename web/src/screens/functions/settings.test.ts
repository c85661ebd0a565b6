import { describe, expect, it } from 'vitest';
import type { FunctionDescription } from '../../api/functions';
import { changesOf, problemsOf, settingsOf, updateOf } from './settings';

const description = {
  Configuration: {
    FunctionName: 'f', Runtime: 'nodejs20.x', Handler: 'index.handler', MemorySize: 128, Timeout: 3,
    Environment: { Variables: { API_KEY: 'hidden', REGION: 'eu' } }, LoggingConfig: { LogFormat: 'Text' },
  },
  Tags: { team: 'post', old: '1' },
  Concurrency: { ReservedConcurrentExecutions: 5 },
} as unknown as FunctionDescription;
const before = settingsOf(description);

describe('settings', () => {
  it('make no request as long as nothing differs', () => {
    expect(updateOf(before, { ...before })).toEqual({ configuration: null, reserved: undefined, setTags: {}, removedTags: [] });
    expect(changesOf(before, { ...before })).toEqual([]);
  });

  it('send only what differs', () => {
    const after = { ...before, memory: '256', reserved: '', tags: [{ key: 'team', value: 'mail' }, { key: '', value: 'x' }] };
    expect(updateOf(before, after)).toEqual({
      configuration: { MemorySize: 256 }, reserved: null, setTags: { team: 'mail' }, removedTags: ['old'],
    });
  });

  it('send all variables when one differs, because the API replaces them', () => {
    const after = { ...before, variables: [{ key: 'API_KEY', value: 'other' }, { key: 'REGION', value: 'eu' }] };
    expect(updateOf(before, after).configuration).toEqual({ Environment: { Variables: { API_KEY: 'other', REGION: 'eu' } } });
  });

  it('do not tell secrets when they say what differs', () => {
    const after = { ...before, variables: [{ key: 'API_KEY', value: 'other' }] };
    const text = JSON.stringify(changesOf(before, after));
    expect(text).not.toContain('hidden');
    expect(text).not.toContain('other"');
    expect(changesOf(before, after).map((change) => change.field)).toEqual(['Variable API_KEY', 'Variable REGION']);
  });

  it('leave levels out of a text log', () => {
    const json = { ...before, logFormat: 'JSON', applicationLogLevel: 'WARN' };
    expect(updateOf(before, json).configuration).toEqual({ LoggingConfig: { LogFormat: 'JSON', ApplicationLogLevel: 'WARN' } });
    expect(updateOf(json, { ...json, logFormat: 'Text' }).configuration).toEqual({ LoggingConfig: { LogFormat: 'Text' } });
  });

  it.each([
    [{ memory: '12' }, 'memory'], [{ timeout: '' }, 'timeout'], [{ storage: '1.5' }, 'storage'], [{ reserved: '-1' }, 'reserved'],
    [{ variables: [{ key: '1A', value: '' }] }, 'variables'], [{ tags: [{ key: 'a', value: '' }, { key: 'a', value: '' }] }, 'tags'],
  ])('are held against their limits: %o', (part, field) =>
    expect(Object.keys(problemsOf({ ...before, ...part }))).toEqual([field]));
});
