import { describe, expect, it } from 'vitest';
import { machineNameProblem } from './draft';
import { diffLines } from './diff';

describe('diffLines', () => {
  it('shows what was added and removed with three lines around it', () => {
    const before = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i'].join('\n');
    const lines = diffLines(before, before.replace('e', 'E\nE2'));
    expect(lines.map((line) => line.kind)).toEqual(
      ['gap', 'same', 'same', 'same', 'removed', 'added', 'added', 'same', 'same', 'same', 'gap']);
    expect(lines.find((line) => line.text === 'f')).toMatchObject({ before: 6, after: 7 });
  });

  it('keeps lines that moved in between', () => {
    const lines = diffLines('a\nb\nc', 'x\nb\ny');
    expect(lines.map((line) => line.kind + line.text)).toEqual(['removeda', 'addedx', 'sameb', 'removedc', 'addedy']);
  });

  it('is a gap alone when nothing differs', () =>
    expect(diffLines('a\nb', 'a\nb').map((line) => line.kind)).toEqual(['gap']));
});

describe('machineNameProblem', () => {
  it.each(['', 'a b', 'a'.repeat(81), 'ü'])('refuses %s', (name) => expect(machineNameProblem(name)).not.toBeNull());
  it('takes letters, digits, - and _', () => expect(machineNameProblem('Order-2_b')).toBeNull());
});
