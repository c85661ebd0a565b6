/** A text that was, and what was selected then. */
export interface Moment {
  text: string;
  selected: string | null;
}

/** What undo and redo go through. It never changes: each step gives another. */
export interface TextHistory {
  past: readonly Moment[];
  now: Moment;
  future: readonly Moment[];
  /** Typing in one place is one step, as long as the same thing is edited. */
  group: string | null;
}

const STEPS_MAX = 200;

export function begin(text: string): TextHistory {
  return { past: [], now: { text, selected: null }, future: [], group: null };
}

/**
 * A step.
 * @param group Steps of the same group, one after the other, are undone together; null stands alone.
 */
export function record(history: TextHistory, next: Moment, group: string | null = null): TextHistory {
  if (next.text === history.now.text) {
    return next.selected === history.now.selected ? history : { ...history, now: next, group: null };
  }

  const isSame = group !== null && group === history.group;
  const past = isSame ? history.past : [...history.past, history.now].slice(-STEPS_MAX);
  return { past, now: next, future: [], group };
}

export function undo(history: TextHistory): TextHistory {
  const before = history.past.at(-1);
  return before === undefined
    ? history
    : { past: history.past.slice(0, -1), now: before, future: [history.now, ...history.future], group: null };
}

export function redo(history: TextHistory): TextHistory {
  const [next, ...future] = history.future;
  return next === undefined
    ? history
    : { past: [...history.past, history.now], now: next, future, group: null };
}
