// What a list of executions is narrowed to. Pure.
import type { Execution } from '../../api/executions';
import { shellQuote } from '../../ui/CopyAs';

export interface Filter {
  machine: string;
  status: string;
  /** Conditions for attributes, separated by commas or new lines. */
  where: string;
  since: string;
}

const lengths: Record<string, number> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

/** The conditions that are written whole; one that is still being typed would be refused. */
export function conditionsOf(where: string): string[] {
  return where
    .split(/[,\n]/)
    .map((each) => each.trim())
    .filter((each) => /^[^<>=]+(<=|>=|<(?!=)|>(?!=)|=)\S/.test(each));
}

/** Executions come the latest first, so a page that reaches back far enough is the last one. */
export function takeSince(page: Execution[], since: string, now: number): { taken: Execution[]; isOver: boolean } {
  const match = /^(\d+)([mhd])$/.exec(since);
  if (!match) return { taken: page, isOver: false };
  const from = now - Number(match[1]) * lengths[match[2]!]!;
  const taken = page.filter((each) => Date.parse(each.startedAt) >= from);
  return { taken, isOver: taken.length < page.length };
}

export function listCommand(filter: Filter): string {
  return [
    'lambent ls executions',
    filter.machine && `--machine ${shellQuote(filter.machine)}`,
    filter.status && `--status ${filter.status}`,
    ...conditionsOf(filter.where).map((each) => `--where ${shellQuote(each)}`),
  ]
    .filter(Boolean)
    .join(' ');
}

export const executionPath = (machine: string, name: string) =>
  `/executions/${encodeURIComponent(machine)}/${encodeURIComponent(name)}`;

/** "MACHINE/NAME" as an address; names have no slash. */
export function linkOf(pair: string): string {
  const [machine, ...name] = pair.split('/');
  return executionPath(machine!, name.join('/'));
}

/** How long it took, or takes until now. */
export const tookMilliseconds = (execution: Pick<Execution, 'startedAt' | 'stoppedAt'>, now: number): number =>
  (execution.stoppedAt ? Date.parse(execution.stoppedAt) : now) - Date.parse(execution.startedAt);
