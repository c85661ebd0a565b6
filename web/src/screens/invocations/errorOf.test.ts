import { describe, expect, it } from 'vitest';
import { errorOf } from './errorOf';

const payload = (json: unknown) => ({ json, bytes: 1, isMasked: false });

describe('errorOf', () => {
  it('reads what runtimes answer', () => {
    expect(errorOf(payload({ errorType: 'Broken', errorMessage: 'no', trace: ['Broken: no', '    at go (x.mjs:1:2)'] }))).toEqual({
      type: 'Broken', message: 'no', stack: ['    at go (x.mjs:1:2)'],
    });
    expect(errorOf(payload({ errorMessage: 'no', stackTrace: '   at A.B()\n   at C.D()' }))!.stack).toHaveLength(2);
  });

  it('is null for answers that are no errors', () => {
    expect([undefined, payload(null), payload([1]), payload({ ok: true })].map(errorOf)).toEqual([null, null, null, null]);
  });
});
