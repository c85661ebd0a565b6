// Rows of a list whose newest come at the top while somebody reads it. Pure; the tests are beside it.

export interface LiveRows<Row> {
  /** What is shown, in the server's order. */
  rows: Row[];
  /** What came since and is not shown yet. */
  waiting: Row[];
  /** More than a page came at once: what lies between is not here, so that showing begins anew. */
  hasGap: boolean;
}

export const nothingYet: LiveRows<never> = { rows: [], waiting: [], hasGap: false };

/**
 * Takes in the newest page, which says in which order its rows are. `show` puts what is new on top at once; otherwise
 * it waits, and nothing that is read moves. Rows that are known are replaced where they stand when they changed.
 */
export function takeNewest<Row>(
  before: LiveRows<Row>,
  page: Row[],
  show: boolean,
  key: (row: Row) => string,
  rowsMax = 2000,
): LiveRows<Row> {
  if (before.rows.length === 0 && before.waiting.length === 0) return { rows: page, waiting: [], hasGap: false };
  const fresh = new Map(page.map((row) => [key(row), row]));
  const shown = new Set(before.rows.map(key));
  const waiting = new Set(before.waiting.map(key));
  const isApart = page.length > 0 && !page.some((row) => shown.has(key(row)) || waiting.has(key(row)));
  if (show && (isApart || before.hasGap)) return { rows: page, waiting: [], hasGap: false };
  const known = new Map([...before.rows, ...before.waiting].map((row) => [key(row), row]));
  const top = page.map((row) => newer(row, known.get(key(row))));
  const kept = (rows: Row[]) => rows.filter((row) => !fresh.has(key(row)));
  if (show) {
    const rows = [...top, ...kept(before.waiting), ...kept(before.rows)];
    // Whoever watches the top has no use for what is far below; from the page on it can be had again.
    if (rows.length > rowsMax) return { rows: page, waiting: [], hasGap: false };
    return isSame(rows, before.rows) && before.waiting.length === 0 ? before : { rows, waiting: [], hasGap: false };
  }
  const rows = before.rows.map((row) => newer(fresh.get(key(row)) ?? row, row));
  const held = [...top.filter((row) => !shown.has(key(row))), ...kept(before.waiting)];
  return {
    rows: isSame(rows, before.rows) ? before.rows : rows,
    waiting: held.slice(0, rowsMax),
    hasGap: before.hasGap || isApart || held.length > rowsMax,
  };
}

/** Puts an older page below. */
export function takeOlder<Row>(before: LiveRows<Row>, page: Row[], key: (row: Row) => string): LiveRows<Row> {
  const known = new Set([...before.rows, ...before.waiting].map(key));
  return { ...before, rows: [...before.rows, ...page.filter((row) => !known.has(key(row)))] };
}

/** The same row stays the same object, so that nothing is drawn again for it. */
function newer<Row>(fresh: Row, known: Row | undefined): Row {
  return known !== undefined && JSON.stringify(fresh) === JSON.stringify(known) ? known : fresh;
}

function isSame<Row>(one: Row[], other: Row[]): boolean {
  return one.length === other.length && one.every((row, index) => row === other[index]);
}
