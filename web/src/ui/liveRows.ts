// Rows of a list whose newest come at the top while somebody reads it. Pure; the tests are beside it.

export interface LiveRows<Row> {
  /** What is shown, the newest first. */
  rows: Row[];
  /** What came since and is not shown yet. */
  waiting: Row[];
  /** More than a page came at once: what lies between is not here, so that showing begins anew. */
  hasGap: boolean;
}

export interface RowOrder<Row> {
  key: (row: Row) => string;
  /** Sorts the newest first, by descending text. */
  order: (row: Row) => string;
}

export const nothingYet: LiveRows<never> = { rows: [], waiting: [], hasGap: false };

/**
 * Takes in the newest page. `show` puts what is new on top at once; otherwise it waits. Rows that are known are replaced
 * where they stand, because what goes on changes.
 */
export function takeNewest<Row>(
  before: LiveRows<Row>, page: Row[], show: boolean, { key, order }: RowOrder<Row>, rowsMax = 2000,
): LiveRows<Row> {
  if (before.rows.length === 0 && before.waiting.length === 0) return { rows: page, waiting: [], hasGap: false };
  const fresh = new Map(page.map((row) => [key(row), row]));
  const known = new Set([...before.rows, ...before.waiting].map(key));
  const isApart = page.length > 0 && !page.some((row) => known.has(key(row)));
  if (isApart && show) return { rows: page, waiting: [], hasGap: false };
  const added = page.filter((row) => !known.has(key(row)));
  const replace = (rows: Row[]) =>
    (rows.some((row) => isOther(fresh.get(key(row)), row)) ? rows.map((row) => newer(fresh.get(key(row)), row)) : rows);
  const newestFirst = (rows: Row[]) => [...rows].sort((a, b) => (order(a) < order(b) ? 1 : order(a) > order(b) ? -1 : 0));
  if (show) {
    const waiting = [...added, ...replace(before.waiting)];
    const rows = waiting.length === 0 ? replace(before.rows) : newestFirst([...waiting, ...replace(before.rows)]);
    return { rows: rows.length > rowsMax ? rows.slice(0, rowsMax) : rows, waiting: [], hasGap: false };
  }
  return {
    rows: replace(before.rows),
    waiting: added.length === 0 ? replace(before.waiting) : newestFirst([...added, ...replace(before.waiting)]).slice(0, rowsMax),
    hasGap: before.hasGap || isApart,
  };
}

/** Puts an older page below. */
export function takeOlder<Row>(before: LiveRows<Row>, page: Row[], { key }: RowOrder<Row>): LiveRows<Row> {
  const known = new Set([...before.rows, ...before.waiting].map(key));
  return { ...before, rows: [...before.rows, ...page.filter((row) => !known.has(key(row)))] };
}

function isOther<Row>(fresh: Row | undefined, row: Row): boolean {
  return fresh !== undefined && JSON.stringify(fresh) !== JSON.stringify(row);
}

/** The same row stays the same object, so that nothing is drawn again for it. */
function newer<Row>(fresh: Row | undefined, row: Row): Row {
  return isOther(fresh, row) ? fresh! : row;
}
