import type { Place } from '../asl/operations';
import { contains, distanceTo } from './drawing';
import type { Drawing, DrawnEdge, DrawnNode, Point } from './drawing';

export type Direction = 'up' | 'down' | 'left' | 'right';

/** The state that an arrow key leads to: down along the ways and into containers, sideways to neighbours. */
export function walk(drawing: Drawing, from: string | null, direction: Direction): string | null {
  const states = drawing.nodes.filter((node) => node.state !== null);
  const here = states.find((node) => node.id === from);
  if (here === undefined) {
    return begin(drawing, '') ?? states[0]?.id ?? null;
  }

  switch (direction) {
    case 'down':
      return down(drawing, here);
    case 'up':
      return up(drawing, here);
    default:
      return beside(states, here, direction);
  }
}

function begin(drawing: Drawing, scope: string): string | null {
  return drawing.edges.find((edge) => edge.scope === scope && edge.kind === 'start')?.to ?? null;
}

function down(drawing: Drawing, here: DrawnNode): string | null {
  const inner = here.state?.scopes[0];
  const within = inner === undefined ? null : begin(drawing, inner.id);
  return within ?? onward(drawing, here);
}

function onward(drawing: Drawing, here: DrawnNode): string | null {
  const next = drawing.edges.find((edge) => edge.from === here.id && edge.kind !== 'end' && isState(drawing, edge.to));
  if (next !== undefined) {
    return next.to;
  }

  const owner = ownerOf(drawing, here);
  return owner === null ? null : onward(drawing, owner);
}

function up(drawing: Drawing, here: DrawnNode): string | null {
  const isBegin = begin(drawing, here.scope) === here.id;
  const before = drawing.edges.find((edge) => edge.to === here.id && edge.from !== here.id && isState(drawing, edge.from));
  return isBegin ? ownerOf(drawing, here)?.id ?? null : before?.from ?? ownerOf(drawing, here)?.id ?? null;
}

function ownerOf(drawing: Drawing, node: DrawnNode): DrawnNode | null {
  const owner = drawing.scopes.find((scope) => scope.id === node.scope)?.owner;
  return drawing.nodes.find((known) => known.id === owner) ?? null;
}

function isState(drawing: Drawing, id: string): boolean {
  return drawing.nodes.some((node) => node.id === id && node.state !== null);
}

// The nearest one on that side, height counting twice: a neighbour rather than something far below.
function beside(states: readonly DrawnNode[], here: DrawnNode, direction: 'left' | 'right'): string | null {
  const sign = direction === 'left' ? -1 : 1;
  const cost = (node: DrawnNode): number => {
    const across = (middle(node).x - middle(here).x) * sign;
    return across <= 8 ? Infinity : across + 2 * Math.abs(middle(node).y - middle(here).y);
  };
  const best = states.filter((node) => node.id !== here.id && node.depth === here.depth)
    .reduce<DrawnNode | null>((found, node) => (found === null || cost(node) < cost(found) ? node : found), null);
  return best !== null && cost(best) < Infinity ? best.id : null;
}

function middle(node: DrawnNode): Point {
  return { x: node.x + node.width / 2, y: node.y + node.height / 2 };
}

/** Where something goes that is dropped at a point, and what to highlight for it. */
export interface DropPlace {
  place: Place;
  /** The id of the way, the state or the scope. */
  highlight: string;
}

const REACH = 30;

/** The way that is near, else the state below the pointer, else the innermost scope around it. */
export function dropPlace(drawing: Drawing, point: Point): DropPlace {
  const state = drawing.nodes.find((node) => node.kind === 'state' && contains(node, point));
  if (state !== undefined) {
    return { place: { after: state.id }, highlight: state.id };
  }

  let near: { edge: DrawnEdge; distance: number } | null = null;
  for (const edge of drawing.edges) {
    const distance = distanceTo(edge.points, point);
    if (edge.kind !== 'trigger' && distance < REACH && distance < (near?.distance ?? Infinity)) {
      near = { edge, distance };
    }
  }

  if (near !== null) {
    return { place: placeOnEdge(near.edge), highlight: near.edge.id };
  }

  const scope = drawing.scopes.filter((known) => contains(known, point)).sort((one, other) => other.depth - one.depth)[0];
  return { place: { scope: scope?.id ?? '' }, highlight: scope?.id ?? '' };
}

export function placeOnEdge(edge: DrawnEdge): Place {
  return edge.kind === 'start' ? { start: edge.scope } : edge.kind === 'end' ? { after: edge.from } : { edge: edge.id };
}
