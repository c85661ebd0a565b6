import type { EdgeKind, MachineState, Scope } from '../asl/document';

/** What a drawing is made of: plain shapes with absolute places, top down. All lengths are pixels at zoom 1. */

export interface Point {
  x: number;
  y: number;
}

export interface Box extends Point {
  width: number;
  height: number;
}

/** What stands above the beginning: something that starts executions. */
export interface DrawnTrigger {
  id: string;
  title: string;
  subtitle: string;
}

export type DrawnNodeKind = 'state' | 'container' | 'start' | 'end' | 'missing' | 'trigger';

export interface DrawnNode extends Box {
  /** Of a state: its id in the document. */
  id: string;
  kind: DrawnNodeKind;
  /** The scope that it is drawn in. */
  scope: string;
  title: string;
  subtitle: string;
  state: MachineState | null;
  depth: number;
}

export interface DrawnEdge {
  /** Of a way of the document: its id. */
  id: string;
  kind: EdgeKind | 'start' | 'end' | 'trigger';
  /** Ids of nodes. */
  from: string;
  to: string;
  scope: string;
  label: string;
  /** The label in full. */
  words: string;
  points: Point[];
  labelAt: Point | null;
}

/** The frame around the states of a branch or a processor. */
export interface DrawnScope extends Box {
  id: string;
  kind: Scope['kind'];
  title: string;
  owner: string | null;
  depth: number;
}

export interface Drawing {
  nodes: DrawnNode[];
  edges: DrawnEdge[];
  scopes: DrawnScope[];
  width: number;
  height: number;
}

export const STATE_WIDTH = 232;
export const STATE_HEIGHT = 60;
export const HEADER_HEIGHT = 60;
export const LABEL_LENGTH = 34;

/** A smooth path through points of a way that runs mostly down. */
export function pathOf(points: readonly Point[]): string {
  const [first, ...others] = points;
  if (first === undefined) {
    return '';
  }

  let path = `M${round(first.x)},${round(first.y)}`;
  let before = first;
  for (const point of others) {
    const middle = round((before.y + point.y) / 2);
    path += Math.abs(point.x - before.x) < 0.5 || Math.abs(point.y - before.y) < 0.5
      ? `L${round(point.x)},${round(point.y)}`
      : `C${round(before.x)},${middle} ${round(point.x)},${middle} ${round(point.x)},${round(point.y)}`;
    before = point;
  }

  return path;
}

/** How far a point is from a way. */
export function distanceTo(points: readonly Point[], point: Point): number {
  let least = Infinity;
  for (let index = 1; index < points.length; index++) {
    least = Math.min(least, distanceToLine(points[index - 1]!, points[index]!, point));
  }

  return least;
}

export function contains(box: Box, point: Point): boolean {
  return point.x >= box.x && point.x <= box.x + box.width && point.y >= box.y && point.y <= box.y + box.height;
}

function distanceToLine(from: Point, to: Point, point: Point): number {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const length = dx * dx + dy * dy;
  const along = length === 0 ? 0 : Math.max(0, Math.min(1, ((point.x - from.x) * dx + (point.y - from.y) * dy) / length));
  return Math.hypot(point.x - from.x - along * dx, point.y - from.y - along * dy);
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
