/** A line of two texts that are compared. */
export interface DiffLine {
  kind: 'same' | 'added' | 'removed' | 'gap';
  text: string;
  /** Line numbers, counted from 1; null where there is none. */
  before: number | null;
  after: number | null;
}

const CONTEXT = 3;
// The table of the comparison is as large as the product of what differs; beyond this, all of it counts as changed.
const CELLS_MAX = 4_000_000;

/** Compares texts line by line; what is the same is shown around changes alone. */
export function diffLines(before: string, after: string): DiffLine[] {
  const one = before.split('\n');
  const other = after.split('\n');
  let head = 0;
  while (head < one.length && head < other.length && one[head] === other[head]) head++;
  let tail = 0;
  while (tail < one.length - head && tail < other.length - head && one.at(-1 - tail) === other.at(-1 - tail)) tail++;
  const lines: DiffLine[] = [];
  const same = (index: number, moved: number): void => {
    lines.push({ kind: 'same', text: one[index]!, before: index + 1, after: index + 1 + moved });
  };
  for (let index = 0; index < head; index++) same(index, 0);
  lines.push(...middle(one.slice(head, one.length - tail), other.slice(head, other.length - tail), head));
  for (let index = one.length - tail; index < one.length; index++) same(index, other.length - one.length);
  return folded(lines);
}

function middle(one: string[], other: string[], offset: number): DiffLine[] {
  const lines: DiffLine[] = [];
  const steps = one.length * other.length > CELLS_MAX ? [] : commonLines(one, other);
  let [left, right] = [0, 0];
  const upTo = (leftEnd: number, rightEnd: number): void => {
    for (; left < leftEnd; left++) lines.push({ kind: 'removed', text: one[left]!, before: offset + left + 1, after: null });
    for (; right < rightEnd; right++) lines.push({ kind: 'added', text: other[right]!, before: null, after: offset + right + 1 });
  };
  for (const [at, to] of steps) {
    upTo(at, to);
    lines.push({ kind: 'same', text: one[at]!, before: offset + at + 1, after: offset + to + 1 });
    left = at + 1;
    right = to + 1;
  }
  upTo(one.length, other.length);
  return lines;
}

// The longest sequence of lines that both have.
function commonLines(one: string[], other: string[]): [number, number][] {
  const width = other.length + 1;
  const lengths = new Uint32Array((one.length + 1) * width);
  for (let left = one.length - 1; left >= 0; left--) {
    for (let right = other.length - 1; right >= 0; right--) {
      lengths[left * width + right] = one[left] === other[right]
        ? lengths[(left + 1) * width + right + 1]! + 1
        : Math.max(lengths[(left + 1) * width + right]!, lengths[left * width + right + 1]!);
    }
  }
  const pairs: [number, number][] = [];
  for (let left = 0, right = 0; left < one.length && right < other.length;) {
    if (one[left] === other[right]) pairs.push([left++, right++]);
    else if (lengths[(left + 1) * width + right]! >= lengths[left * width + right + 1]!) left++;
    else right++;
  }
  return pairs;
}

function folded(lines: DiffLine[]): DiffLine[] {
  const isNear = lines.map(() => false);
  lines.forEach((line, index) => {
    if (line.kind === 'same') return;
    for (let near = Math.max(0, index - CONTEXT); near <= Math.min(lines.length - 1, index + CONTEXT); near++) isNear[near] = true;
  });
  const shown: DiffLine[] = [];
  lines.forEach((line, index) => {
    if (isNear[index]) shown.push(line);
    else if (shown.at(-1)?.kind !== 'gap') shown.push({ kind: 'gap', text: '', before: null, after: null });
  });
  return shown;
}
