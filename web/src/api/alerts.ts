// Who is told of what: /v1/alerts and the outbound webhooks that tell it.
import { call, path } from './client';

export type AlertState = 'ok' | 'alert' | 'no-data';

export interface Alert {
  name: string;
  metric: string;
  statistic?: string;
  target?: string;
  version?: string;
  above?: number;
  below?: number;
  /** 5m, or of cost also day or month. */
  window: string;
  forSeconds: number;
  samples: number;
  noData: 'no-data' | 'ok' | 'alert';
  webhooks: string[];
  emails: string[];
  state: AlertState;
  since: string;
  value?: number;
}

/** Of new and reopened groups of errors; raised by what groups them and not by figures. */
export const errorGroupsMetric = 'error-groups';

export interface AlertRequest {
  metric: string;
  statistic?: string;
  target?: string;
  version?: string;
  above?: number;
  below?: number;
  window?: string;
  for?: string;
  samples?: number;
  noData?: string;
  webhooks?: string[];
  emails?: string[];
}

export interface AlertChange {
  id: string;
  at: string;
  from: AlertState;
  to: AlertState;
  value?: number;
  text: string;
}

export interface AlertHistory {
  changes: AlertChange[];
  next?: string;
}

export async function listAlerts(signal?: AbortSignal): Promise<Alert[]> {
  return (await call<{ alerts: Alert[] }>('/v1/alerts', { signal })).alerts;
}

export function getAlert(name: string, signal?: AbortSignal): Promise<Alert> {
  return call(path`/v1/alerts/${name}`, { signal });
}

/** Makes it, or writes it anew. */
export function putAlert(name: string, request: AlertRequest): Promise<Alert> {
  return call(path`/v1/alerts/${name}`, { method: 'PUT', body: request });
}

export function deleteAlert(name: string): Promise<void> {
  return call(path`/v1/alerts/${name}`, { method: 'DELETE' });
}

export function alertHistory(name: string, before?: string, signal?: AbortSignal): Promise<AlertHistory> {
  return call(path`/v1/alerts/${name}/history`, { query: { limit: 50, before }, signal });
}

/** Looks once, and tells everybody who would be told. */
export function testAlert(name: string): Promise<{ value?: number; samples: number; told: number }> {
  return call(path`/v1/alerts/${name}/test`, { method: 'POST' });
}

export interface Webhook {
  name: string;
  direction: 'in' | 'out';
  url?: string;
  types?: string[];
  disabledReason?: string;
}

/** Outbound webhooks, by which an alert can tell. */
export async function outboundWebhooks(signal?: AbortSignal): Promise<Webhook[]> {
  const answer = await call<{ webhooks: Webhook[] }>('/v1/webhooks', { signal });
  return answer.webhooks.filter((webhook) => webhook.direction === 'out');
}
