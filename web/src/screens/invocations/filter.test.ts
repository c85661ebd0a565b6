import { describe, expect, it } from 'vitest';
import { filterOf, listCommand, listPath, millisecondsOf } from './filter';

describe('filterOf', () => {
  it('names what the API names', () => {
    expect(filterOf('?function=shop&status=failed&source=queue&longer=1.5s&cold=true&since=1h')).toMatchObject({
      function: 'shop',
      outcome: 'failed',
      origin: 'queue',
      'min-duration': '1500',
      cold: 'true',
      since: '1h',
    });
  });

  it('takes a text as a request id or else as a name', () => {
    expect(filterOf('?text=01a200e1-c010-723d-8d2c-dcb08ac53f5d').request).toBe('01a200e1-c010-723d-8d2c-dcb08ac53f5d');
    expect(filterOf('?text=shop')).toMatchObject({ function: 'shop', request: undefined });
    expect(filterOf('?text=shop&function=mail').function).toBe('mail');
  });
});

describe('millisecondsOf', () => {
  it('takes a number with or without a unit', () => {
    expect(['250', '250 ms', '0.5s', '2m', 'odd'].map(millisecondsOf)).toEqual([250, 250, 500, 120_000, undefined]);
  });
});

describe('the same from a terminal', () => {
  it('quotes what needs it', () => {
    const filter = filterOf('?function=shop&status=failed&since=1h');
    expect(listCommand(filter)).toBe('lambent invocation ls shop --failed --since 1h');
    expect(listPath(filter)).toBe('/v1/invocations?function=shop&outcome=failed&since=1h');
    expect(listCommand(filterOf('?status=timeout&function=a%20b'))).toBe(
      "lambent invocation ls 'a b' --outcome timeout",
    );
  });
});
