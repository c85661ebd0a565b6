// Expressions of schedules in words, and back. Pure. What cannot be said in a sentence stays as it was written: the
// server's next times say what it means.

const dayNames = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const dayWords = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];
const monthNames = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];
const monthWords = monthNames.map((name) => name.slice(0, 3).toUpperCase());
const ordinals = ['first', 'second', 'third', 'fourth', 'fifth'];

interface Cron {
  seconds: string;
  minutes: string;
  hours: string;
  days: string;
  months: string;
  /** With Sunday as 0. */
  weekdays: string;
  year: string;
}

/** "Every 5 minutes", "At 09:00 on weekdays"; the expression itself when there is no such sentence. */
export function inWords(expression: string): string {
  const rate = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression);
  if (rate) return rate[1] === '1' ? `Every ${rate[2]}` : `Every ${rate[1]} ${rate[2]}s`;
  const once = /^at\((\d{4}-\d\d-\d\d)T(\d\d:\d\d)(?::(\d\d))?\)$/.exec(expression);
  if (once) return `Once, on ${once[1]} at ${once[2]}${once[3] && once[3] !== '00' ? `:${once[3]}` : ''}`;
  const cron = readCron(expression);
  const sentence = cron && sentenceOf(cron);
  return sentence ? sentence[0]!.toUpperCase() + sentence.slice(1) : expression;
}

function readCron(expression: string): Cron | null {
  const aws = /^cron\((.*)\)$/.exec(expression);
  const fields = (aws ? aws[1]! : expression).trim().toUpperCase().split(/\s+/);
  if (aws) {
    if (fields.length !== 6) return null;
    const [minutes, hours, days, months, weekdays, year] = fields as [string, string, string, string, string, string];
    // AWS counts weekdays from Sunday as 1.
    const shifted = weekdays.replace(/(^|[,-])(\d)/g, (_, before: string, day: string) => before + (Number(day) - 1));
    return { seconds: '0', minutes, hours, days, months, weekdays: shifted, year };
  }
  if (fields.length === 5) fields.unshift('0');
  if (fields.length !== 6) return null;
  const [seconds, minutes, hours, days, months, weekdays] = fields as [string, string, string, string, string, string];
  return { seconds, minutes, hours, days, months, weekdays, year: '*' };
}

function sentenceOf(cron: Cron): string | null {
  const time = timeOf(cron);
  const day = dayOf(cron);
  const month = isAny(cron.months) ? '' : listOf(cron.months, monthWords, 1, (index) => monthNames[index - 1]!);
  if (time === null || day === null || month === null || !(isAny(cron.year) || /^\d{4}$/.test(cron.year))) return null;
  const isEveryDay = day === '' && time.startsWith('at ');
  return [time, isEveryDay ? 'every day' : day, month && `in ${month}`, isAny(cron.year) ? '' : `in ${cron.year}`]
    .filter((part) => part !== '')
    .join(' ');
}

function timeOf({ seconds, minutes, hours }: Cron): string | null {
  if (seconds !== '0') {
    const step = stepOf(seconds, 60);
    return step && isAny(minutes) && isAny(hours) ? every(step, 'second') : null;
  }
  const minuteStep = stepOf(minutes, 60);
  const hourStep = stepOf(hours, 24);
  const range = /^(\d+)-(\d+)$/.exec(hours);
  const span = range ? ` from ${clock(range[1]!, '0')} to ${clock(range[2]!, '59')}` : '';
  if (minuteStep && (hourStep === 1 || range)) return every(minuteStep, 'minute') + span;
  if (!/^\d+$/.test(minutes)) return null;
  const past = Number(minutes) === 0 ? '' : `, at ${minutes} past`;
  if (hourStep) return every(hourStep, 'hour') + past;
  if (range) return `every hour from ${clock(range[1]!, minutes)} to ${clock(range[2]!, minutes)}`;
  return /^\d+(,\d+)*$/.test(hours) ? `at ${joined(hours.split(',').map((hour) => clock(hour, minutes)))}` : null;
}

function dayOf({ days, weekdays }: Cron): string | null {
  if (!isAny(days) && !isAny(weekdays)) return null;
  if (!isAny(weekdays)) {
    if (/^(1-5|MON-FRI)$/.test(weekdays)) return 'on weekdays';
    if (/^(0,6|6,0|SAT,SUN|SUN,SAT)$/.test(weekdays)) return 'at weekends';
    const last = /^(\w+)L$/.exec(weekdays);
    if (last) return named(last[1]!, (day) => `on the last ${day} of the month`);
    const nth = /^(\w+)#([1-5])$/.exec(weekdays);
    if (nth) return named(nth[1]!, (day) => `on the ${ordinals[Number(nth[2]) - 1]} ${day} of the month`);
    const list = listOf(weekdays, dayWords, 0, (index) => dayNames[index % 7]!);
    return list === null ? null : `on ${list}`;
  }
  if (isAny(days)) return '';
  if (days === 'L') return 'on the last day of the month';
  if (days === 'LW') return 'on the last weekday of the month';
  const near = /^(\d+)W$/.exec(days);
  if (near) return `on the weekday nearest to the ${nth(Number(near[1]))}`;
  if (stepOf(days, 31)) return `every ${stepOf(days, 31)} days of the month`;
  return /^\d+(,\d+)*$/.test(days)
    ? `on the ${joined(days.split(',').map((day) => nth(Number(day))))} of the month`
    : null;
}

function named(word: string, say: (day: string) => string): string | null {
  const index = /^\d$/.test(word) ? Number(word) % 7 : dayWords.indexOf(word);
  return index < 0 ? null : say(dayNames[index]!);
}

/** "MON,WED-FRI" → "Monday and Wednesday to Friday". */
function listOf(field: string, words: string[], first: number, name: (index: number) => string): string | null {
  const indexOf = (word: string) =>
    /^\d+$/.test(word) ? Number(word) : words.indexOf(word) < 0 ? NaN : words.indexOf(word) + first;
  const parts = field.split(',').map((part) => {
    const ends = part.split('-').map(indexOf);
    if (ends.length > 2 || ends.some((end) => Number.isNaN(end) || !name(end))) return null;
    return ends.map(name).join(' to ');
  });
  return parts.includes(null) ? null : joined(parts as string[]);
}

const isAny = (field: string) => field === '*' || field === '?';

/** N of a star or 0 with a step; 1 for a star. */
function stepOf(field: string, most: number): number | null {
  if (field === '*') return 1;
  const step = /^[*0]\/(\d+)$/.exec(field);
  return step && Number(step[1]) > 0 && Number(step[1]) < most ? Number(step[1]) : null;
}

const every = (step: number, unit: string) => (step === 1 ? `every ${unit}` : `every ${step} ${unit}s`);

const clock = (hour: string, minute: string) => `${hour.padStart(2, '0')}:${minute.padStart(2, '0')}`;

const nth = (day: number) =>
  `${day}${day % 10 === 1 && day !== 11 ? 'st' : day % 10 === 2 && day !== 12 ? 'nd' : day % 10 === 3 && day !== 13 ? 'rd' : 'th'}`;

const joined = (parts: string[]) =>
  parts.length < 2 ? parts[0]! : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;

/** The fields of the builder, from which it writes an expression. */
export interface Draft {
  kind: 'rate' | 'daily' | 'weekly' | 'monthly' | 'once' | 'custom';
  every: string;
  unit: 'minutes' | 'hours' | 'days';
  time: string;
  weekdays: number[];
  monthDay: string;
  at: string;
  custom: string;
}

export const newDraft: Draft = {
  kind: 'daily',
  every: '5',
  unit: 'minutes',
  time: '09:00',
  weekdays: [1, 2, 3, 4, 5],
  monthDay: '1',
  at: '',
  custom: '',
};

/** What the builder's fields mean; AWS's forms, so that its tools can read them. */
export function expressionOf(draft: Draft): string {
  const [hour, minute] = draft.time.split(':').map(Number);
  const clocked = `${minute ?? 0} ${hour ?? 0}`;
  switch (draft.kind) {
    case 'rate':
      return `rate(${draft.every} ${draft.every === '1' ? draft.unit.slice(0, -1) : draft.unit})`;
    case 'daily':
      return `cron(${clocked} * * ? *)`;
    case 'weekly':
      return `cron(${clocked} ? * ${draft.weekdays.map((day) => dayWords[day]).join(',') || '?'} *)`;
    case 'monthly':
      return `cron(${clocked} ${draft.monthDay} * ? *)`;
    case 'once':
      return `at(${draft.at.length === 16 ? `${draft.at}:00` : draft.at})`;
    case 'custom':
      return draft.custom;
  }
}

/** The builder's fields for an expression; those that it has no fields for are written by hand. */
export function draftOf(expression: string): Draft {
  const draft = { ...newDraft, custom: expression };
  const candidates: Draft[] = [];
  const rate = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression);
  if (rate)
    candidates.push({ ...draft, kind: 'rate', every: rate[1]!, unit: `${rate[2] as 'minute' | 'hour' | 'day'}s` });
  const once = /^at\((.*)\)$/.exec(expression);
  if (once) candidates.push({ ...draft, kind: 'once', at: once[1]! });
  const cron = /^cron\((\d+) (\d+) (\S+) \* (\S+) \*\)$/.exec(expression);
  if (cron) {
    const time = clock(cron[2]!, cron[1]!);
    candidates.push({ ...draft, kind: 'daily', time }, { ...draft, kind: 'monthly', time, monthDay: cron[3]! });
    const days = cron[4] === 'MON-FRI' ? [1, 2, 3, 4, 5] : cron[4]!.split(',').map((word) => dayWords.indexOf(word));
    if (cron[3] === '?' && days.every((day) => day >= 0)) return { ...draft, kind: 'weekly', time, weekdays: days };
  }
  return candidates.find((each) => expressionOf(each) === expression) ?? { ...draft, kind: 'custom' };
}
