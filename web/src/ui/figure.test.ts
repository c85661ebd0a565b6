import { expect, it } from 'vitest';
import { figure } from './figure';

it.each([
  [1500, 'ms', '1.5 s'],
  [90, 's', '1 min 30 s'],
  [0.5, 'ratio', '50 %'],
  [null, 'ms', '–'],
  [3, 'count', '3'],
  [1.23456, 'GB-s', '1.23 GB\u2011s'],
])('%s %s is %s', (value, unit, text) => expect(figure(value, unit)).toBe(text));

it('money has its currency', () => expect(figure(2, 'money', 'EUR')).toBe('2.00 EUR'));
