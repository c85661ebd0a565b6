import { describe, expect, it } from 'vitest';
import { parseEvents, removeEvent, reportOf, savedEvents, saveEvents } from './testEvents';

function storage() {
  const kept = new Map<string, string>();
  return {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  };
}

describe('saved events', () => {
  it('belong to their function and replace those of the same name', () => {
    const place = storage();
    saveEvents(place, 'hello', [{ name: 'b', text: '1' }]);
    saveEvents(place, 'hello', [{ name: 'b', text: '2' }, { name: 'a', text: '3' }]);
    expect(savedEvents(place, 'hello')).toEqual([{ name: 'a', text: '3' }, { name: 'b', text: '2' }]);
    expect(savedEvents(place, 'other')).toEqual([]);
    expect(removeEvent(place, 'hello', 'a')).toEqual([{ name: 'b', text: '2' }]);
  });

  it('are not read from what is something else', () => {
    expect(parseEvents('{"name":"x"}')).toBeNull();
    expect(parseEvents('[{"name":"x"}]')).toBeNull();
    expect(parseEvents('nonsense')).toBeNull();
  });
});

describe('the report of a call', () => {
  it('is read from its line', () => {
    const log = 'START RequestId: r Version: $LATEST\nEND RequestId: r\n'
      + 'REPORT RequestId: r\tDuration: 2.50 ms\tBilled Duration: 3 ms\tMemory Size: 128 MB\tMax Memory Used: 64 MB\tInit Duration: 120.25 ms\t\n';
    expect(reportOf(log)).toEqual({
      durationMilliseconds: 2.5, billedMilliseconds: 3, memoryMegabytes: 128, usedMegabytes: 64, initMilliseconds: 120.25,
    });
    expect(reportOf(log.replace(/\tInit Duration.*/, ''))?.initMilliseconds).toBeNull();
    expect(reportOf('nothing')).toBeNull();
  });
});
