import { describe, expect, it } from 'vitest';
import type { ErrorFrame } from '../../api/errors';
import { frameRuns, placeOf } from './frames';

function frame(isApplication: boolean, rest: Partial<ErrorFrame> = {}): ErrorFrame {
  return { text: 'at x', function: 'x', file: '/var/task/a.js', line: 3, column: 7, isApplication, ...rest };
}

describe('frames', () => {
  it('are put together with their neighbours of the same owner', () => {
    expect(frameRuns([true, true, false, false, true].map((own) => frame(own))).map((run) => [run.start, run.isApplication, run.frames.length]))
      .toEqual([[0, true, 2], [2, false, 2], [4, true, 1]]);
  });

  it('are placed in their source', () => {
    expect(placeOf(frame(true))).toBe('a.js:3:7');
    expect(placeOf(frame(true, { source: { file: 'src/a.ts', line: 9, column: 0 } }))).toBe('src/a.ts:9');
    expect(placeOf(frame(true, { file: '', text: '  native code' }))).toBe('native code');
    expect(placeOf(frame(true, { file: 'file:///var/task/b.mjs', line: 0 }))).toBe('b.mjs');
  });
});
