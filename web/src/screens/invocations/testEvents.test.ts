import { describe, expect, it } from 'vitest';
import { withTestEvent } from './testEvents';

describe('withTestEvent', () => {
  it('adds, replaces by name, and begins anew where nothing can be read', () => {
    const one = withTestEvent(null, 'a', '{"x":1}');
    expect(JSON.parse(one)).toEqual([{ name: 'a', event: { x: 1 }, text: '{"x":1}' }]);
    expect(JSON.parse(withTestEvent(one, 'a', '2'))).toHaveLength(1);
    expect(JSON.parse(withTestEvent(one, 'b', '2'))).toHaveLength(2);
    expect(JSON.parse(withTestEvent('{broken', 'b', '2'))).toHaveLength(1);
  });
});
