import { expect, it } from 'vitest';
import { money } from './money';

it.each([
  ['0', 'USD', '0 USD'],
  ['0.00001234', 'USD', '0.0000123 USD'],
  ['1.5', 'EUR', '1.50 EUR'],
  ['1234567.891', 'USD', '1,234,567.89 USD'],
  ['0.0450', undefined, '0.045'],
  ['-2', 'USD', '-2.00 USD'],
])('%s in %s', (amount, currency, text) => expect(money(amount, currency)).toBe(text));
