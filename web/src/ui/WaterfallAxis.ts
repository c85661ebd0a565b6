// The axis of a waterfall: long times in which nothing happened are folded, so that what happened can be seen. Pure.
import type { WaterfallSpan } from './WaterfallModel';

export interface IdleTime {
  /** Milliseconds from the beginning. */
  from: number;
  to: number;
}

export interface Axis {
  /** Length of what is drawn; that of the whole when nothing is folded. */
  length: number;
  folded: IdleTime[];
  /** A time as a place on the axis. */
  place: (time: number) => number;
  /** A place on the axis as a time. */
  time: (place: number) => number;
}

/** Idle times shorter than this share of the whole are shown as long as they are. */
const shareMin = 0.2;
/** What is left of a folded time, as a share of all in which something happened. */
const shareLeft = 0.06;

/** Times of the whole in which no span was under way, that are long enough to be folded. */
export function idleTimes(spans: WaterfallSpan[], whole: number): IdleTime[] {
  const byOffset = [...spans].sort((a, b) => a.offset - b.offset);
  const idle: IdleTime[] = [];
  let reached = 0;
  for (const span of byOffset) {
    if (span.offset - reached > whole * shareMin) idle.push({ from: reached, to: span.offset });
    reached = Math.max(reached, span.offset + span.duration);
  }
  return idle;
}

export function axisOf(whole: number, idle: IdleTime[]): Axis {
  if (idle.length === 0) return { length: whole, folded: [], place: (time) => time, time: (place) => place };
  const busy = whole - idle.reduce((sum, each) => sum + each.to - each.from, 0);
  const left = Math.max(busy * shareLeft, Number.MIN_VALUE);
  // Points between which the axis is even.
  const points: Array<[time: number, place: number]> = [[0, 0]];
  let saved = 0;
  for (const { from, to } of idle) {
    points.push([from, from - saved]);
    saved += to - from - left;
    points.push([to, to - saved]);
  }
  points.push([whole, whole - saved]);
  return {
    length: whole - saved,
    folded: idle,
    place: (time) => between(points, time, 0, 1),
    time: (place) => between(points, place, 1, 0),
  };
}

function between(points: Array<[number, number]>, value: number, from: 0 | 1, to: 0 | 1): number {
  const index = Math.max(
    1,
    points.findIndex((point) => point[from] >= value),
  );
  const [low, high] = [points[index - 1]!, points[index] ?? points.at(-1)!];
  if (value > points.at(-1)![from]) return points.at(-1)![to] + value - points.at(-1)![from];
  const span = high[from] - low[from];
  return span <= 0 ? high[to] : low[to] + ((value - low[from]) / span) * (high[to] - low[to]);
}
