// What a waterfall draws, without the drawing: the tree of spans, which rows are in view, what the time went into.

/** A span as it is drawn. Times are milliseconds from the beginning of the whole. */
export interface WaterfallSpan {
  id: string;
  parentId?: string;
  name: string;
  /** Who did it, such as a function; spans of one have one colour. */
  group: string;
  /** What kind of thing it is; phases have colours of their own. */
  origin: string;
  offset: number;
  duration: number;
  isError: boolean;
  isOpen: boolean;
}

export interface WaterfallNode {
  span: WaterfallSpan;
  children: WaterfallNode[];
  depth: number;
  /** Spans below it. */
  below: number;
  /** Whether it or one below it failed. */
  hasError: boolean;
}

export interface WaterfallRow {
  node: WaterfallNode;
  isCollapsed: boolean;
}

/** Roots with their children, each in the order of their beginnings. What refers to no span or to itself is a root. */
export function treeOf(spans: WaterfallSpan[]): WaterfallNode[] {
  const nodes = new Map<string, WaterfallNode>();
  for (const span of spans) {
    const offset = Math.max(0, span.offset);
    nodes.set(span.id, {
      span: { ...span, offset, duration: Math.max(0, span.duration) },
      children: [],
      depth: 0,
      below: 0,
      hasError: span.isError,
    });
  }
  const roots: WaterfallNode[] = [];
  for (const node of nodes.values()) {
    const parent = parentOf(node, nodes);
    if (parent) parent.children.push(node);
    else roots.push(node);
  }
  cutCircles(nodes, roots);
  for (const node of walk(roots)) {
    node.children.sort(byOffset);
    for (const child of node.children) child.depth = node.depth + 1;
  }
  // From the leaves up: what is below is known before what is above it.
  for (const node of [...walk(roots)].reverse()) {
    for (const child of node.children) {
      node.below += child.below + 1;
      node.hasError ||= child.hasError;
    }
  }
  return roots.sort(byOffset);
}

function parentOf(node: WaterfallNode, nodes: Map<string, WaterfallNode>): WaterfallNode | undefined {
  const parent = node.span.parentId === undefined ? undefined : nodes.get(node.span.parentId);
  return parent === node ? undefined : parent;
}

/** What no root leads to is in a circle of spans that are below each other; one of them becomes a root. */
function cutCircles(nodes: Map<string, WaterfallNode>, roots: WaterfallNode[]): void {
  const reached = new Set(walk(roots));
  for (const node of nodes.values()) {
    if (reached.has(node)) continue;
    const above = parentOf(node, nodes)!;
    above.children = above.children.filter((child) => child !== node);
    roots.push(node);
    for (const below of walk([node])) reached.add(below);
  }
}

/** Nodes in the order in which they are drawn; without recursion, since a tree may be deep. */
export function* walk(
  roots: WaterfallNode[],
  opens: (node: WaterfallNode) => boolean = () => true,
): Generator<WaterfallNode> {
  const waiting = [...roots].reverse();
  while (waiting.length > 0) {
    const node = waiting.pop()!;
    yield node;
    if (opens(node))
      for (let index = node.children.length - 1; index >= 0; index--) waiting.push(node.children[index]!);
  }
}

export function rowsOf(roots: WaterfallNode[], collapsed: ReadonlySet<string>): WaterfallRow[] {
  return [...walk(roots, (node) => !collapsed.has(node.span.id))].map((node) => ({
    node,
    isCollapsed: node.children.length > 0 && collapsed.has(node.span.id),
  }));
}

/**
 * The spans that the whole waited for: from its end backwards always the child that ended last before. What is not
 * among them could have been faster without the whole being so.
 */
export function criticalPath(roots: WaterfallNode[]): Set<string> {
  const critical = new Set<string>();
  // What began without being called from here, such as a further attempt, followed on what ended before.
  const waiting: Array<{ node: WaterfallNode; until: number }> = [];
  waitedFor(roots, Infinity, waiting);
  while (waiting.length > 0) {
    const { node, until } = waiting.pop()!;
    critical.add(node.span.id);
    waitedFor(node.children, until, waiting);
  }
  return critical;
}

function waitedFor(nodes: WaterfallNode[], until: number, found: Array<{ node: WaterfallNode; until: number }>): void {
  let left = until;
  for (const node of [...nodes].sort((a, b) => endOf(b) - endOf(a))) {
    const end = endOf(node);
    // One that ends after what waited for it was waited for in part, or was not waited for at all.
    if (node.span.duration === 0 || node.span.offset >= left || end > left + tolerance) continue;
    found.push({ node, until: end });
    left = node.span.offset;
  }
}

/** Times are rounded to a thousandth of a millisecond; sums of them are not. */
const tolerance = 0.01;

/** Time of a span in which none of its children was under way. */
export function selfTime(node: WaterfallNode): number {
  let covered = 0;
  let reached = node.span.offset;
  const end = endOf(node);
  for (const { span } of node.children) {
    const from = Math.max(span.offset, reached);
    const to = Math.min(span.offset + span.duration, end);
    if (to > from) {
      covered += to - from;
      reached = to;
    }
  }
  return Math.max(0, node.span.duration - covered);
}

export function endOf(node: WaterfallNode): number {
  return node.span.offset + node.span.duration;
}

/** Which of six colours each group has, by the order in which they come. */
export function coloursOf(spans: WaterfallSpan[]): Map<string, number> {
  const colours = new Map<string, number>();
  for (const { group } of spans) if (!colours.has(group)) colours.set(group, (colours.size % 6) + 1);
  return colours;
}

/** Round times at which a line is drawn, about so many of them. */
export function ticksOf(from: number, to: number, about = 6): number[] {
  const span = to - from;
  if (!(span > 0)) return [];
  const rough = span / about;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((each) => each >= rough)!;
  const ticks: number[] = [];
  for (let tick = Math.ceil(from / step) * step; tick <= to && ticks.length < 100; tick += step) {
    ticks.push(Number(tick.toPrecision(12)));
  }
  return ticks;
}

/** Where a bar is drawn within the part of time that is looked at, in percent; null when it is not within it. */
export function placeOf(
  span: { offset: number; duration: number },
  from: number,
  to: number,
): { left: number; width: number } | null {
  const length = Math.max(to - from, Number.MIN_VALUE);
  const begin = Math.max(span.offset, from);
  const end = Math.min(span.offset + span.duration, to);
  if (begin > to || end < from) return null;
  return { left: ((begin - from) / length) * 100, width: (Math.max(0, end - begin) / length) * 100 };
}

function byOffset(a: WaterfallNode, b: WaterfallNode): number {
  return a.span.offset - b.span.offset || b.span.duration - a.span.duration;
}
