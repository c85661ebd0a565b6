// Executions of state machines: our API, which says what each state did and why it waits.
import { call, path } from './client';

export const statuses = ['running', 'succeeded', 'failed', 'timed-out', 'aborted'] as const;
export type ExecutionStatus = (typeof statuses)[number];

export interface Execution {
  machine: string;
  name: string;
  arn: string;
  status: ExecutionStatus;
  isPaused: boolean;
  type: 'standard' | 'express';
  startedAt: string;
  stoppedAt?: string;
  error?: string;
  cause?: string;
  redriveCount: number;
  redrivenAt?: string;
  revision: string;
  version?: number;
  qualifier?: string;
  roleArn: string;
  parent?: string;
  attributes?: Record<string, string | number | boolean>;
  continuedAs?: string;
  continuedFrom?: string;
  input?: unknown;
  output?: unknown;
  currentStates?: string[];
  definition?: string;
}

export type RowStatus = 'running' | 'waiting' | 'retrying' | 'succeeded' | 'caught' | 'failed' | 'aborted' | 'skipped';

export interface Attempt {
  task?: number;
  scheduledAt: string;
  startedAt?: string;
  endedAt?: string;
  outcome: 'running' | 'succeeded' | 'failed' | 'timed-out' | 'aborted';
  error?: string;
  cause?: string;
  retryAt?: string;
}

/** A state that was entered. */
export interface Row {
  number: number;
  state: string;
  type: string;
  branch: number;
  parent?: number;
  index?: number;
  depth: number;
  enteredAt: string;
  enteredBy: number;
  exitedAt?: string;
  exitedBy?: number;
  status: RowStatus;
  until?: string;
  error?: string;
  cause?: string;
  next?: string;
  attempts: Attempt[];
}

export interface Timeline {
  status: ExecutionStatus;
  isPaused: boolean;
  startedAt: string;
  stoppedAt?: string;
  now: string;
  rows: Row[];
  pauses: Array<{ from: string; to?: string }>;
  redrives: string[];
  rowCount: number;
  next?: number;
}

export interface JournalEvent {
  sequence: number;
  historyId?: number;
  at: string;
  type: string;
  branch: number;
  name?: string;
  input?: unknown;
  output?: unknown;
  assigned?: unknown;
  next?: string;
  error?: string;
  cause?: string;
  location?: string;
  index?: number;
  until?: string;
  key?: string;
}

export interface Iteration {
  arn: string;
  map: string;
  run: number;
  index: number;
  status: ExecutionStatus;
  startedAt: string;
  stoppedAt?: string;
  redriveCount: number;
  error?: string;
  cause?: string;
}

export interface BulkRequest {
  machine: string;
  status?: ExecutionStatus;
  error?: string;
  cause?: string;
  count?: number;
  perSecond?: number;
  after?: string;
}

export interface BulkAnswer {
  changed: number;
  refused: number;
  next?: string;
}

export interface ExecutionFilter {
  machine?: string;
  status?: string;
  where?: string[];
}

const base = (machine: string, name: string) => path`/v1/executions/${machine}/${name}`;

export const listExecutions = (
  filter: ExecutionFilter,
  after: string | undefined,
  limit: number,
  signal?: AbortSignal,
) => call<{ executions: Execution[]; next?: string }>('/v1/executions', { query: { ...filter, after, limit }, signal });

export const getExecution = (machine: string, name: string, signal?: AbortSignal) =>
  call<Execution>(base(machine, name), { signal });

export const getTimeline = (machine: string, name: string, from: number, limit: number, signal?: AbortSignal) =>
  call<Timeline>(`${base(machine, name)}/timeline`, { query: { from, limit }, signal });

export const getGraph = <Graph>(machine: string, name: string, signal?: AbortSignal) =>
  call<Graph>(`${base(machine, name)}/graph`, { signal });

export const getJournal = (
  machine: string,
  name: string,
  query: { from?: number | string; limit?: number; type?: string },
  signal?: AbortSignal,
) => call<{ events: JournalEvent[]; next?: number }>(`${base(machine, name)}/journal`, { query, signal });

export const getEvent = async (machine: string, name: string, sequence: number, signal?: AbortSignal) =>
  (await getJournal(machine, name, { from: sequence, limit: 1 }, signal)).events.find(
    (event) => event.sequence === sequence,
  );

export const getIterations = (
  machine: string,
  name: string,
  query: { status?: string; after?: string; limit?: number },
  signal?: AbortSignal,
) => call<{ iterations: Iteration[]; next?: number }>(`${base(machine, name)}/iterations`, { query, signal });

export type Change = 'pause' | 'resume' | 'redrive';

export const change = (machine: string, name: string, what: Change) =>
  call<Execution>(`${base(machine, name)}/${what}`, { method: 'POST' });

export const stop = (machine: string, name: string, error: string, cause: string) =>
  call<Execution>(`${base(machine, name)}/stop`, {
    body: { ...(error ? { error } : {}), ...(cause ? { cause } : {}) },
  });

export const skip = (machine: string, name: string, state: string, output: unknown) =>
  call<Execution>(`${base(machine, name)}/skip`, { body: { state, output } });

export const sendEvent = (machine: string, name: string, event: string, data: string, key: string) =>
  call<{ isNew: boolean }>(`${base(machine, name)}${path`/events/${event}`}`, {
    method: 'POST',
    ...(data.trim()
      ? { body: new TextEncoder().encode(data), headers: { 'content-type': 'application/json', ...keyHeader(key) } }
      : { headers: keyHeader(key) }),
  });

const keyHeader = (key: string): Record<string, string> => (key ? { 'x-lambent-idempotency-key': key } : {});

export const stopMany = (request: BulkRequest) => call<BulkAnswer>('/v1/executions/stop', { body: request });

export const redriveMany = (request: BulkRequest) => call<BulkAnswer>('/v1/executions/redrive', { body: request });
