import { describe, expect, it } from 'vitest';
import { draftOf, expressionOf, inWords, newDraft } from './expression';

describe('expressions', () => {
  it.each([
    ['rate(1 minute)', 'Every minute'],
    ['rate(5 minutes)', 'Every 5 minutes'],
    ['at(2027-01-01T00:00:00)', 'Once, on 2027-01-01 at 00:00'],
    ['cron(0 9 ? * MON-FRI *)', 'At 09:00 on weekdays'],
    ['cron(0 9 ? * 2-6 *)', 'At 09:00 on weekdays'],
    ['cron(0 18 L * ? *)', 'At 18:00 on the last day of the month'],
    ['cron(30 8 ? * 6L *)', 'At 08:30 on the last Friday of the month'],
    ['cron(0 0 ? 1,7 TUE#2 *)', 'At 00:00 on the second Tuesday of the month in January and July'],
    ['30 2 * * *', 'At 02:30 every day'],
    ['*/3 * * * *', 'Every 3 minutes'],
    ['*/10 9-17 * * 1-5', 'Every 10 minutes from 09:00 to 17:59 on weekdays'],
    ['15 * * * *', 'Every hour, at 15 past'],
    ['0 9,18 * * SAT,SUN', 'At 09:00 and 18:00 at weekends'],
    ['0 6 1,15 * *', 'At 06:00 on the 1st and 15th of the month'],
    ['*/10 * * * * *', 'Every 10 seconds'],
    ['0 9 1 * MON', '0 9 1 * MON'],
    ['nonsense', 'nonsense'],
  ])('%s', (expression, words) => expect(inWords(expression)).toBe(words));

  it.each([
    'rate(1 hour)',
    'rate(15 minutes)',
    'cron(5 9 * * ? *)',
    'cron(0 9 ? * MON,THU *)',
    'cron(0 6 15 * ? *)',
    'at(2027-01-01T10:00:00)',
    '*/3 * * * *',
  ])('the builder gives %s back', (expression) => expect(expressionOf(draftOf(expression))).toBe(expression));

  it('writes a time of the browser with seconds', () =>
    expect(expressionOf({ ...newDraft, kind: 'once', at: '2027-01-01T10:00' })).toBe('at(2027-01-01T10:00:00)'));
});
