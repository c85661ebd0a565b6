import { apply, insertElement, removeAt, replaceMember, replaceValue, setMember, written } from './edits';
import { nodeAt } from './json';
import type { JsonPath } from './json';
import { readDocument } from './document';
import type { MachineDocument, MachineState, Scope, StateEdge } from './document';

/** A text that is no definition now has no drawing, and so nothing on it can be edited. */
export class UnreadableText extends Error {}

export function opened(text: string): MachineDocument {
  const { document, problems } = readDocument(text);
  if (document === null) {
    throw new UnreadableText(problems[0]?.message ?? 'the text is no definition');
  }

  return document;
}

export function stateOf(document: MachineDocument, id: string): MachineState {
  const state = document.states.get(id);
  if (state === undefined) {
    throw new UnreadableText(`there is no state at ${id}`);
  }

  return state;
}

export function scopeOf(document: MachineDocument, id: string): Scope {
  const scope = document.scopes.get(id);
  if (scope === undefined) {
    throw new UnreadableText(`there are no states at ${id}`);
  }

  return scope;
}

/** Lets an edge lead to another state. */
export function reconnect(text: string, edge: JsonPath, to: string): string {
  return replaceValue(text, edge, JSON.stringify(to));
}

/**
 * Lets a state go on to another, or end when `to` is null. The member that says so keeps its place, so that going back
 * gives the text that was.
 */
export function setNext(text: string, id: string, to: string | null): string {
  const state = stateOf(opened(text), id);
  const hasNext = 'Next' in state.fields;
  const hasEnd = 'End' in state.fields;
  const [key, value] = to === null ? ['End', 'true'] as const : ['Next', JSON.stringify(to)] as const;
  if (hasNext && hasEnd) {
    text = removeAt(text, [...state.path, key === 'Next' ? 'End' : 'Next']);
    return replaceValue(text, [...state.path, key], value);
  }

  return hasNext || hasEnd
    ? replaceMember(text, [...state.path, hasNext ? 'Next' : 'End'], key, value)
    : setMember(text, state.path, key, value);
}

/** Takes a way away: a state that went on ends, a rule or a catcher goes with its way. */
export function disconnect(text: string, edgeId: string): string {
  const document = opened(text);
  const edge = [...document.states.values()].flatMap((state) => state.edges).find((known) => known.id === edgeId);
  return edge === undefined ? text : cut(text, edge);
}

function cut(text: string, edge: StateEdge): string {
  const state = edge.path.slice(0, -1);
  switch (edge.kind) {
    case 'next':
      return setNext(text, edge.from, null);
    case 'default':
      return removeAt(text, edge.path);
    case 'choice':
      return removeAt(text, state);
    case 'catch': {
      const without = removeAt(text, state);
      const list = state.slice(0, -1);
      const left = nodeAt(opened(without).root, list);
      // A catcher's list that is empty says nothing.
      return left?.children?.length === 0 ? removeAt(without, list) : without;
    }
  }
}

/** Lets all ways to a state of a scope lead elsewhere, or cuts them when there is no elsewhere. */
export function redirect(text: string, scopeId: string, from: string, to: string | null): string {
  const leading = (): StateEdge[] => scopeOf(opened(text), scopeId).states
    .filter((state) => state.name !== from)
    .flatMap((state) => state.edges.filter((edge) => edge.to === from));
  if (to !== null) {
    return renameTargets(text, leading().map((edge) => edge.path), to);
  }

  // From the last to the first, so that places of rules before one that is removed stay what they are.
  for (const edge of leading().reverse()) {
    text = cut(text, edge);
  }

  return text;
}

/** Writes another name at several places at once. */
export function renameTargets(text: string, places: JsonPath[], name: string): string {
  const { root } = opened(text);
  return apply(text, places.flatMap((place) => {
    const node = nodeAt(root, place);
    return node === null ? [] : [{ offset: node.offset, length: node.length, content: JSON.stringify(name) }];
  }));
}

/** What a way that is drawn by hand becomes. */
export function connect(text: string, from: string, to: string, kind: 'next' | 'choice' | 'default' | 'catch'): string {
  const state = stateOf(opened(text), from);
  switch (kind) {
    case 'next':
      return setNext(text, from, to);
    case 'default':
      return setMember(text, state.path, 'Default', JSON.stringify(to), 'Choices');
    case 'choice': {
      const rule = state.language === 'JSONata'
        ? { Condition: '{% $exists($states.input) %}', Next: to }
        : { Variable: '$', IsPresent: true, Next: to };
      return append(text, state, 'Choices', rule, 'Type');
    }
    case 'catch':
      return append(text, state, 'Catch', { ErrorEquals: ['States.ALL'], Next: to }, 'Retry');
  }
}

/** Adds to a list of a state, which is made when it is not there. */
export function append(text: string, state: MachineState, field: string, value: unknown, after?: string): string {
  return Array.isArray(state.fields[field])
    ? insertElement(text, [...state.path, field], written(value))
    : setMember(text, state.path, field, written([value]), after);
}
