import { describe, expect, it } from 'vitest';
import { bytes, count, duration, percent, relative } from './format';

describe('figures', () => {
  it.each([
    [0, '0 ms'],
    [0.25, '0.25 ms'],
    [12.4, '12 ms'],
    [1250, '1.25 s'],
    [184_000, '3 min 4 s'],
    [7_500_000, '2 h 5 min'],
    [273_600_000, '3 d 4 h'],
    [-20, '-20 ms'],
  ])('duration of %d', (value, text) => expect(duration(value)).toBe(text));

  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1536, '1.54 kB'],
    [5_000_000, '5 MB'],
  ])('size of %d', (value, text) => expect(bytes(value)).toBe(text));

  it.each([
    [9999, '9,999'],
    [12_345, '12.3 k'],
    [1_234_567, '1.23 M'],
  ])('count of %d', (value, text) => expect(count(value)).toBe(text));

  it.each([
    [0, '0 %'],
    [0.0001, '< 0.1 %'],
    [0.1234, '12.3 %'],
  ])('share of %d', (value, text) => expect(percent(value)).toBe(text));

  it('tells the past from the future', () => {
    expect(relative(1000, 13_000)).toBe('12 s ago');
    expect(relative(200_000, 13_000)).toBe('in 3 min');
    expect(relative(1000, 1500)).toBe('now');
  });
});
