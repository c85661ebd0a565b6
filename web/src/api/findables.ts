// What can be gone to by its name, for the field that finds anything.
import type { IconName } from '../ui/Icon';
import { call, callJson } from './client';

export interface Findable {
  label: string;
  kind: string;
  href: string;
  icon: IconName;
}

/** Names of functions, queues and state machines; what cannot be read is left out. */
export async function findables(signal?: AbortSignal): Promise<Findable[]> {
  const parts = await Promise.allSettled([functions(signal), queues(signal), machines(signal)]);
  return parts.flatMap((part) => (part.status === 'fulfilled' ? part.value : []));
}

async function functions(signal?: AbortSignal): Promise<Findable[]> {
  const answer = await call<{ Functions: Array<{ FunctionName: string }> }>('/2015-03-31/functions', {
    query: { MaxItems: 1000 },
    signal,
  });
  return answer.Functions.map(({ FunctionName: label }) => ({
    label,
    kind: 'function',
    icon: 'function',
    href: `/functions/${encodeURIComponent(label)}`,
  }));
}

async function queues(signal?: AbortSignal): Promise<Findable[]> {
  const answer = await call<{ queues: Array<{ name: string }> }>('/v1/queues', { signal });
  return answer.queues.map(({ name: label }) => ({
    label,
    kind: 'queue',
    icon: 'queue',
    href: `/queues/${encodeURIComponent(label)}`,
  }));
}

async function machines(signal?: AbortSignal): Promise<Findable[]> {
  const answer = await callJson<{ stateMachines: Array<{ name: string }> }>(
    'states',
    'AWSStepFunctions.ListStateMachines',
    { maxResults: 1000 },
    signal,
  );
  return answer.stateMachines.map(({ name: label }) => ({
    label,
    kind: 'workflow',
    icon: 'workflow',
    href: `/machines/${encodeURIComponent(label)}`,
  }));
}
