// Calls that were made: GET /v1/invocations, and one of them made again.
import { queryOptions } from '@tanstack/react-query';
import { call, path } from './client';

export type Outcome =
  'success' | 'error' | 'init-error' | 'timeout' | 'exit' | 'out-of-memory' | 'response-too-large' | 'invalid-response';

export const outcomes: Outcome[] = [
  'success',
  'error',
  'init-error',
  'timeout',
  'exit',
  'out-of-memory',
  'response-too-large',
  'invalid-response',
];

export const origins = ['invoke', 'url', 'event', 'queue', 'workflow', 'replay'] as const;

/** What the time before the handler went into, in milliseconds. */
export interface Phases {
  queue: number;
  place: number;
  fetch: number;
  start: number;
  init: number;
}

export interface Invocation {
  id: string;
  function: string;
  version: string;
  outcome: Outcome;
  origin: string;
  /** The queue, the schedule or the execution. */
  cameFrom?: string;
  replayOf?: string;
  startedAt: string;
  durationMilliseconds: number;
  /** Of a cold start. */
  startMilliseconds?: number;
  phases: Phases;
  billedMilliseconds: number;
  memoryMegabytes: number;
  maxMemoryUsedMegabytes: number;
  isStored: boolean;
  errorGroup?: string;
}

export interface InvocationPage {
  invocations: Invocation[];
  next?: string;
}

export interface Attempt {
  version: string;
  environment: string;
  outcome: Outcome;
  origin: string;
  startedAt: string;
  durationMilliseconds: number;
  phases: Phases;
  billedMilliseconds: number;
  memoryMegabytes: number;
  maxMemoryUsedMegabytes: number;
}

/** An event or an answer: one of json, text and base64, or why it is not here. */
export interface Payload {
  json?: unknown;
  text?: string;
  base64?: string;
  bytes: number;
  isMasked: boolean;
  missing?: string;
}

export interface InvocationDetail {
  id: string;
  function: string;
  invokedArn?: string;
  clientContext?: string;
  /** The newest first; an asynchronous call has one for each attempt. */
  attempts: Attempt[];
  cameFrom?: string;
  replayOf?: string;
  replays: Invocation[];
  /** Absent when the call was not kept. */
  input?: Payload;
  output?: Payload;
  errorGroup?: string;
  whyNotReplayable?: string;
}

export interface InvocationFilter {
  function?: string;
  version?: string;
  /** failed, or an outcome. */
  outcome?: string;
  cold?: string;
  origin?: string;
  /** Milliseconds. */
  'min-duration'?: string;
  since?: string;
  until?: string;
  request?: string;
  /** A group of errors. */
  error?: string;
}

export const pageSize = 100;

export function invocationPage(
  filter: InvocationFilter,
  cursor?: string,
  signal?: AbortSignal,
): Promise<InvocationPage> {
  return call('/v1/invocations', { query: { ...filter, limit: pageSize, cursor }, signal });
}

export const invocationQuery = (id: string) =>
  queryOptions({
    queryKey: ['invocation', id],
    queryFn: ({ signal }) => call<InvocationDetail>(path`/v1/invocations/${id}`, { signal }),
  });

export interface ReplayRequest {
  /** A version or an alias; left out: as the call was qualified. */
  version?: string;
  /** Another event; left out: the same. */
  event?: unknown;
  isAsync?: boolean;
}

export interface Replayed {
  id: string;
  replayOf: string;
  isAsync: boolean;
  function?: string;
  version?: string;
  outcome?: Outcome;
  durationMilliseconds?: number;
  output?: Payload;
}

export function replay(id: string, request: ReplayRequest): Promise<Replayed> {
  return call(path`/v1/invocations/${id}/replay`, { method: 'POST', body: request });
}

export interface Rates {
  from: string;
  perGigabyteSecond: number;
  perMillionRequests: number;
  currency: string;
}

/** Prices change seldom. */
export const ratesQuery = queryOptions({
  queryKey: ['rates'],
  queryFn: async ({ signal }) => (await call<{ history: Rates[] }>('/v1/rates', { signal })).history,
  staleTime: 300_000,
});

/** Versions that a function has, for filters and for where a call is made again. */
export const qualifiersQuery = (name: string) =>
  queryOptions({
    queryKey: ['qualifiers', name],
    queryFn: async ({ signal }) => {
      const [versions, aliases] = await Promise.all([
        call<{ Versions: Array<{ Version: string }> }>(path`/2015-03-31/functions/${name}/versions`, {
          query: { MaxItems: 50 },
          signal,
        }),
        call<{ Aliases: Array<{ Name: string }> }>(path`/2015-03-31/functions/${name}/aliases`, { signal }),
      ]);
      return [
        ...aliases.Aliases.map((alias) => alias.Name),
        ...versions.Versions.map((each) => each.Version).reverse(),
      ];
    },
    enabled: name !== '',
    staleTime: 30_000,
  });

/** Names of functions, to choose from. */
export const functionNamesQuery = queryOptions({
  queryKey: ['function-names'],
  queryFn: async ({ signal }) => {
    const answer = await call<{ Functions: Array<{ FunctionName: string }> }>('/2015-03-31/functions', {
      query: { MaxItems: 1000 },
      signal,
    });
    return answer.Functions.map((each) => each.FunctionName);
  },
  staleTime: 15_000,
});
