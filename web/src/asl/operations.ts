import { removeAt, replaceMember, replaceValue, setMember, sliceOf, written } from './edits';
import { edgesTo, namesOf, placeId, statesWithin } from './document';
import type { MachineDocument, MachineState, Scope } from './document';
import { membersOf, nodeAt } from './json';
import type { JsonPath } from './json';
import { append, opened, reconnect, redirect, renameTargets, scopeOf, setNext, stateOf } from './references';
import { freeName, newState } from './templates';
import type { ActionKind } from './templates';

/** A text after an edit, and what is selected then. */
export interface Edited {
  text: string;
  id: string | null;
}

/** Where something new goes: into a way, behind a state, or to the end of what a scope holds. */
export type Place =
  | { edge: string }
  | { after: string }
  | { start: string }
  | { scope: string };

/** Adds a state. Ways are closed over it: what led to its successor leads to it, and it leads on. */
export function addState(text: string, kind: ActionKind, place: Place): Edited {
  const document = opened(text);
  const taken = namesOf(document);
  const name = freeName(taken, kind.name);
  taken.add(name);
  const spot = spotOf(document, place);
  const ends = kind.type === 'Succeed' || kind.type === 'Fail';
  const value = newState(kind, document.language, spot.next, taken);
  const added = insertState(text, spot.scope, name, written(value), spot.behind);
  return { text: lead(added, spot, name, ends), id: placeId([...spot.scope.path, 'States', name]) };
}

interface Spot {
  scope: Scope;
  /** The state behind which it stands in the text. */
  behind: string | null;
  /** The name that the new state leads to. */
  next: string | null;
  /** The member that names it from now on; null: the state `from` goes on to it. */
  edge: JsonPath | null;
  from: string | null;
  /** Whether the scope begins with it. */
  isStart: boolean;
}

function spotOf(document: MachineDocument, place: Place): Spot {
  if ('edge' in place) {
    const edge = [...document.states.values()].flatMap((state) => state.edges).find((known) => known.id === place.edge);
    if (edge !== undefined) {
      const from = stateOf(document, edge.from);
      const scope = scopeOf(document, from.scope);
      return { scope, behind: from.name, next: edge.to, edge: edge.path, from: null, isStart: false };
    }
  }

  if ('after' in place) {
    return behind(document, stateOf(document, place.after));
  }

  const scope = scopeOf(document, 'start' in place ? place.start : 'scope' in place ? place.scope : '');
  const last = scope.states.findLast((state) => state.fields.End === true);
  return 'start' in place || last === undefined
    ? { scope, behind: null, next: scope.startAt === '' ? null : scope.startAt, edge: null, from: null, isStart: true }
    : behind(document, last);
}

function behind(document: MachineDocument, state: MachineState): Spot {
  const scope = scopeOf(document, state.scope);
  const spot: Spot = { scope, behind: state.name, next: null, edge: null, from: null, isStart: false };
  const next = state.edges.find((edge) => edge.kind === 'next') ?? state.edges.find((edge) => edge.kind === 'default');
  if (next !== undefined) {
    return { ...spot, next: next.to, edge: next.path };
  }

  // Behind what ends for good nothing comes: the new state stands alone until something leads to it.
  return state.type === 'Succeed' || state.type === 'Fail' ? spot : { ...spot, from: state.id };
}

function lead(text: string, spot: Spot, name: string, ends: boolean): string {
  if (spot.edge !== null) {
    text = reconnect(text, spot.edge, name);
  } else if (spot.from !== null) {
    const from = stateOf(opened(text), spot.from);
    text = from.type === 'Choice'
      ? setMember(text, from.path, 'Default', JSON.stringify(name), 'Choices')
      : setNext(text, spot.from, name);
  }

  // What ends does not begin a scope that has a beginning: nothing behind it could be reached.
  return spot.isStart && (!ends || spot.scope.start === null) ? setStartAt(text, spot.scope.id, name) : text;
}

function insertState(text: string, scope: Scope, name: string, value: string, after: string | null): string {
  const { root } = opened(text);
  if (nodeAt(root, [...scope.path, 'States']) === null) {
    text = setMember(text, scope.path, 'States', '{}');
  }

  return setMember(text, [...scope.path, 'States'], name, value, after ?? undefined);
}

/** Lets a scope begin with a state. */
export function setStartAt(text: string, scopeId: string, name: string): string {
  const scope = scopeOf(opened(text), scopeId);
  return setMember(text, scope.path, 'StartAt', JSON.stringify(name), 'Comment');
}

/** Why a state cannot be called so, or null. */
export function nameProblem(document: MachineDocument, id: string, name: string): string | null {
  if (name.trim() === '') {
    return 'A state has a name';
  }

  if (name.length > 80) {
    return 'A name has at most 80 characters';
  }

  return [...document.states.values()].some((state) => state.name === name && state.id !== id)
    ? 'Another state has this name; names are unique over the whole machine'
    : null;
}

/** Gives a state another name; StartAt and all ways to it follow. */
export function renameState(text: string, id: string, name: string): Edited {
  const document = opened(text);
  const state = stateOf(document, id);
  const scope = scopeOf(document, state.scope);
  const places: JsonPath[] = edgesTo(scope, id).map((edge) => edge.path);
  if (scope.startAt === state.name) {
    places.push([...scope.path, 'StartAt']);
  }

  // The references first: they stand at places that have the former name in them.
  const followed = renameTargets(text, places, name);
  return { text: replaceMember(followed, state.path, name), id: placeId([...scope.path, 'States', name]) };
}

/** The name of the state that takes the place of one that is removed. */
export function successorOf(state: MachineState): string | null {
  const edge = state.edges.find((known) => known.kind === 'next')
    ?? state.edges.find((known) => known.kind === 'default')
    ?? state.edges.find((known) => known.kind === 'choice');
  return edge === undefined || edge.to === state.name ? null : edge.to;
}

/** Removes a state: what led to it leads to its successor, or ends. */
export function removeState(text: string, id: string): Edited {
  const document = opened(text);
  const state = stateOf(document, id);
  const scope = scopeOf(document, state.scope);
  const next = successorOf(state);
  const before = edgesTo(scope, id).find((edge) => edge.from !== id)?.from ?? null;
  text = redirect(text, scope.id, state.name, next);
  if (scope.startAt === state.name) {
    const start = next ?? scope.states.find((other) => other.id !== id)?.name;
    text = replaceValue(text, [...scope.path, 'StartAt'], JSON.stringify(start ?? ''));
  }

  text = removeAt(text, state.path);
  const after = scope.states.find((other) => other.name === next)?.id;
  return { text, id: before ?? after ?? null };
}

/** Sets a field of a state, or of whatever is at a place, to JSON text; null removes it. */
export function setField(text: string, path: JsonPath, value: string | null): string {
  const container = path.slice(0, -1);
  const key = path.at(-1);
  const node = nodeAt(opened(text).root, path);
  if (value === null) {
    return node === null ? text : removeAt(text, path);
  }

  if (node !== null) {
    return sliceOf(text, node) === value ? text : replaceValue(text, path, value);
  }

  return setMember(text, container, String(key), value, lastBefore(opened(text), container));
}

// What is added to a state stands before the way on, as people write it.
function lastBefore(document: MachineDocument, path: JsonPath): string | undefined {
  const members = membersOf(nodeAt(document.root, path)).map((member) => member.key);
  const onward = members.findIndex((key) => key === 'Next' || key === 'End');
  return onward > 0 ? members[onward - 1] : members.at(-1);
}

/** Copies a state, and what is in it, behind itself. */
export function duplicateState(text: string, id: string): Edited {
  const document = opened(text);
  const state = stateOf(document, id);
  const scope = scopeOf(document, state.scope);
  const taken = namesOf(document);
  const name = freeName(taken, state.name);
  taken.add(name);
  text = insertState(text, scope, name, sliceOf(text, nodeAt(document.root, state.path)!), state.name);
  const copy = placeId([...scope.path, 'States', name]);
  for (const inner of state.scopes.flatMap(statesWithin)) {
    const free = freeName(taken, inner.name);
    taken.add(free);
    text = renameState(text, copyOf(opened(text), copy, inner.name), free).text;
  }

  // What ends for good, and a choice, goes on to nothing: its copy waits until something leads to it.
  const isAlone = state.type === 'Succeed' || state.type === 'Fail' || state.type === 'Choice';
  return { text: isAlone ? text : setNext(text, id, name), id: copy };
}

function copyOf(document: MachineDocument, copy: string, name: string): string {
  const inner = stateOf(document, copy).scopes.flatMap(statesWithin);
  return inner.find((state) => state.name === name)!.id;
}

/**
 * Moves a state into another scope: out of a container, into a branch. Where it was, ways are closed as when it is
 * removed; where it comes to, it stands last. Ways that it had do not lead out of a scope, so they are cut.
 */
export function moveState(text: string, id: string, scopeId: string): Edited {
  const document = opened(text);
  const state = stateOf(document, id);
  const scope = scopeOf(document, scopeId);
  if (state.scope === scopeId || scope.id.startsWith(`${id}/`)) {
    return { text, id };
  }

  const value = sliceOf(text, nodeAt(document.root, state.path)!);
  const marked = insertState(text, scope, state.name, value, null);
  const removed = removeState(marked, id).text;
  // Removing may have moved the scope: branches stay, but a name in the place may not be another's.
  const place = placeId([...scope.path, 'States', state.name]);
  const former = scope.states.findLast((other) => other.fields.End === true);
  let moved = cutAll(removed, place);
  if (former !== undefined && opened(moved).states.has(former.id)) {
    moved = setNext(moved, former.id, state.name);
  } else if (scopeOf(opened(moved), scopeId).start === null) {
    moved = setStartAt(moved, scopeId, state.name);
  }

  return { text: moved, id: place };
}

function cutAll(text: string, id: string): string {
  const state = stateOf(opened(text), id);
  for (const field of ['Catch', 'Default'] as const) {
    if (field in state.fields) {
      text = removeAt(text, [...state.path, field]);
    }
  }

  if (Array.isArray(state.fields.Choices)) {
    return replaceValue(text, [...state.path, 'Choices'], '[]');
  }

  return state.type === 'Succeed' || state.type === 'Fail' ? text : setNext(text, id, null);
}

/** Adds a branch to a Parallel, with a Pass state to begin with. */
export function addBranch(text: string, id: string): Edited {
  const document = opened(text);
  const state = stateOf(document, id);
  const name = freeName(namesOf(document), `Branch ${state.scopes.length + 1}`);
  const branch = { StartAt: name, States: { [name]: { Type: 'Pass', End: true } } };
  const path = [...state.path, 'Branches'];
  const added = append(text, state, 'Branches', branch, 'Type');
  return { text: added, id: placeId([...path, state.scopes.length, 'States', name]) };
}
