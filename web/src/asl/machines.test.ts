import { describe, expect, it } from 'vitest';
import { readDocument, placeId } from './document';
import { MACHINES } from './machines.testdata';
import { addState, duplicateState, removeState, renameState } from './operations';
import { opened } from './references';
import { replaceValue, valueText } from './edits';
import { ACTION_KINDS } from './templates';

describe('the forty-one machines', () => {
  it('are all there', () => expect(MACHINES.length).toBe(41));

  it.each(MACHINES)('$name is read, and every way leads somewhere', ({ text }) => {
    const { document, problems } = readDocument(text);
    expect(problems).toEqual([]);
    const states = [...document!.states.values()];
    expect(states.length).toBeGreaterThan(0);
    expect([...document!.scopes.values()].every((scope) => scope.start !== null)).toBe(true);
    expect(states.flatMap((state) => state.edges).filter((edge) => edge.target === null)).toEqual([]);
  });

  it.each(MACHINES)('$name is the same text after each value was put in its own place', ({ text }) => {
    for (const state of opened(text).states.values()) {
      const own = valueText(text, state.path)!;
      expect(replaceValue(text, state.path, own)).toBe(text);
      for (const field of Object.keys(state.fields)) {
        const path = [...state.path, field];
        expect(replaceValue(text, path, valueText(text, path)!)).toBe(text);
      }
    }
  });

  it.each(MACHINES)('$name is the same text after every state was renamed there and back', ({ text }) => {
    let changed = text;
    const ids = [...opened(text).states.values()].map((state) => state.name);
    for (const name of ids) {
      changed = renameState(changed, idOf(changed, name), `${name} (renamed)`).text;
    }

    expect(opened(changed).states.size).toBe(ids.length);
    expect(dangling(changed)).toEqual([]);
    for (const name of ids) {
      changed = renameState(changed, idOf(changed, `${name} (renamed)`), name).text;
    }

    expect(changed).toBe(text);
  });

  it.each(MACHINES)('$name is the same text after a state was added on each way and removed', ({ text }) => {
    const pass = ACTION_KINDS.find((kind) => kind.id === 'pass')!;
    const states = [...opened(text).states.values()];
    for (const state of states) {
      for (const place of [{ after: state.id }, ...state.edges.map((edge) => ({ edge: edge.id }))]) {
        const added = addState(text, pass, place);
        expect(opened(added.text).states.size).toBe(states.length + 1);
        if (state.type !== 'Succeed' && state.type !== 'Fail') {
          expect(dangling(added.text)).toEqual([]);
        }

        const isNewDefault = state.type === 'Choice' && !('Default' in state.fields) && 'after' in place;
        if (!isNewDefault) {
          expect(removeState(added.text, added.id!).text).toBe(text);
        }
      }
    }
  });

  it.each(MACHINES)('$name has no way to nothing after any state was removed or copied', ({ text }) => {
    for (const state of opened(text).states.values()) {
      expect(dangling(removeState(text, state.id).text)).toEqual([]);
      const copied = duplicateState(text, state.id);
      expect(dangling(copied.text)).toEqual([]);
      const names = [...opened(copied.text).states.values()].map((known) => known.name);
      expect(new Set(names).size).toBe(names.length);
      expect(opened(copied.text).states.has(copied.id!)).toBe(true);
    }
  });

  it.each(MACHINES)('$name takes every kind of state at its beginning and at its end', ({ text }) => {
    for (const kind of ACTION_KINDS) {
      for (const place of [{ start: '' }, { scope: '' }]) {
        const added = addState(text, kind, place);
        expect(dangling(added.text)).toEqual([]);
        expect(opened(added.text).states.get(added.id!)?.type).toBe(kind.type);
      }
    }
  });
});

function idOf(text: string, name: string): string {
  const state = [...opened(text).states.values()].find((known) => known.name === name);
  return placeId(state!.path);
}

function dangling(text: string): string[] {
  return [...opened(text).states.values()]
    .flatMap((state) => state.edges)
    .filter((edge) => edge.target === null)
    .map((edge) => edge.id);
}
