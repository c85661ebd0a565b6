import type { DrawnNode, Point } from './drawing';

/** A row of the layout: the states that stand beside each other, the highest of which gives it its height. */
export interface Row {
  middle: number;
  top: number;
  bottom: number;
}

/** The rows of nodes that were placed around the middles of their rows; each is then moved to the top of its row. */
export function alignRows(nodes: readonly DrawnNode[]): Row[] {
  const rows = new Map<number, Row>();
  const key = (node: DrawnNode): number => Math.round(node.y + node.height / 2);
  for (const node of nodes) {
    const row = rows.get(key(node)) ?? { middle: node.y + node.height / 2, top: node.y, bottom: node.y };
    row.top = Math.min(row.top, node.y);
    row.bottom = Math.max(row.bottom, node.y + node.height);
    rows.set(key(node), row);
  }

  for (const node of nodes) {
    node.y = rows.get(key(node))!.top;
  }

  return [...rows.values()];
}

/**
 * The way from one state to another through the bends that the layout gave it. Ways go straight through rows and bend
 * between them, so that they do not cut the corners of containers, which are higher than what stands beside them.
 * @param lift How far the state was moved up with its row; a way to itself goes with it.
 */
export function route(
  bends: readonly Point[],
  from: DrawnNode,
  to: DrawnNode,
  rows: readonly Row[],
  lift: number,
): Point[] {
  if (from === to) {
    return bends.map((bend) => ({ x: bend.x, y: bend.y - lift }));
  }

  const isDown = to.y >= from.y + from.height;
  const first = { x: within(bends[0]!.x, from), y: isDown ? from.y + from.height : from.y };
  const last = { x: within(bends.at(-1)!.x, to), y: isDown ? to.y : to.y + to.height };
  const points = [first, ...through(first, rows, isDown)];
  for (const bend of bends.slice(1, -1)) {
    const row = rows.find((known) => Math.abs(known.middle - bend.y) < 1);
    const [near, far] = isDown ? [row?.top, row?.bottom] : [row?.bottom, row?.top];
    points.push(
      ...(row === undefined
        ? [bend]
        : [
            { x: bend.x, y: near! },
            { x: bend.x, y: far! },
          ]),
    );
  }

  const isOnTheWay = (point: Point): boolean =>
    isDown ? point.y > first.y && point.y < last.y : point.y < first.y && point.y > last.y;
  return [first, ...points.slice(1).filter(isOnTheWay), ...(isDown ? [] : through(last, rows, true)), last];
}

// From the bottom of a state to the bottom of its row.
function through(point: Point, rows: readonly Row[], isDown: boolean): Point[] {
  const row = rows.find((known) => point.y > known.top && point.y < known.bottom - 1);
  return row === undefined || !isDown ? [] : [{ x: point.x, y: row.bottom }];
}

function within(x: number, node: DrawnNode): number {
  const margin = Math.min(24, node.width / 2);
  return Math.max(node.x + margin, Math.min(node.x + node.width - margin, x));
}
