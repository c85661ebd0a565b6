import { describe, expect, it } from 'vitest';
import { readDocument } from '../asl/document';
import { MACHINES } from '../asl/machines.testdata';
import { addState } from '../asl/operations';
import { opened } from '../asl/references';
import { ACTION_KINDS, EMPTY_DEFINITION } from '../asl/templates';
import { contains, pathOf } from './drawing';
import type { Box, Drawing } from './drawing';
import { layout } from './layout';
import { overlayOf, statusWords } from './overlay';
import { dropPlace, walk } from './walk';

const drawn = (text: string): Drawing => layout(readDocument(text).document!);

describe('layout of the forty-one machines', () => {
  it.each(MACHINES)('$name: no node lies on another, and what is inside is inside', ({ text }) => {
    const drawing = drawn(text);
    const document = opened(text);
    expect(drawing.nodes.filter((node) => node.state !== null).length).toBe(document.states.size);
    for (const node of drawing.nodes) {
      expect(node.x).toBeGreaterThanOrEqual(-0.01);
      expect(node.x + node.width).toBeLessThanOrEqual(drawing.width + 0.01);
      expect(node.y + node.height).toBeLessThanOrEqual(drawing.height + 0.01);
      for (const other of drawing.nodes) {
        if (other !== node && other.scope === node.scope) {
          expect(overlap(node, other), `${node.id} and ${other.id}`).toBe(false);
        }
      }

      const frame = drawing.scopes.find((scope) => scope.id === node.scope);
      expect(frame === undefined || inside(node, frame)).toBe(true);
    }

    for (const scope of drawing.scopes) {
      const owner = drawing.nodes.find((node) => node.id === scope.owner)!;
      expect(inside(scope, owner)).toBe(true);
    }
  });

  it.each(MACHINES)('$name: each way begins at its state, ends at the next, and has a path', ({ text }) => {
    const drawing = drawn(text);
    for (const edge of drawing.edges) {
      const [from, to] = [edge.from, edge.to].map((id) => drawing.nodes.find((node) => node.id === id)!);
      expect(contains(grown(from!), edge.points[0]!)).toBe(true);
      expect(contains(grown(to!), edge.points.at(-1)!)).toBe(true);
      expect(pathOf(edge.points)).not.toContain('NaN');
    }
  });

  it.each(MACHINES)('$name: arrow keys reach every state that is reached', ({ text }) => {
    const drawing = drawn(text);
    const seen = new Set<string>();
    const waiting = [walk(drawing, null, 'down')!];
    for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
      if (!seen.has(id)) {
        seen.add(id);
        for (const direction of ['up', 'down', 'left', 'right'] as const) {
          const next = walk(drawing, id, direction);
          if (next !== null) {
            waiting.push(next);
          }
        }
      }
    }

    expect(seen.size).toBe(opened(text).states.size);
  });

  it.each(MACHINES)('$name: what is dropped on a way goes into it', ({ text }) => {
    const drawing = drawn(text);
    const pass = ACTION_KINDS.find((kind) => kind.id === 'pass')!;
    for (const edge of drawing.edges.filter((known) => known.kind === 'next' && known.points.length > 1)) {
      const [one, other] = edge.points as [Box, Box];
      const drop = dropPlace(drawing, { x: (one.x + other.x) / 2, y: (one.y + other.y) / 2 });
      expect(opened(addState(text, pass, drop.place).text).states.size).toBe(opened(text).states.size + 1);
    }
  });
});

describe('layout', () => {
  it('draws a machine of five hundred states in a second', () => {
    let text = EMPTY_DEFINITION;
    const states: Record<string, unknown> = {};
    for (let index = 0; index < 500; index++) {
      const next = `S${index + 1}`;
      states[`S${index}`] = index % 10 === 5
        ? { Type: 'Choice', Choices: [{ Condition: '{% true %}', Next: `S${Math.min(index + 7, 499)}` }], Default: next }
        : { Type: 'Pass', ...(index === 499 ? { End: true } : { Next: next }) };
    }

    text = JSON.stringify({ StartAt: 'S0', QueryLanguage: 'JSONata', States: states });
    const document = readDocument(text).document!;
    const began = performance.now();
    expect(layout(document).nodes.length).toBe(502);
    expect(performance.now() - began).toBeLessThan(4000);
  });

  it('shows ways to states that are not there', () => {
    const drawing = drawn('{"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "Gone"}}}');
    expect(drawing.nodes.map((node) => node.kind)).toEqual(['start', 'state', 'missing']);
  });

  it.each(['{}', '{"States": {}}', '{"StartAt": 3, "States": []}', '{"StartAt": "A", "States": {"A": 7, "B": null}}',
    '{"StartAt": "A", "States": {"A": {"Type": "Parallel", "Branches": [1, {"States": {}}], "Catch": [null]}}}',
  ])('draws what there is of %s', (text) => expect(drawn(text).width).toBeGreaterThan(0));
});

describe('overlay', () => {
  it('takes what an execution made of each state, inside of containers too', () => {
    const overlay = overlayOf({
      startAt: 'A',
      nodes: [{
        name: 'A', type: 'Map', status: 'retrying', entered: 1, open: 1,
        graphs: [{ startAt: 'B', nodes: [{ name: 'B', type: 'Task', status: 'failed', entered: 3, retries: 2 }], edges: [] }],
      }],
      edges: [{ from: 'A', to: 'A', kind: 'catch', taken: 2 }],
    });
    expect(statusWords(overlay.states.get('B'))).toBe('failed, entered 3 times, 2 retries');
    expect(statusWords(undefined)).toBe('not reached');
    expect(overlay.taken('A', 'A')).toBe(2);
    expect(overlay.taken('A', 'B')).toBe(0);
  });
});

function overlap(one: Box, other: Box): boolean {
  return one.x < other.x + other.width - 0.01 && other.x < one.x + one.width - 0.01
    && one.y < other.y + other.height - 0.01 && other.y < one.y + one.height - 0.01;
}

function inside(inner: Box, outer: Box): boolean {
  return inner.x >= outer.x && inner.y >= outer.y
    && inner.x + inner.width <= outer.x + outer.width && inner.y + inner.height <= outer.y + outer.height;
}

function grown(box: Box): Box {
  return { x: box.x - 1, y: box.y - 1, width: box.width + 2, height: box.height + 2 };
}
