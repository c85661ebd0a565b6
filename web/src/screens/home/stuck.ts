// What does not move although it should: the one line at the top of the first screen. Pure; the tests are beside it.
import { count } from '../../ui/format';
import type { EventLine, QueueSummary, ScheduleOverview } from './overview';

export interface Stuck {
  text: string;
  href: string;
}

/** A message that is older than this has been waiting for somebody. */
const slowSeconds = 60;

/** How long, in the largest unit alone: where there is little room. */
export function age(seconds: number): string {
  if (seconds < 60) return `${Math.floor(seconds)} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  return seconds < 86_400 ? `${Math.floor(seconds / 3600)} h` : `${Math.floor(seconds / 86_400)} d`;
}

/** A queue that falls behind: something has waited long, or has been given up, and it is not just being worked on. */
export function isBehind(queue: QueueSummary): boolean {
  return (
    (queue.dead ?? 0) > 0 ||
    ((queue.oldestAgeSeconds ?? 0) > slowSeconds && queue.waiting > 0) ||
    queue.why.some((reason) => reason.code === 'consumer-paused' || reason.code === 'target-missing')
  );
}

/** The most urgent first: what falls behind, by the age of its oldest message. */
export function byUrgency(queues: QueueSummary[]): QueueSummary[] {
  return [...queues].sort(
    (a, b) =>
      Number(isBehind(b)) - Number(isBehind(a)) ||
      (b.oldestAgeSeconds ?? 0) - (a.oldestAgeSeconds ?? 0) ||
      b.waiting - a.waiting,
  );
}

export function stuckThings(
  queues: QueueSummary[] | undefined,
  lines: EventLine[] | undefined,
  schedules: ScheduleOverview | undefined,
): Stuck[] {
  const stuck: Stuck[] = [];
  for (const queue of byUrgency(queues ?? []).filter(isBehind)) {
    const href = `/queues/${encodeURIComponent(queue.name)}`;
    if ((queue.dead ?? 0) > 0) {
      stuck.push({
        text: `${count(queue.dead!)} dead letters of ${queue.name}`,
        href: `/queues/${encodeURIComponent(queue.deadLetterQueue ?? queue.name)}`,
      });
    } else {
      stuck.push({ text: `${queue.name} waits for ${age(queue.oldestAgeSeconds ?? 0)}`, href });
    }
  }
  const dead = (lines ?? []).reduce((sum, line) => sum + line.dead, 0);
  if (dead > 0) stuck.push({ text: `${count(dead)} events given up`, href: '/events?state=dead' });
  for (const line of (lines ?? []).filter((each) => (each.oldestSeconds ?? 0) > slowSeconds && each.waiting > 0)) {
    stuck.push({ text: `events of ${line.line} wait for ${age(line.oldestSeconds!)}`, href: '/events' });
  }
  const held = (schedules?.schedules ?? []).filter((schedule) => schedule.held > 0);
  for (const schedule of held) {
    stuck.push({
      text: `${schedule.name} could not hand over ${count(schedule.held)}`,
      href: `/schedules/${encodeURIComponent(schedule.group)}/${encodeURIComponent(schedule.name)}`,
    });
  }
  return stuck;
}

/** What the month will cost when it goes on as it did since its beginning. */
export function projected(cost: number, from: number, to: number): number {
  const begin = new Date(from);
  const end = Date.UTC(begin.getUTCFullYear(), begin.getUTCMonth() + 1, 1);
  const elapsed = Math.max(to - from, 1);
  return cost * ((end - from) / elapsed);
}
