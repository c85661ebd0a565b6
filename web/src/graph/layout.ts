import dagre from '@dagrejs/dagre';
import { endsWith } from '../asl/document';
import type { MachineDocument, MachineState, Scope } from '../asl/document';
import { edgeWords, shortened, subtitleOf } from '../asl/words';
import { HEADER_HEIGHT, LABEL_LENGTH, STATE_HEIGHT, STATE_WIDTH } from './drawing';
import type { Drawing, DrawnEdge, DrawnNode, DrawnScope, DrawnTrigger, Point } from './drawing';

const PADDING = 20;
const GAP = 16;
const SCOPE_TITLE = 26;
const EMPTY_SCOPE = { width: 160, height: 64 };

// From here on the fast ranker is used: a drawing is there in a fraction of a second, at the price of longer ways.
const MANY_STATES = 150;

interface Part {
  nodes: DrawnNode[];
  edges: DrawnEdge[];
  scopes: DrawnScope[];
  width: number;
  height: number;
}

/** Places states top down, the inside of containers inside them. The same document gives the same drawing. */
export function layout(document: MachineDocument, triggers: readonly DrawnTrigger[] = []): Drawing {
  const ranker = document.states.size > MANY_STATES ? 'longest-path' : 'network-simplex';
  return scopePart(document.scope, triggers, ranker, 0);
}

/** The id of the mark where a scope begins or ends. */
export function markerId(scope: string, kind: 'start' | 'end'): string {
  return `${scope}#${kind}`;
}

function scopePart(scope: Scope, triggers: readonly DrawnTrigger[], ranker: string, depth: number): Part {
  const inner = new Map(scope.states
    .filter((state) => state.type === 'Parallel' || state.type === 'Map')
    .map((state) => [state.id, containerPart(state, ranker, depth + 1)]));
  const nodes = nodesOf(scope, triggers, inner, depth);
  const edges = edgesOf(scope, triggers, nodes);
  const size = place(nodes, edges, ranker);
  const part: Part = { nodes, edges, scopes: [], ...size };
  for (const node of [...nodes]) {
    const content = inner.get(node.id);
    if (content !== undefined) {
      part.nodes.push(...content.nodes.map((item) => moved(item, node)));
      part.scopes.push(...content.scopes.map((item) => moved(item, node)));
      part.edges.push(...content.edges.map((edge) => movedEdge(edge, node)));
    }
  }

  return part;
}

// What is inside of a Parallel or a Map, measured from its upper left corner.
function containerPart(state: MachineState, ranker: string, depth: number): Part {
  const part: Part = { nodes: [], edges: [], scopes: [], width: 0, height: 0 };
  let left = PADDING;
  let height = 0;
  for (const scope of state.scopes) {
    const content = scope.states.length === 0
      ? { nodes: [], edges: [], scopes: [], ...EMPTY_SCOPE }
      : scopePart(scope, [], ranker, depth);
    const frame: DrawnScope = {
      id: scope.id, kind: scope.kind, owner: state.id, depth, x: left, y: HEADER_HEIGHT + 4,
      title: scope.kind === 'branch' ? `Branch ${scope.index + 1}` : 'For each item',
      width: content.width + 2 * PADDING, height: content.height + PADDING + SCOPE_TITLE,
    };
    const corner = { x: frame.x + PADDING, y: frame.y + SCOPE_TITLE };
    part.scopes.push(frame, ...content.scopes.map((item) => moved(item, corner)));
    part.nodes.push(...content.nodes.map((item) => moved(item, corner)));
    part.edges.push(...content.edges.map((edge) => movedEdge(edge, corner)));
    left += frame.width + GAP;
    height = Math.max(height, frame.height);
  }

  for (const frame of part.scopes.filter((known) => known.owner === state.id)) {
    frame.height = height;
  }

  part.width = Math.max(STATE_WIDTH, left - GAP + PADDING);
  part.height = state.scopes.length === 0 ? STATE_HEIGHT : HEADER_HEIGHT + 4 + height + PADDING;
  return part;
}

function nodesOf(
  scope: Scope, triggers: readonly DrawnTrigger[], inner: ReadonlyMap<string, Part>, depth: number,
): DrawnNode[] {
  const node = (id: string, kind: DrawnNode['kind'], title: string, width: number, height: number): DrawnNode => ({
    id, kind, scope: scope.id, title, subtitle: '', state: null, depth, x: 0, y: 0, width, height,
  });
  const isTop = scope.kind === 'machine';
  const marker: [number, number] = isTop ? [72, 30] : [16, 16];
  const nodes: DrawnNode[] = triggers.map((trigger) => ({
    ...node(trigger.id, 'trigger', trigger.title, STATE_WIDTH, 48), subtitle: trigger.subtitle,
  }));
  nodes.push(node(markerId(scope.id, 'start'), 'start', 'Start', ...marker));
  for (const state of scope.states) {
    const part = inner.get(state.id);
    nodes.push({
      ...node(
        state.id, part === undefined ? 'state' : 'container', state.name,
        part?.width ?? STATE_WIDTH, part?.height ?? STATE_HEIGHT),
      state,
      subtitle: subtitleOf(state),
    });
  }

  const missing = new Set(scope.states.flatMap((state) => state.edges).filter((edge) => edge.target === null)
    .map((edge) => edge.to));
  if (scope.start === null && scope.startAt !== null && scope.startAt !== '') {
    missing.add(scope.startAt);
  }

  nodes.push(...[...missing].map((name) => ({
    ...node(missingId(scope, name), 'missing', name, STATE_WIDTH, 44), subtitle: 'there is no such state',
  })));
  if (scope.states.some(leadsToEnd)) {
    nodes.push(node(markerId(scope.id, 'end'), 'end', 'End', ...marker));
  }

  return nodes;
}

function leadsToEnd(state: MachineState): boolean {
  return endsWith(state) && state.type !== 'Fail';
}

function missingId(scope: Scope, name: string): string {
  return `${scope.id}#missing/${name}`;
}

function edgesOf(scope: Scope, triggers: readonly DrawnTrigger[], nodes: readonly DrawnNode[]): DrawnEdge[] {
  const start = markerId(scope.id, 'start');
  const end = markerId(scope.id, 'end');
  const plain = (id: string, kind: DrawnEdge['kind'], from: string, to: string): DrawnEdge =>
    ({ id, kind, from, to, scope: scope.id, label: '', words: '', points: [], labelAt: null });
  const edges: DrawnEdge[] = triggers.map((trigger) => plain(`${trigger.id}>`, 'trigger', trigger.id, start));
  const first = scope.start ?? (scope.startAt === null ? null : missingId(scope, scope.startAt));
  if (first !== null && nodes.some((node) => node.id === first)) {
    edges.push(plain(`${start}>`, 'start', start, first));
  }

  for (const state of scope.states) {
    for (const edge of state.edges) {
      const words = edgeWords(edge, state);
      const to = edge.target ?? missingId(scope, edge.to);
      edges.push({ ...plain(edge.id, edge.kind, state.id, to), words, label: shortened(words, LABEL_LENGTH) });
    }

    if (leadsToEnd(state)) {
      edges.push(plain(`${state.id}>end`, 'end', state.id, end));
    }
  }

  return edges;
}

/** How wide a label is drawn, estimated: the drawing is laid out without a browser. */
export function labelWidth(label: string): number {
  return label === '' ? 0 : Math.ceil(label.length * 6.3) + 18;
}

function place(nodes: DrawnNode[], edges: DrawnEdge[], ranker: string): { width: number; height: number } {
  const graph = new dagre.graphlib.Graph({ multigraph: true });
  graph.setGraph({ rankdir: 'TB', nodesep: 36, edgesep: 20, ranksep: 44, ranker });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const node of nodes) {
    graph.setNode(node.id, { width: node.width, height: node.height });
  }

  for (const edge of edges) {
    const width = labelWidth(edge.label);
    const weight = edge.kind === 'catch' ? 1 : edge.kind === 'next' || edge.kind === 'start' ? 4 : 2;
    graph.setEdge(edge.from, edge.to, { width, height: width === 0 ? 0 : 22, labelpos: 'c', weight, minlen: 1 }, edge.id);
  }

  dagre.layout(graph);
  for (const node of nodes) {
    const placed = graph.node(node.id);
    node.x = placed.x - node.width / 2;
    node.y = placed.y - node.height / 2;
  }

  const byId = new Map(nodes.map((node) => [node.id, node]));
  for (const edge of edges) {
    const placed = graph.edge(edge.from, edge.to, edge.id);
    edge.points = trimmed(placed.points as Point[], byId.get(edge.from)!, byId.get(edge.to)!);
    edge.labelAt = edge.label === '' ? null : { x: placed.x as number, y: placed.y as number };
  }

  return bounds(nodes, edges);
}

// A way that runs down leaves below its state and comes in above the next, wherever the first bend lies.
function trimmed(points: Point[], from: DrawnNode, to: DrawnNode): Point[] {
  if (from === to || to.y < from.y + from.height) {
    return points;
  }

  const clamp = (x: number, node: DrawnNode): number => {
    const margin = Math.min(24, node.width / 2);
    return Math.max(node.x + margin, Math.min(node.x + node.width - margin, x));
  };
  const first = { x: clamp(points[0]!.x, from), y: from.y + from.height };
  const last = { x: clamp(points.at(-1)!.x, to), y: to.y };
  return [first, ...points.slice(1, -1).filter((point) => point.y > first.y && point.y < last.y), last];
}

function bounds(nodes: DrawnNode[], edges: DrawnEdge[]): { width: number; height: number } {
  const lefts = [...nodes.map((node) => node.x)];
  const rights = [...nodes.map((node) => node.x + node.width)];
  const bottoms = nodes.map((node) => node.y + node.height);
  const tops = nodes.map((node) => node.y);
  for (const edge of edges) {
    const half = labelWidth(edge.label) / 2;
    lefts.push(...edge.points.map((point) => point.x), ...(edge.labelAt === null ? [] : [edge.labelAt.x - half]));
    rights.push(...edge.points.map((point) => point.x), ...(edge.labelAt === null ? [] : [edge.labelAt.x + half]));
    tops.push(...edge.points.map((point) => point.y));
    bottoms.push(...edge.points.map((point) => point.y));
  }

  const least = (values: number[]): number => values.reduce((one, other) => Math.min(one, other), Infinity);
  const corner = { x: -least(lefts), y: -least(tops) };
  nodes.forEach((node) => Object.assign(node, moved(node, corner)));
  edges.forEach((edge) => Object.assign(edge, movedEdge(edge, corner)));
  return {
    width: corner.x - least(rights.map((value) => -value)),
    height: corner.y - least(bottoms.map((value) => -value)),
  };
}

function moved<T extends Point>(item: T, by: Point): T {
  return { ...item, x: item.x + by.x, y: item.y + by.y };
}

function movedEdge(edge: DrawnEdge, by: Point): DrawnEdge {
  return {
    ...edge,
    points: edge.points.map((point) => moved(point, by)),
    labelAt: edge.labelAt === null ? null : moved(edge.labelAt, by),
  };
}
