// Why a state of an execution is where it is, in a sentence. Pure.
import type { JournalEvent, Row, Timeline } from '../../api/executions';

export interface Reason {
  text: string;
  /** When it goes on by itself, or ends. */
  at?: string;
  /** What is said of that time. */
  then?: string;
}

interface Facts {
  row: Row;
  /** What the definition says of the state. */
  state?: Record<string, unknown>;
  /** The event that handed its work over. */
  task?: JournalEvent;
  isPaused: boolean;
  /** Rows below it that are going on. */
  openBelow: number;
}

/** Null for a state that is over. */
export function reasonOf({ row, state, task, isPaused, openBelow }: Facts): Reason | null {
  if (row.exitedAt) return null;
  const paused = isPaused ? ' The execution is paused: nothing new begins.' : '';
  if (row.status === 'waiting') return { text: `It waits for its time.${paused}`, at: row.until, then: 'goes on' };
  if (row.status === 'retrying') {
    const last = row.attempts.at(-1);
    return {
      text: `Attempt ${row.attempts.length} failed with ${last?.error ?? 'an error'}.${paused}`,
      at: last?.retryAt,
      then: 'is tried again',
    };
  }
  if (row.type === 'Map' || row.type === 'Parallel') {
    return {
      text:
        openBelow > 0 ? `${openBelow} states inside of it go on.${paused}` : `What is inside of it goes on.${paused}`,
    };
  }
  if (row.type !== 'Task') return { text: `It goes on.${paused}` };
  return { text: ofTask(row, resourceOf(state), task) + paused, at: task?.until, then: 'times out' };
}

function ofTask(row: Row, resource: string, task: JournalEvent | undefined): string {
  const input = (task?.input ?? {}) as Record<string, unknown>;
  const attempt = row.attempts.at(-1);
  const name = (key: string) =>
    typeof input[key] === 'string' ? ` ${String(input[key]).split(':').slice(-1)[0]}` : '';
  if (!attempt) return 'Its work is about to be handed over.';
  if (resource.endsWith('lambent:waitForEvent'))
    return `It waits for the event${typeof input['Name'] === 'string' ? ` “${input['Name']}”` : ''}.`;
  if (resource.endsWith('.waitForTaskToken'))
    return 'It waits for its callback: SendTaskSuccess or SendTaskFailure with its token.';
  if (resource.includes(':activity:')) {
    const activity = resource.split(':').at(-1);
    return attempt.startedAt
      ? `A worker of the activity ${activity} works on it.`
      : `No worker of the activity ${activity} has taken it yet.`;
  }
  if (resource.includes('states:startExecution'))
    return `It waits for the execution of${name('StateMachineArn') || ' another machine'} to end.`;
  if (resource.includes(':function:') || resource.includes('lambda:invoke')) {
    const called = resource.includes(':function:') ? ` ${resource.split(':function:')[1]}` : name('FunctionName');
    return attempt.startedAt
      ? `The function${called} works on it.`
      : `The call of the function${called} waits to be begun.`;
  }
  return attempt.startedAt ? 'Its work is under way.' : 'Its work was handed over and has not begun.';
}

const resourceOf = (state: Record<string, unknown> | undefined): string =>
  typeof state?.['Resource'] === 'string' ? state['Resource'] : '';

/** A state of a definition by its name, which is unique over the whole machine. */
export function stateOf(definition: unknown, name: string): Record<string, unknown> | undefined {
  const graphs: unknown[] = [definition];
  while (graphs.length > 0) {
    const states = (graphs.pop() as { States?: Record<string, Record<string, unknown>> } | undefined)?.States;
    if (!states || typeof states !== 'object') continue;
    if (Object.hasOwn(states, name)) return states[name];
    for (const state of Object.values(states)) {
      graphs.push(
        state['ItemProcessor'],
        state['Iterator'],
        ...(Array.isArray(state['Branches']) ? state['Branches'] : []),
      );
    }
  }
  return undefined;
}

/** Rows below a row that are going on. */
export function openBelow(timeline: Pick<Timeline, 'rows'>, number: number): number {
  return timeline.rows.filter((row) => row.parent === number && !row.exitedAt).length;
}
