// Lines of a log as they are shown: kept apart from how they come. Pure; the tests are beside it.
import type { LogLine } from '../../api/logs';

/** As many lines as the page holds; beyond it the oldest go. */
export const linesMax = 10_000;

export interface ShownLine extends LogLine {
  /** Counts up with each line that came, so that a row stays the same row. */
  key: number;
}

let lastKey = 0;

export function keyed(lines: LogLine[]): ShownLine[] {
  return lines.map((line) => ({ ...line, key: ++lastKey }));
}

/** Adds at the end and forgets the oldest beyond what is held. */
export function append(lines: ShownLine[], more: ShownLine[], max = linesMax): ShownLine[] {
  const all = lines.concat(more);
  return all.length > max ? all.slice(all.length - max) : all;
}

/**
 * Tells which lines are new after a stream was begun again a little before its last line: the ones between come a second
 * time. Equal lines of one moment are told apart by how many there are.
 */
export function seenBefore(known: LogLine[]): (lines: LogLine[]) => LogLine[] {
  const counts = new Map<string, number>();
  for (const line of known) counts.set(identityOf(line), (counts.get(identityOf(line)) ?? 0) + 1);
  return (lines) =>
    counts.size === 0
      ? lines
      : lines.filter((line) => {
          const identity = identityOf(line);
          const count = counts.get(identity) ?? 0;
          if (count === 1) counts.delete(identity);
          else if (count > 1) counts.set(identity, count - 1);
          return count === 0;
        });
}

function identityOf(line: LogLine): string {
  return `${line.time}\n${line.environment}\n${line.requestId ?? ''}\n${line.text}`;
}

/** What the platform writes around each call. */
export function isPlatformLine(text: string): boolean {
  return /^(START|END|REPORT|INIT_START|INIT_REPORT) /.test(text);
}

const head = /^\d{4}-\d\d-\d\dT[\d:.]+Z\t[0-9a-f-]{36}\t(?:[A-Z]+\t)?/;
const loggerHead = /^\[[A-Z]+\]\t\d{4}-\d\d-\d\dT[\d:.]+Z\t[0-9a-f-]{36}\t/;

/** The text without the head in which runtimes repeat time, request and level, which have columns of their own. */
export function bodyOf(text: string): string {
  return text.replace(head, '').replace(loggerHead, '');
}

/** The line's JSON, when it is an object, also behind the head that a runtime puts before it. */
export function jsonOf(text: string): Record<string, unknown> | null {
  const body = bodyOf(text).trim();
  if (!body.startsWith('{') || !body.endsWith('}')) return null;
  try {
    const value = JSON.parse(body) as unknown;
    return value && typeof value === 'object' && !Array.isArray(value) ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

export interface Field {
  name: string;
  value: string;
  /** Whether a search by this member can be made: of texts, numbers and words. */
  searchable: boolean;
}

const fieldsMax = 100;

/** Members by their paths: user.id. Lists and what is empty are shown as JSON. */
export function fieldsOf(value: Record<string, unknown>, prefix = ''): Field[] {
  const fields: Field[] = [];
  for (const [key, member] of Object.entries(value)) {
    if (fields.length >= fieldsMax) break;
    const name = prefix + key;
    if (member !== null && typeof member === 'object' && !Array.isArray(member) && Object.keys(member).length > 0) {
      fields.push(...fieldsOf(member as Record<string, unknown>, `${name}.`));
    } else {
      const isPlain = typeof member !== 'object';
      fields.push({
        name,
        value: isPlain ? String(member) : JSON.stringify(member),
        searchable: isPlain && !key.includes('.'),
      });
    }
  }
  return fields.slice(0, fieldsMax);
}

/** A JSON line in one row: what it says first, then what belongs to it. */
export function summaryOf(json: Record<string, unknown>): { message: string; rest: string } {
  const said = ['msg', 'message', 'event'].find((name) => typeof json[name] === 'string');
  const hidden = new Set(['level', 'severity', 'time', 'timestamp', 'requestId', 'pid', 'hostname', said]);
  const rest = fieldsOf(json)
    .filter((field) => !hidden.has(field.name))
    .slice(0, 12)
    .map((field) => `${field.name}=${field.value}`)
    .join('  ');
  return { message: said ? String(json[said]) : '', rest };
}

export interface Bucket {
  from: number;
  to: number;
  total: number;
  bad: number;
  warn: number;
}

const steps = [
  1000, 2000, 5000, 10_000, 30_000, 60_000, 300_000, 600_000, 1_800_000, 3_600_000, 21_600_000, 86_400_000,
];

/** How many lines there are in equal stretches of time from the first to the last line, at most `wanted` of them. */
export function histogram(lines: LogLine[], wanted = 60): Bucket[] {
  if (lines.length === 0) return [];
  const first = Date.parse(lines[0]!.time);
  const last = Date.parse(lines.at(-1)!.time);
  const step = steps.find((each) => (last - first) / each < wanted) ?? Math.ceil((last - first) / wanted);
  const begin = Math.floor(first / step) * step;
  const buckets = Array.from({ length: Math.floor((last - begin) / step) + 1 }, (_, index): Bucket => ({
    from: begin + index * step,
    to: begin + (index + 1) * step,
    total: 0,
    bad: 0,
    warn: 0,
  }));
  for (const line of lines) {
    const bucket = buckets[Math.floor((Date.parse(line.time) - begin) / step)];
    if (!bucket) continue;
    bucket.total++;
    if (line.level === 'error' || line.level === 'fatal') bucket.bad++;
    else if (line.level === 'warn') bucket.warn++;
  }
  return buckets;
}

/** For a file: time, function, level and text of each line. */
export function asPlainText(lines: LogLine[]): string {
  return lines.map((line) => `${line.time}\t${line.function}\t${line.level ?? '-'}\t${line.text}`).join('\n') + '\n';
}

export function asJsonLines(lines: LogLine[]): string {
  return lines.map((line) => JSON.stringify(line)).join('\n') + '\n';
}
