// Environments by what they are of. Pure; the tests are beside it.
import type { Environment } from '../../api/status';

export interface EnvironmentGroup {
  key: string;
  function: string;
  version: string;
  busy: number;
  idle: number;
  starting: number;
  calls: number;
  memoryMegabytes: number;
  /** Of the last start: milliseconds before the first call. */
  coldMilliseconds: number;
  oldest?: string;
  all: Environment[];
}

export function groupEnvironments(environments: Environment[]): EnvironmentGroup[] {
  const groups = new Map<string, EnvironmentGroup>();
  for (const each of environments) {
    const key = `${each.function}:${each.version}`;
    const group = groups.get(key) ?? {
      key,
      function: each.function,
      version: each.version,
      busy: 0,
      idle: 0,
      starting: 0,
      calls: 0,
      memoryMegabytes: 0,
      coldMilliseconds: 0,
      all: [],
    };
    group[each.state]++;
    group.calls += each.calls;
    group.memoryMegabytes += each.memoryMegabytes;
    group.all.push(each);
    if (each.startedAt && (!group.oldest || each.startedAt < group.oldest)) group.oldest = each.startedAt;
    const cold = each.fetchMilliseconds + each.startMilliseconds + each.initMilliseconds;
    if (cold > 0) group.coldMilliseconds = cold;
    groups.set(key, group);
  }
  return [...groups.values()].sort(
    (a, b) => b.busy - a.busy || b.all.length - a.all.length || a.key.localeCompare(b.key),
  );
}
