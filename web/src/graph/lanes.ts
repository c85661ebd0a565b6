import type { DrawnEdge, DrawnNode } from './drawing';

/**
 * Ways that are led beside a long drawing instead of through it. The layout gives each way a place in every row that it
 * passes; some catchers that lead from everywhere to the end of a machine of hundreds of states make thousands of
 * places, and a drawing nobody can read.
 */

const SPAN_MAX = 8;
const LANE_WIDTH = 14;
const LANES_MAX = 16;
const MARGIN = 28;

/** The ways that span many rows. To each node the shortest one is left, so that it keeps its place in the order. */
export function longWays(nodes: readonly DrawnNode[], edges: readonly DrawnEdge[]): Set<DrawnEdge> {
  const rows = rowsOf(nodes, edges);
  const span = (edge: DrawnEdge): number => (rows.get(edge.to) ?? 0) - (rows.get(edge.from) ?? 0);
  const nearest = new Map<string, DrawnEdge>();
  for (const edge of edges) {
    const known = nearest.get(edge.to);
    if (span(edge) > 0 && (known === undefined || span(edge) < span(known))) nearest.set(edge.to, edge);
  }

  return new Set(edges.filter((edge) => Math.abs(span(edge)) > SPAN_MAX && nearest.get(edge.to) !== edge));
}

/** Leads ways out to the right, along the drawing, and in again. */
export function leadBeside(
  ways: Iterable<DrawnEdge>,
  nodes: readonly DrawnNode[],
  width: (label: string) => number,
): void {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const right = nodes.reduce((most, node) => Math.max(most, node.x + node.width), 0) + MARGIN;
  // Ways to the same state share a lane: what they have in common is where they lead.
  const lanes = new Map<string, number>();
  for (const way of ways) {
    const [from, to] = [byId.get(way.from)!, byId.get(way.to)!];
    const lane = lanes.get(way.to) ?? lanes.size;
    lanes.set(way.to, lane);
    const x = right + (lane % LANES_MAX) * LANE_WIDTH;
    const [out, into] = [from.y + from.height / 2, to.y + to.height / 2];
    way.points = [
      { x: from.x + from.width, y: out },
      { x, y: out },
      { x, y: into },
      { x: to.x + to.width, y: into },
    ];
    way.labelAt = way.label === '' ? null : { x: from.x + from.width + 10 + width(way.label) / 2, y: out };
  }
}

// The longest way from the beginning to each node; ways back are left out.
function rowsOf(nodes: readonly DrawnNode[], edges: readonly DrawnEdge[]): Map<string, number> {
  const leaving = new Map<string, string[]>();
  for (const edge of edges) {
    leaving.set(edge.from, [...(leaving.get(edge.from) ?? []), edge.to]);
  }

  const order = ordered(nodes, leaving);
  const place = new Map(order.map((id, index) => [id, index]));
  const rows = new Map<string, number>(order.map((id) => [id, 0]));
  for (const id of order) {
    for (const next of leaving.get(id) ?? []) {
      if (place.get(next)! > place.get(id)!) rows.set(next, Math.max(rows.get(next)!, rows.get(id)! + 1));
    }
  }

  return rows;
}

// Reverse postorder of a search in depth, without recursion: machines may be thousands of states long.
function ordered(nodes: readonly DrawnNode[], leaving: ReadonlyMap<string, string[]>): string[] {
  const seen = new Set<string>();
  const done: string[] = [];
  for (const root of nodes) {
    const waiting: { id: string; next: number }[] = seen.has(root.id) ? [] : [{ id: root.id, next: 0 }];
    seen.add(root.id);
    for (let top = waiting.at(-1); top !== undefined; top = waiting.at(-1)) {
      const next = leaving.get(top.id)?.[top.next++];
      if (next === undefined) {
        done.push(top.id);
        waiting.pop();
      } else if (!seen.has(next)) {
        seen.add(next);
        waiting.push({ id: next, next: 0 });
      }
    }
  }

  return done.reverse();
}
