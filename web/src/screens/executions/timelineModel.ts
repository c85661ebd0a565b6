// What the timeline of an execution draws: states below the state they belong to, and the parts of each one's bar. Pure.
import type { Row } from '../../api/executions';

export interface Line {
  row: Row;
  depth: number;
  /** Rows below it, in all depths. */
  below: number;
  isOpen: boolean;
}

export type SegmentKind = 'body' | 'queued' | 'running' | 'succeeded' | 'failed' | 'aborted' | 'wait' | 'retry';

/** A part of a bar; times are milliseconds since 1970. */
export interface Segment {
  from: number;
  to: number;
  kind: SegmentKind;
  title: string;
}

const containers = new Set(['Parallel', 'Map']);

/** Containers with more than this below are closed until somebody opens them, but for one that is alone. */
export const closedAbove = 60;

/** Rows by the row that they belong to; -1 for those of the execution itself. */
export function childrenOf(rows: Row[]): Map<number, Row[]> {
  const children = new Map<number, Row[]>();
  for (const row of rows) {
    const parent = row.parent ?? -1;
    const list = children.get(parent);
    if (list) list.push(row);
    else children.set(parent, [row]);
  }
  // Branch after branch, each in the order of its states.
  for (const list of children.values())
    list.sort((one, other) => (one.index ?? 0) - (other.index ?? 0) || one.number - other.number);
  return children;
}

/** How many rows are below each one. */
export function countsBelow(rows: Row[]): Map<number, number> {
  const counts = new Map<number, number>();
  // What is below a row comes after it, so that from the end on each count is whole before it is added to its parent's.
  for (let index = rows.length - 1; index >= 0; index--) {
    const row = rows[index]!;
    if (row.parent !== undefined)
      counts.set(row.parent, (counts.get(row.parent) ?? 0) + (counts.get(row.number) ?? 0) + 1);
  }
  return counts;
}

/** The lines in order. `turned` are the numbers of containers that are not as they are by themselves. */
export function linesOf(rows: Row[], turned: ReadonlySet<number>): Line[] {
  const children = childrenOf(rows);
  const counts = countsBelow(rows);
  const lines: Line[] = [];
  const roots = children.get(-1) ?? [];
  const waiting = [...roots].reverse();
  while (waiting.length > 0) {
    const row = waiting.pop()!;
    const below = counts.get(row.number) ?? 0;
    const isOpen =
      below > 0 && (below <= closedAbove || (roots.length === 1 && row.depth === 0)) !== turned.has(row.number);
    lines.push({ row, depth: row.depth, below, isOpen });
    if (isOpen) {
      const inside = children.get(row.number) ?? [];
      for (let index = inside.length - 1; index >= 0; index--) waiting.push(inside[index]!);
    }
  }
  return lines;
}

/** The containers around a row, which must be open for it to be seen. */
export function aroundOf(rows: Row[], number: number): number[] {
  const around: number[] = [];
  for (let row = rows[number]; row?.parent !== undefined; row = rows[row.parent]) around.push(row.parent);
  return around;
}

/** The parts of a row's bar up to now. */
export function segmentsOf(row: Row, now: number): Segment[] {
  const from = Date.parse(row.enteredAt);
  const end = row.exitedAt ? Date.parse(row.exitedAt) : now;
  if (row.type === 'Wait') return [{ from, to: end, kind: 'wait', title: 'waits' }];
  if (row.attempts.length === 0) {
    return [{ from, to: end, kind: row.exitedAt ? outcomeOf(row) : 'running', title: row.status }];
  }
  if (containers.has(row.type)) {
    return [{ from, to: end, kind: row.exitedAt ? outcomeOf(row) : 'body', title: row.status }];
  }
  const segments: Segment[] = [];
  row.attempts.forEach((attempt, index) => {
    const scheduled = Date.parse(attempt.scheduledAt);
    const started = attempt.startedAt ? Date.parse(attempt.startedAt) : null;
    const ended = attempt.endedAt ? Date.parse(attempt.endedAt) : end;
    const name = `attempt ${index + 1}`;
    if (started !== null && started > scheduled)
      segments.push({ from: scheduled, to: started, kind: 'queued', title: `${name}: waits to be begun` });
    const kind = attempt.outcome === 'timed-out' ? 'failed' : attempt.outcome;
    segments.push({
      from: started ?? scheduled,
      to: ended,
      kind,
      title: attempt.error ? `${name}: ${attempt.error}` : `${name}: ${attempt.outcome}`,
    });
    const next = row.attempts[index + 1];
    if (attempt.retryAt) {
      const again = next ? Date.parse(next.scheduledAt) : Math.min(Date.parse(attempt.retryAt), end);
      if (again > ended) segments.push({ from: ended, to: again, kind: 'retry', title: `waits to be tried again` });
    }
  });
  return segments;
}

function outcomeOf(row: Row): SegmentKind {
  return row.status === 'failed' || row.status === 'caught'
    ? 'failed'
    : row.status === 'aborted'
      ? 'aborted'
      : 'succeeded';
}

/** Round steps between marks of an axis, so that about so many fit. */
export function ticksOf(length: number, wanted: number): number[] {
  if (!(length > 0)) return [0];
  const steps = [
    1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 15_000, 30_000, 60_000, 120_000, 300_000, 600_000,
    1_800_000, 3_600_000, 7_200_000, 21_600_000, 43_200_000, 86_400_000,
  ];
  const least = length / wanted;
  const step = steps.find((each) => each >= least) ?? Math.ceil(least / 86_400_000) * 86_400_000;
  return Array.from({ length: Math.floor(length / step) + 1 }, (_, index) => index * step);
}

/** A range in view, kept within the whole and not narrower than a millisecond. */
export function clamp(from: number, to: number, start: number, end: number): [number, number] {
  const whole = Math.max(1, end - start);
  const length = Math.min(whole, Math.max(1, to - from));
  const begin = Math.min(Math.max(from, start), start + whole - length);
  return [begin, begin + length];
}
