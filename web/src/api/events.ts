// Asynchronous events: /v1/events, and the lines that they stand in.
import { queryOptions } from '@tanstack/react-query';
import { call, path } from './client';

export interface AcceptedEvent {
  id: string;
  /** delayed, waiting, running, retrying, dead; succeeded, failed, expired, cancelled, disabled, target-gone. */
  state: string;
  /** An ARN. */
  target: string;
  source?: string;
  acceptedAt: string;
  dueAt?: string;
  endedAt?: string;
  attempts: number;
  priority: number;
  error?: string;
  destinationError?: string;
  why?: string;
  result?: unknown;
}

export interface EventPage {
  events: AcceptedEvent[];
  next?: string;
}

export const pendingStates = ['waiting', 'running', 'retrying', 'delayed', 'dead'] as const;

export function hasEnded(state: string): boolean {
  return !(pendingStates as readonly string[]).includes(state);
}

export function eventPage(
  filter: { function?: string; state?: string }, after?: string, signal?: AbortSignal,
): Promise<EventPage> {
  return call('/v1/events', { query: { ...filter, limit: 100, after }, signal });
}

export const eventQuery = (id: string) => queryOptions({
  queryKey: ['event', id],
  queryFn: ({ signal }) => call<AcceptedEvent>(path`/v1/events/${id}`, { signal }),
  refetchInterval: ({ state: { data } }) => (data && hasEnded(data.state) ? false : 2000),
});

export function cancelEvent(id: string): Promise<AcceptedEvent> {
  return call(path`/v1/events/${id}`, { method: 'DELETE' });
}

export function redriveEvent(id: string): Promise<AcceptedEvent> {
  return call(path`/v1/events/${id}/redrive`, { method: 'POST', body: {} });
}

export function redriveEvents(request: { function: string; count?: number; perSecond?: number }): Promise<{ sent: number }> {
  return call('/v1/events/redrive', { method: 'POST', body: request });
}

/** What stands in one line, how fast it moves, and why what waits waits. */
export interface EventLine {
  line: string;
  waiting: number;
  running: number;
  delayed: number;
  dead: number;
  oldestSeconds?: number;
  arrivalsPerSecond: number;
  endsPerSecond: number;
  attemptMilliseconds: number;
  concurrency: number;
  why?: string;
}

export const linesOfEventsQuery = queryOptions({
  queryKey: ['event-lines'],
  queryFn: async ({ signal }) => (await call<{ lines: EventLine[] }>('/v1/lines', { signal })).lines,
  refetchInterval: 2000,
});
