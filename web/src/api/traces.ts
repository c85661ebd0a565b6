// Traces, and what was logged in them: GET /v1/traces, GET /v1/logs of their requests.
import { queryOptions } from '@tanstack/react-query';
import { call, path, send } from './client';

export interface TraceSummary {
  traceId: string;
  name: string;
  requestId: string;
  startedAt: string;
  durationMilliseconds: number;
  calls: number;
  status: 'ok' | 'error';
  functions: string[];
}

export interface TracePage {
  traces: TraceSummary[];
  next?: string;
}

export interface TraceFilter {
  function?: string;
  since?: string;
  until?: string;
  /** Milliseconds, of the whole trace. */
  'min-duration'?: string;
  errors?: string;
}

export interface TraceLink {
  traceId: string;
  spanId: string;
  name?: string;
}

export interface Span {
  spanId: string;
  parentSpanId?: string;
  name: string;
  origin: 'call' | 'phase' | 'custom' | 'message' | 'request' | 'execution' | 'state' | 'attempt';
  kind: 'internal' | 'server' | 'client' | 'producer' | 'consumer';
  function?: string;
  version?: string;
  requestId?: string;
  startedAt: string;
  offsetMilliseconds: number;
  durationMilliseconds: number;
  status: 'unset' | 'ok' | 'error';
  message?: string;
  depth: number;
  isOpen: boolean;
  /** Its clock was behind its parent's; its start was moved. */
  isClamped: boolean;
  /** Its parent is not here. */
  isOrphan: boolean;
  link?: TraceLink;
  attributes?: unknown;
  events?: unknown;
}

export interface Trace {
  traceId: string;
  xrayTraceId: string;
  startedAt: string;
  durationMilliseconds: number;
  status: 'ok' | 'error';
  isCut: boolean;
  spans: Span[];
  linkedFrom: TraceLink[];
}

export const tracePageSize = 50;

export function tracePage(filter: TraceFilter, cursor?: string, signal?: AbortSignal): Promise<TracePage> {
  return call('/v1/traces', { query: { ...filter, limit: tracePageSize, cursor }, signal });
}

/** By a trace's id, a request's id or an execution's ARN. What goes on is asked for again. */
export const traceQuery = (id: string) =>
  queryOptions({
    queryKey: ['trace', id],
    queryFn: ({ signal }) => call<Trace>(path`/v1/traces/${id}`, { signal }),
    refetchInterval: ({ state: { data } }) => (data?.spans.some((span) => span.isOpen) ? 2000 : false),
  });

export interface LoggedLine {
  time: string;
  function: string;
  version: string;
  requestId?: string;
  environment: string;
  text: string;
  level?: string;
}

const requestsMax = 25;
const linesMax = 1000;

/** Lines of requests, in the order of their times. Of many requests the first ones'. */
export async function linesOfRequests(requests: string[], signal?: AbortSignal): Promise<LoggedLine[]> {
  const all = await Promise.all(
    requests.slice(0, requestsMax).map(async (request) => {
      const response = await send('/v1/logs', { query: { request, limit: linesMax }, signal });
      const text = await response.text();
      return text
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as LoggedLine);
    }),
  );
  // Each request's lines are in order already, and stay so where times are equal.
  return all.flat().sort((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0));
}

export const linesQuery = (requests: string[]) =>
  queryOptions({
    queryKey: ['lines-of', ...requests],
    queryFn: ({ signal }) => linesOfRequests(requests, signal),
    enabled: requests.length > 0,
  });
