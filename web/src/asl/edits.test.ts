import { describe, expect, it } from 'vitest';
import { insertElement, removeAt, replaceValue, setMember, swapElements, valueText } from './edits';
import { compact, parseJson, print } from './json';

const LINED = `{
    "a": 1.0,
    "odd" :  [1e3,12345678901234567890],
    "inner": {"x": true, "y": "\\u00e9"},
    "unknown": {
        "z": null
    }
}
`;

describe('edits', () => {
  it('keep the literals, the blanks and the order of what they are not about', () => {
    const changed = setMember(LINED, [], 'new', '{\n  "b": [\n    2\n  ]\n}', 'a');
    expect(changed).toBe(LINED.replace('1.0,\n', '1.0,\n    "new": {\n        "b": [\n            2\n        ]\n    },\n'));
    expect(removeAt(changed, ['new'])).toBe(LINED);
  });

  it('write into an object on one line on that line', () => {
    const changed = setMember(LINED, ['inner'], 'z', '[\n  1,\n  2\n]');
    expect(changed).toContain('{"x": true, "y": "\\u00e9", "z": [1, 2]}');
    expect(removeAt(changed, ['inner', 'z'])).toBe(LINED);
  });

  it('leave a text without blanks without blanks', () => {
    expect(setMember('{"a":{"b":1}}', ['a'], 'c', '{\n  "d": [1, 2]\n}')).toBe('{"a":{"b":1,"c":{"d":[1,2]}}}');
    expect(setMember('{"a":{}}', ['a'], 'c', '1')).toBe('{"a":{"c":1}}');
  });

  it('keep the ends of lines of the text', () => {
    const lined = '{\r\n\t"a": {}\r\n}';
    expect(setMember(lined, ['a'], 'b', '{\n  "c": 1\n}'))
      .toBe('{\r\n\t"a": {\r\n\t\t"b": {\r\n\t\t\t"c": 1\r\n\t\t}\r\n\t}\r\n}');
  });

  it('take the first, the last and the only one away with its comma', () => {
    expect(removeAt('[1, 2, 3]', [0])).toBe('[2, 3]');
    expect(removeAt('[1, 2, 3]', [2])).toBe('[1, 2]');
    expect(removeAt('[ 1 ]', [0])).toBe('[]');
  });

  it('put elements at any place and let two change places', () => {
    expect(insertElement('[1, 2]', [], '0', 0)).toBe('[0, 1, 2]');
    expect(insertElement('[1, 2]', [], '1.5', 1)).toBe('[1, 1.5, 2]');
    expect(swapElements('[{"a": 1}, 2.0]', [], 0, 1)).toBe('[2.0, {"a": 1}]');
  });

  it('give back what they took out of a text with steps of four', () => {
    const taken = valueText(LINED, ['unknown'])!;
    expect(taken).toBe('{\n  "z": null\n}');
    expect(replaceValue(LINED, ['unknown'], taken)).toBe(LINED);
  });
});

describe('JSON text', () => {
  it('is told what is wrong with it, with line and column', () => {
    const [problem] = parseJson('{\n  "a": tru\n}').problems;
    expect(problem).toMatchObject({ line: 2, column: 8 });
  });

  it.each(['', '  ', '{"a": 1,}', '{"a": 1} // no', '[1 2]', '"open', '{"a": 1, "a": 2}'])(
    'is refused: %s', (text) => expect(parseJson(text).problems.length).toBeGreaterThan(0));

  it('is refused when it is nested without end', () =>
    expect(parseJson('['.repeat(200_000)).problems.length).toBeGreaterThan(0));

  it('is printed with plain arrays on one line', () =>
    expect(print({ a: ['x', 1], b: { c: [] }, d: [{ e: null }] }))
      .toBe('{\n  "a": ["x", 1],\n  "b": {\n    "c": []\n  },\n  "d": [\n    {\n      "e": null\n    }\n  ]\n}'));

  it('is made compact without touching strings and literals', () =>
    expect(compact('{\n "a , b : c" : [ 1.0 , 1e3 ]\n}')).toBe('{"a , b : c": [1.0, 1e3]}'));
});
