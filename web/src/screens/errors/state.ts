// What state a group is in, as people say it. Pure.
import type { ErrorGroup } from '../../api/errors';
import type { Tone } from '../../ui/Badge';

export interface GroupState {
  name: 'new' | 'open' | 'reopened' | 'resolved' | 'ignored';
  tone: Tone;
  detail?: string;
}

const newMilliseconds = 24 * 3_600_000;

export function stateOf(group: ErrorGroup, now: number): GroupState {
  if (group.status === 'resolved') {
    return { name: 'resolved', tone: 'good', detail: group.resolvedIn ? `in ${group.resolvedIn}` : undefined };
  }
  if (group.status === 'ignored') return { name: 'ignored', tone: 'neutral', detail: 'It is counted and never announced' };
  if (group.reopenedBy) return { name: 'reopened', tone: 'bad', detail: `Seen again in ${group.reopenedBy}` };
  return now - Date.parse(group.firstSeen) < newMilliseconds
    ? { name: 'new', tone: 'warn', detail: 'First seen within the last day' }
    : { name: 'open', tone: 'bad' };
}

/** FUNCTION:VERSION of versions with a number, the newest first: what a group can be resolved in. */
export function resolvableIn(versions: Array<{ function: string; version: string }>): string[] {
  return versions.filter((each) => /^\d+$/.test(each.version))
    .sort((a, b) => a.function.localeCompare(b.function) || Number(b.version) - Number(a.version))
    .map((each) => `${each.function}:${each.version}`);
}
