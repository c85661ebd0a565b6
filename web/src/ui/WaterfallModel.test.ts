import { describe, expect, it } from 'vitest';
import {
  coloursOf,
  criticalPath,
  placeOf,
  rowsOf,
  selfTime,
  ticksOf,
  treeOf,
  type WaterfallSpan,
} from './WaterfallModel';

function span(id: string, offset: number, duration: number, parentId?: string): WaterfallSpan {
  return { id, parentId, name: id, group: 'f', origin: 'custom', offset, duration, isError: false, isOpen: false };
}

describe('treeOf', () => {
  it('puts children below their parents in the order of their beginnings', () => {
    const [root] = treeOf([span('b', 5, 1, 'root'), span('a', 1, 2, 'root'), span('root', 0, 10)]);
    expect(root!.children.map((child) => child.span.id)).toEqual(['a', 'b']);
    expect(root!.below).toBe(2);
    expect(root!.children[0]!.depth).toBe(1);
  });

  it('takes what has no parent here, and what is in a circle, as roots', () => {
    const roots = treeOf([
      span('lost', 3, 1, 'gone'),
      span('x', 0, 1, 'y'),
      span('y', 0, 1, 'x'),
      span('self', 9, 1, 'self'),
    ]);
    expect(roots.map((root) => root.span.id).sort()).toEqual(['lost', 'self', 'x']);
    expect(rowsOf(roots, new Set())).toHaveLength(4);
  });

  it('never draws before the beginning', () => {
    const [root] = treeOf([span('a', -4, -2)]);
    expect([root!.span.offset, root!.span.duration]).toEqual([0, 0]);
  });

  it('takes ten thousand spans in one chain', () => {
    const spans = Array.from({ length: 10_000 }, (_, index) =>
      span(`${index}`, index, 10, index ? `${index - 1}` : undefined),
    );
    const started = performance.now();
    expect(rowsOf(treeOf(spans), new Set())).toHaveLength(10_000);
    expect(performance.now() - started).toBeLessThan(4000);
  });
});

describe('rowsOf', () => {
  it('leaves out what is below a collapsed one', () => {
    const roots = treeOf([span('root', 0, 10), span('a', 1, 2, 'root'), span('b', 1, 1, 'a')]);
    expect(rowsOf(roots, new Set(['a'])).map((row) => [row.node.span.id, row.isCollapsed])).toEqual([
      ['root', false],
      ['a', true],
    ]);
  });
});

describe('criticalPath', () => {
  it('goes back from the end over the children that were waited for', () => {
    const roots = treeOf([
      span('root', 0, 100),
      span('early', 0, 30, 'root'),
      span('beside', 5, 10, 'root'),
      span('late', 40, 60, 'root'),
      span('inner', 50, 50, 'late'),
    ]);
    expect([...criticalPath(roots)].sort()).toEqual(['early', 'inner', 'late', 'root']);
  });

  it('goes over all that followed each other without being called from here', () => {
    const roots = treeOf([span('one', 0, 10), span('two', 20, 10), span('beside', 2, 3), span('child', 21, 9, 'two')]);
    expect([...criticalPath(roots)].sort()).toEqual(['child', 'one', 'two']);
  });

  it('leaves out what went on after its parent', () => {
    const roots = treeOf([span('root', 0, 10), span('after', 5, 50, 'root'), span('within', 1, 4, 'root')]);
    expect([...criticalPath(roots)].sort()).toEqual(['root', 'within']);
  });
});

describe('figures', () => {
  it('counts the time that no child was under way in once', () => {
    const [root] = treeOf([
      span('root', 0, 100),
      span('a', 0, 30, 'root'),
      span('b', 20, 30, 'root'),
      span('c', 90, 50, 'root'),
    ]);
    expect(selfTime(root!)).toBe(40);
  });

  it('makes round ticks', () => {
    expect(ticksOf(0, 100)).toEqual([0, 20, 40, 60, 80, 100]);
    expect(ticksOf(0, 0)).toEqual([]);
    expect(ticksOf(3, 3.9, 5)).toEqual([3, 3.2, 3.4, 3.6, 3.8]);
  });

  it('clips bars to what is looked at', () => {
    expect(placeOf(span('a', 0, 100), 50, 100)).toEqual({ left: 0, width: 100 });
    expect(placeOf(span('a', 0, 10), 50, 100)).toBeNull();
    expect(placeOf(span('a', 75, 0), 50, 100)).toEqual({ left: 50, width: 0 });
  });

  it('gives each group one of six colours', () => {
    const groups = ['a', 'b', 'a', 'c'].map((group) => ({ ...span('x', 0, 1), group }));
    expect([...coloursOf(groups)]).toEqual([
      ['a', 1],
      ['b', 2],
      ['c', 3],
    ]);
  });
});
