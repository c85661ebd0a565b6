// Events to try a function with: templates, and those that were saved in this browser for it.
import { httpEvent, objectEvent, queueEvent, scheduleEvent } from './templates';

export interface TestEvent {
  name: string;
  text: string;
}

export const eventTemplates: TestEvent[] = [
  { name: 'Empty', text: '{}' },
  { name: 'HTTP request (v2)', text: shown(httpEvent) },
  { name: 'Queue batch (SQS)', text: shown(queueEvent) },
  { name: 'Schedule', text: shown(scheduleEvent) },
  { name: 'Object created (S3)', text: shown(objectEvent) },
];

function shown(event: unknown): string {
  return JSON.stringify(event, null, 2);
}

const prefix = 'lambent-test-events:';

/** The part of the browser's storage that is needed. */
export interface EventStorage {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

export function savedEvents(storage: EventStorage, name: string): TestEvent[] {
  return parseEvents(storage.getItem(prefix + name) ?? '[]') ?? [];
}

/** Those of the same names are replaced. */
export function saveEvents(storage: EventStorage, name: string, events: TestEvent[]): TestEvent[] {
  const known = savedEvents(storage, name).filter((each) => !events.some((event) => event.name === each.name));
  const all = [...known, ...events].sort((one, other) => one.name.localeCompare(other.name));
  storage.setItem(prefix + name, JSON.stringify(all));
  return all;
}

export function removeEvent(storage: EventStorage, name: string, event: string): TestEvent[] {
  const left = savedEvents(storage, name).filter((each) => each.name !== event);
  if (left.length === 0) storage.removeItem(prefix + name);
  else storage.setItem(prefix + name, JSON.stringify(left));
  return left;
}

/** The events of an exported file, or null when it is none. */
export function parseEvents(text: string): TestEvent[] | null {
  try {
    const value = JSON.parse(text) as unknown;
    const isEvent = (each: unknown): each is TestEvent =>
      typeof (each as TestEvent | null)?.name === 'string' && typeof (each as TestEvent).text === 'string';
    return Array.isArray(value) && value.every(isEvent) ? value.map(({ name, text }) => ({ name, text })) : null;
  } catch {
    return null;
  }
}

export interface Report {
  durationMilliseconds: number;
  billedMilliseconds: number;
  memoryMegabytes: number;
  usedMegabytes: number;
  /** Of a cold start. */
  initMilliseconds: number | null;
}

/** The figures in the REPORT line at the end of a call's log, or null when it is not there. */
export function reportOf(log: string): Report | null {
  const line = log.split('\n').findLast((each) => each.startsWith('REPORT RequestId:'));
  if (!line) return null;
  const number = (label: string) => {
    const match = new RegExp(`(?:^|\\t)${label}: ([\\d.]+)`).exec(line);
    return match ? Number(match[1]) : null;
  };
  const duration = number('Duration');
  return duration === null
    ? null
    : {
        durationMilliseconds: duration,
        billedMilliseconds: number('Billed Duration') ?? 0,
        memoryMegabytes: number('Memory Size') ?? 0,
        usedMegabytes: number('Max Memory Used') ?? 0,
        initMilliseconds: number('Init Duration'),
      };
}
