import { getNodeValue } from 'jsonc-parser';
import type { Node } from 'jsonc-parser';
import { membersOf, nodeAt, parseJson, positionOf, textOf } from './json';
import type { JsonPath, TextProblem } from './json';

export type QueryLanguage = 'JSONPath' | 'JSONata';

export const STATE_TYPES = ['Task', 'Pass', 'Wait', 'Choice', 'Parallel', 'Map', 'Succeed', 'Fail'] as const;

export type StateType = (typeof STATE_TYPES)[number];

export type EdgeKind = 'next' | 'choice' | 'default' | 'catch';

/** A way from one state to another, and the member of the text that says so. */
export interface StateEdge {
  /** The place of the member that names the target, such as `/States/Pay/Catch[0]/Next`. */
  id: string;
  kind: EdgeKind;
  /** The id of the state that it leaves. */
  from: string;
  /** The name that is written. */
  to: string;
  /** The id of the state of that name; null when there is none. */
  target: string | null;
  path: JsonPath;
  /** Of a rule or a catcher: its place among them. */
  index: number;
}

/** A state, as far as the text says what it is; fields that are unknown or wrong do no harm. */
export interface MachineState {
  /** Its place as the server writes it: `/States/Undo/Branches[0]/States/Refund`. */
  id: string;
  name: string;
  path: JsonPath;
  /** One of STATE_TYPES, or whatever is written there. */
  type: string;
  /** The fields, to be read; numbers are doubles here, the text has them as they were written. */
  fields: Readonly<Record<string, unknown>>;
  language: QueryLanguage;
  /** The id of the scope that it is part of. */
  scope: string;
  edges: StateEdge[];
  /** The branches of a Parallel, the processor of a Map. */
  scopes: Scope[];
  /** Where it stands in the text, its name included. */
  offset: number;
  length: number;
}

/** States that belong together: of the machine, of a branch, of a Map. */
export interface Scope {
  id: string;
  path: JsonPath;
  kind: 'machine' | 'branch' | 'processor';
  /** Of a branch: its place among them. */
  index: number;
  /** The id of the state that holds it; null for the machine. */
  owner: string | null;
  startAt: string | null;
  /** The id of the state it starts at; null when there is none of that name. */
  start: string | null;
  states: MachineState[];
}

export interface MachineDocument {
  text: string;
  root: Node;
  language: QueryLanguage;
  comment: string | null;
  /** As it is written, such as `1e3`; null when there is none. */
  timeoutSeconds: string | null;
  scope: Scope;
  /** All states by id, in the order of the text. */
  states: ReadonlyMap<string, MachineState>;
  scopes: ReadonlyMap<string, Scope>;
}

/** A document when the text is JSON whose top is an object, and what is wrong with the text. */
export interface Reading {
  document: MachineDocument | null;
  problems: TextProblem[];
}

/** A place as the server writes it. */
export function placeId(path: JsonPath): string {
  return path.map((part) => (typeof part === 'number' ? `[${part}]` : `/${part}`)).join('');
}

/** Derives the document from the text. What is drawn, listed or edited is always derived anew from it. */
export function readDocument(text: string): Reading {
  const { root, problems } = parseJson(text);
  if (problems.length > 0 || root === null) {
    return { document: null, problems };
  }

  if (root.type !== 'object') {
    const message = 'A definition is an object with StartAt and States';
    return { document: null, problems: [{ message, offset: 0, length: text.length, ...positionOf(text, 0) }] };
  }

  return { document: new Reader(text, root).read(), problems };
}

/** The states of a scope and of the scopes within them. */
export function statesWithin(scope: Scope): MachineState[] {
  return scope.states.flatMap((state) => [state, ...state.scopes.flatMap(statesWithin)]);
}

/** Every name that a state has; names are unique over the whole machine. */
export function namesOf(document: MachineDocument): Set<string> {
  return new Set([...document.states.values()].map((state) => state.name));
}

/** Edges of the scope that lead to a state of it. */
export function edgesTo(scope: Scope, id: string): StateEdge[] {
  return scope.states.flatMap((state) => state.edges.filter((edge) => edge.target === id));
}

/** Whether the line of control ends with the state. */
export function endsWith(state: MachineState): boolean {
  return state.type === 'Succeed' || state.type === 'Fail' || state.fields.End === true;
}

/** The member that holds the states of a Map: `Iterator` is the former spelling. */
export function processorField(state: MachineState): string {
  return 'Iterator' in state.fields ? 'Iterator' : 'ItemProcessor';
}

class Reader {
  private readonly states = new Map<string, MachineState>();
  private readonly scopes = new Map<string, Scope>();
  private readonly machineLanguage: QueryLanguage;

  constructor(private readonly text: string, private readonly root: Node) {
    this.machineLanguage = textOf(nodeAt(root, ['QueryLanguage'])) === 'JSONata' ? 'JSONata' : 'JSONPath';
  }

  read(): MachineDocument {
    const timeout = nodeAt(this.root, ['TimeoutSeconds']);
    const scope = this.scope(this.root, [], 'machine', 0, null);
    return {
      text: this.text,
      root: this.root,
      language: this.machineLanguage,
      comment: textOf(nodeAt(this.root, ['Comment'])),
      timeoutSeconds: timeout === null ? null : this.text.slice(timeout.offset, timeout.offset + timeout.length),
      scope,
      states: this.states,
      scopes: this.scopes,
    };
  }

  private scope(node: Node, path: JsonPath, kind: Scope['kind'], index: number, owner: string | null): Scope {
    const startAt = textOf(nodeAt(node, ['StartAt']));
    const scope: Scope = { id: placeId(path), path, kind, index, owner, startAt, start: null, states: [] };
    this.scopes.set(scope.id, scope);
    for (const member of membersOf(nodeAt(node, ['States']))) {
      scope.states.push(this.state(member.key, member.value, scope));
    }

    const byName = new Map(scope.states.map((state) => [state.name, state.id]));
    scope.start = byName.get(startAt ?? '') ?? null;
    for (const edge of scope.states.flatMap((state) => state.edges)) {
      edge.target = byName.get(edge.to) ?? null;
    }

    return scope;
  }

  private state(name: string, node: Node, scope: Scope): MachineState {
    const path = [...scope.path, 'States', name];
    const id = placeId(path);
    const value: unknown = getNodeValue(node);
    const fields = value !== null && typeof value === 'object' && !Array.isArray(value)
      ? value as Record<string, unknown>
      : {};
    const offset = node.parent?.offset ?? node.offset;
    const state: MachineState = {
      id,
      name,
      path,
      type: typeof fields.Type === 'string' ? fields.Type : '',
      fields,
      language: fields.QueryLanguage === 'JSONata' ? 'JSONata' : this.machineLanguage,
      scope: scope.id,
      edges: [],
      scopes: [],
      offset,
      length: node.offset + node.length - offset,
    };
    this.states.set(id, state);
    state.edges = edgesOf(state, node);
    state.scopes = this.inner(state, node);
    return state;
  }

  private inner(state: MachineState, node: Node): Scope[] {
    if (state.type === 'Parallel') {
      return (nodeAt(node, ['Branches'])?.children ?? []).map((branch, index) =>
        this.scope(branch, [...state.path, 'Branches', index], 'branch', index, state.id));
    }

    const field = processorField(state);
    const processor = state.type === 'Map' ? nodeAt(node, [field]) : null;
    return processor === null ? [] : [this.scope(processor, [...state.path, field], 'processor', 0, state.id)];
  }
}

function edgesOf(state: MachineState, node: Node): StateEdge[] {
  const edges: StateEdge[] = [];
  const add = (kind: EdgeKind, path: JsonPath, index = 0): void => {
    const to = textOf(nodeAt(node, path));
    if (to !== null) {
      const full = [...state.path, ...path];
      edges.push({ id: placeId(full), kind, from: state.id, to, target: null, path: full, index });
    }
  };
  if (state.type === 'Choice') {
    (nodeAt(node, ['Choices'])?.children ?? []).forEach((_, index) => add('choice', ['Choices', index, 'Next'], index));
    add('default', ['Default']);
    return edges;
  }

  if (state.type !== 'Succeed' && state.type !== 'Fail') {
    add('next', ['Next']);
    (nodeAt(node, ['Catch'])?.children ?? []).forEach((_, index) => add('catch', ['Catch', index, 'Next'], index));
  }

  return edges;
}
