// What the first screen reads of other parts: a few members of each, one request for each tile.
import { call, callJson, path } from '../../api/client';

export interface ErrorSummary {
  id: string;
  type: string;
  message: string;
  lastSeen: string;
  count: number;
  counts: number[];
  functions: string[];
}

export async function newestErrors(signal?: AbortSignal): Promise<ErrorSummary[]> {
  const answer = await call<{ errors: ErrorSummary[] }>('/v1/errors', { query: { status: 'open', limit: 4 }, signal });
  return answer.errors;
}

export interface QueueSummary {
  name: string;
  url?: string;
  waiting: number;
  inFlight: number;
  delayed: number;
  dead?: number;
  deadLetterQueue?: string;
  oldestAgeSeconds?: number;
  arrivalsPerSecond: number;
  drainPerSecond: number;
  why: Array<{ code: string; text: string }>;
}

export async function queueSummaries(signal?: AbortSignal): Promise<QueueSummary[]> {
  return (await call<{ queues: QueueSummary[] }>('/v1/queues', { signal })).queues;
}

export interface MachineSummary {
  name: string;
  arn: string;
  running: number;
  failed: number;
}

export async function machineSummaries(signal?: AbortSignal): Promise<MachineSummary[]> {
  return (await call<{ machines: MachineSummary[] }>('/v1/machines', { signal })).machines;
}

export interface ScheduleOverview {
  schedules: Array<{ group: string; name: string; state: string; missedCount: number; held: number }>;
  upcoming: Array<{ group: string; name: string; at: string }>;
  missed: Array<{ group: string; name: string; lastAt: string; count: number; reason: string }>;
}

export function scheduleOverview(signal?: AbortSignal): Promise<ScheduleOverview> {
  return call('/v1/schedules', { signal });
}

export interface EventLine {
  line: string;
  waiting: number;
  running: number;
  delayed: number;
  dead: number;
  oldestSeconds?: number;
  why?: string;
}

export async function eventLines(signal?: AbortSignal): Promise<EventLine[]> {
  return (await call<{ lines: EventLine[] }>('/v1/lines', { signal })).lines;
}

export function deleteFunction(name: string): Promise<void> {
  return call(path`/2015-03-31/functions/${name}`, { method: 'DELETE' });
}

export function deleteMachine(arn: string): Promise<void> {
  return callJson('states', 'AWSStepFunctions.DeleteStateMachine', { stateMachineArn: arn });
}

export function deleteSchedule(name: string): Promise<void> {
  return call(path`/schedules/${name}`, { method: 'DELETE', service: 'scheduler' });
}

export function deleteQueue(url: string): Promise<void> {
  return callJson('sqs', 'AmazonSQS.DeleteQueue', { QueueUrl: url });
}

/** What lets a queue's messages call the function; it would stay without it. */
export async function deleteMappings(name: string): Promise<void> {
  const { EventSourceMappings: mappings } = await call<{ EventSourceMappings: Array<{ UUID: string }> }>(
    '/2015-03-31/event-source-mappings',
    { query: { FunctionName: name } },
  );
  for (const mapping of mappings) {
    await call(path`/2015-03-31/event-source-mappings/${mapping.UUID}`, { method: 'DELETE' });
  }
}
