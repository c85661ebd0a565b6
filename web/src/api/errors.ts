// Errors in groups: /v1/errors.
import { queryOptions } from '@tanstack/react-query';
import { call, path } from './client';

export type ErrorStatus = 'open' | 'resolved' | 'ignored';

export interface ErrorGroup {
  id: string;
  /** handler, init, timeout, out-of-memory, exit, response, logged. */
  kind: string;
  status: ErrorStatus;
  type: string;
  message: string;
  /** Where to look first: function (file:line). */
  culprit: string;
  firstSeen: string;
  lastSeen: string;
  count: number;
  /** Occurrences by the hour, for the hours of the answer. */
  counts: number[];
  functions: string[];
  changedAt?: string;
  /** FUNCTION:VERSION. */
  resolvedIn?: string;
  /** FUNCTION:VERSION that it was seen in after it was resolved. */
  reopenedBy?: string;
}

export interface ErrorPage {
  /** The begin of each hour. */
  hours: string[];
  errors: ErrorGroup[];
  next?: string;
}

export interface ErrorVersion {
  function: string;
  version: string;
  firstSeen: string;
  lastSeen: string;
  count: number;
}

export interface ErrorSample {
  number: number;
  at: string;
  function: string;
  version: string;
  requestId?: string;
  kind: string;
  type: string;
  message: string;
  stack: string;
}

export interface ErrorFrame {
  text: string;
  function: string;
  file: string;
  line: number;
  column: number;
  /** Whether it is the owner's own code. */
  isApplication: boolean;
  /** Where it is in what it was compiled from. */
  source?: { file: string; line: number; column: number; name?: string };
  context?: Array<{ line: number; text: string }>;
  problem?: string;
}

export interface ErrorDetail {
  error: ErrorGroup;
  hours: string[];
  versions: ErrorVersion[];
  samples: ErrorSample[];
  frames: ErrorFrame[];
}

export interface ErrorFilter {
  status?: string;
  function?: string;
  since?: string;
  sort?: string;
}

export function errorPage(filter: ErrorFilter, cursor?: string, signal?: AbortSignal): Promise<ErrorPage> {
  return call('/v1/errors', { query: { ...filter, hours: 24, limit: 50, cursor }, signal });
}

export const errorQuery = (id: string, hours = 24) => queryOptions({
  queryKey: ['error', id, hours],
  queryFn: ({ signal }) => call<ErrorDetail>(path`/v1/errors/${id}`, { query: { hours }, signal }),
});

export function changeError(id: string, action: 'resolve' | 'ignore' | 'reopen', version?: string): Promise<ErrorDetail> {
  return call(`${path`/v1/errors/${id}`}/${action}`, { method: 'POST', body: action === 'resolve' ? { version } : {} });
}

export interface AlertSummary {
  name: string;
  metric: string;
  target?: string;
  state: string;
}

/** Alerts that watch errors. */
export const errorAlertsQuery = queryOptions({
  queryKey: ['error-alerts'],
  queryFn: async ({ signal }) => (await call<{ alerts: AlertSummary[] }>('/v1/alerts', { signal })).alerts
    .filter((alert) => alert.metric.startsWith('error')),
});
