// A measured value as people read it, by the unit that the metrics API names.
import { count, duration, percent } from './format';
import { money } from './money';

/** A figure with its unit. */
export function figure(value: number | null | undefined, unit: string, currency?: string): string {
  if (value === null || value === undefined) return '–';
  switch (unit) {
    case 'ms':
      return duration(value);
    case 's':
      return duration(value * 1000);
    case 'ratio':
      return percent(value);
    case 'GB-s':
      return `${count(Number(value.toPrecision(3)))} GB\u2011s`;
    case 'money':
      return money(value, currency);
    default:
      return count(value);
  }
}
