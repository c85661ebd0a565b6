// What calls a function, and where its results go.
import { queryOptions } from '@tanstack/react-query';
import { call } from './client';
import { functionPath, orNone } from './functions';

export interface UrlConfig {
  FunctionUrl: string;
  FunctionArn: string;
  AuthType: 'NONE' | 'AWS_IAM';
  InvokeMode: 'BUFFERED' | 'RESPONSE_STREAM';
  CreationTime: string;
  Cors?: Record<string, unknown>;
}

export interface Mapping {
  UUID: string;
  EventSourceArn: string;
  FunctionArn: string;
  BatchSize: number;
  MaximumBatchingWindowInSeconds: number;
  State: string;
  StateTransitionReason: string;
  LastProcessingResult?: string;
  LastModified: number;
  ScalingConfig?: { MaximumConcurrency?: number };
  FilterCriteria?: { Filters: Array<{ Pattern: string }> };
}

export interface EventInvokeConfig {
  FunctionArn: string;
  MaximumRetryAttempts?: number;
  MaximumEventAgeInSeconds?: number;
  DestinationConfig: { OnSuccess?: { Destination?: string }; OnFailure?: { Destination?: string } };
}

export interface PolicyStatement {
  Sid: string;
  Effect: string;
  Principal: string | Record<string, string>;
  Action: string;
  Resource: string;
  Condition?: Record<string, Record<string, string>>;
}

export interface TriggerSchedule {
  group: string;
  name: string;
  expression: string;
  zone: string;
  state: 'enabled' | 'disabled' | 'over';
  target: string;
  next: string[];
  missedCount: number;
  lastAt?: string;
}

export interface ScalingController {
  controller: string;
  function: string;
  version?: string;
  source?: string;
  explanation: string[];
  last: { at: string };
}

export interface Provisioned {
  qualifier: string;
  count: number;
  requested: number;
  allocated: number;
  available: number;
  status: 'IN_PROGRESS' | 'READY' | 'FAILED';
  statusReason?: string;
  nextChange?: string;
  windows: ProvisionedWindow[];
}

export interface ProvisionedWindow {
  from: string;
  to: string;
  days: string;
  zone: string;
  count: number;
}

const triggers = (name: string, part: string) => ['function', name, 'triggers', part];

export const urlsQuery = (name: string) => queryOptions({
  queryKey: triggers(name, 'urls'),
  queryFn: async ({ signal }) => (await call<{ FunctionUrlConfigs: UrlConfig[] }>(
    `/2021-10-31/functions/${encodeURIComponent(name)}/urls`, { signal })).FunctionUrlConfigs,
});

export const mappingsQuery = (name: string) => queryOptions({
  queryKey: triggers(name, 'mappings'),
  queryFn: async ({ signal }) => (await call<{ EventSourceMappings: Mapping[] }>(
    '/2015-03-31/event-source-mappings', { query: { FunctionName: name, MaxItems: 1000 }, signal })).EventSourceMappings,
  refetchInterval: 5000,
});

export const eventConfigsQuery = (name: string) => queryOptions({
  queryKey: triggers(name, 'event-configs'),
  queryFn: async ({ signal }) => (await call<{ FunctionEventInvokeConfigs: EventInvokeConfig[] }>(
    `/2019-09-25/functions/${encodeURIComponent(name)}/event-invoke-config/list`, { signal })).FunctionEventInvokeConfigs,
});

export const policyQuery = (name: string, qualifier?: string) => queryOptions({
  queryKey: [...triggers(name, 'policy'), qualifier ?? ''],
  queryFn: async ({ signal }) => {
    const answer = await orNone(call<{ Policy: string }>(functionPath(name, '/policy'), { query: { Qualifier: qualifier }, signal }));
    return answer ? (JSON.parse(answer.Policy) as { Statement: PolicyStatement[] }).Statement : [];
  },
});

/** Schedules that call the function. The list of the server has at most 1,000. */
export const schedulesOfQuery = (name: string) => queryOptions({
  queryKey: triggers(name, 'schedules'),
  queryFn: async ({ signal }) => {
    const { schedules } = await call<{ schedules: TriggerSchedule[] }>('/v1/schedules', { signal });
    return schedules.filter((schedule) => functionOf(schedule.target) === name);
  },
});

export const queueNamesQuery = () => queryOptions({
  queryKey: ['queue-names'],
  queryFn: async ({ signal }) =>
    (await call<{ queues: Array<{ name: string; arn: string }> }>('/v1/queues', { signal })).queues,
});

export const scalingQuery = (name: string) => queryOptions({
  queryKey: ['function', name, 'scaling'],
  queryFn: async ({ signal }) =>
    (await call<{ controllers: ScalingController[] }>(`/v1/scaling/${encodeURIComponent(name)}`, { signal })).controllers,
  refetchInterval: 5000,
});

export const provisionedQuery = (name: string) => queryOptions({
  queryKey: ['function', name, 'provisioned'],
  queryFn: async ({ signal }) => (await call<{ provisioned: Provisioned[] }>(
    `/v1/functions/${encodeURIComponent(name)}/provisioned`, { signal })).provisioned,
  refetchInterval: 5000,
});

export function provision(name: string, qualifier: string, count: number, windows: ProvisionedWindow[]): Promise<Provisioned> {
  return call(`/v1/functions/${encodeURIComponent(name)}/provisioned/${encodeURIComponent(qualifier)}`, {
    method: 'PUT', body: { count, windows },
  });
}

export function unprovision(name: string, qualifier: string): Promise<void> {
  return call(`/v1/functions/${encodeURIComponent(name)}/provisioned/${encodeURIComponent(qualifier)}`, { method: 'DELETE' });
}

/** The name in the ARN of a function, also of a version or an alias of it; null of something else. */
export function functionOf(arn: string): string | null {
  const parts = arn.split(':');
  return parts[2] === 'lambda' && parts[5] === 'function' ? parts[6] ?? null : null;
}

/** The name at the end of an ARN, such as a queue's. */
export function nameOf(arn: string): string {
  return arn.split(':').at(-1) ?? arn;
}

/** A URL that anybody may call, as `lambent deploy --url` makes it: the grant is needed besides. */
export async function createPublicUrl(name: string): Promise<UrlConfig> {
  const address = `/2021-10-31/functions/${encodeURIComponent(name)}/url`;
  const url = (await orNone(call<UrlConfig>(address))) ?? (await call<UrlConfig>(address, { body: { AuthType: 'NONE' } }));
  if (url.AuthType === 'NONE') await allowPublicUrl(name);
  return url;
}

export async function createUrl(name: string, auth: 'NONE' | 'AWS_IAM', mode: UrlConfig['InvokeMode']): Promise<UrlConfig> {
  const url = await call<UrlConfig>(`/2021-10-31/functions/${encodeURIComponent(name)}/url`, {
    body: { AuthType: auth, InvokeMode: mode },
  });
  if (auth === 'NONE') await allowPublicUrl(name);
  return url;
}

export const publicUrlStatement = 'FunctionURLAllowPublicAccess';

async function allowPublicUrl(name: string): Promise<void> {
  const known = await call<{ Policy: string } | null>(functionPath(name, '/policy')).catch(() => null);
  if (known?.Policy.includes(`"${publicUrlStatement}"`)) return;
  await call(functionPath(name, '/policy'), {
    body: {
      StatementId: publicUrlStatement, Action: 'lambda:InvokeFunctionUrl', Principal: '*', FunctionUrlAuthType: 'NONE',
    },
  });
}

export async function deleteUrl(name: string, qualifier?: string): Promise<void> {
  await call(`/2021-10-31/functions/${encodeURIComponent(name)}/url`, { method: 'DELETE', query: { Qualifier: qualifier } });
}

export function removePermission(name: string, statement: string, qualifier?: string): Promise<void> {
  return call(functionPath(name, `/policy/${encodeURIComponent(statement)}`), { method: 'DELETE', query: { Qualifier: qualifier } });
}

export function createMapping(name: string, queueArn: string, settings: {
  BatchSize: number; MaximumBatchingWindowInSeconds: number; MaximumConcurrency?: number; reportItems: boolean;
}): Promise<Mapping> {
  return call('/2015-03-31/event-source-mappings', {
    body: {
      FunctionName: name,
      EventSourceArn: queueArn,
      BatchSize: settings.BatchSize,
      MaximumBatchingWindowInSeconds: settings.MaximumBatchingWindowInSeconds,
      ScalingConfig: settings.MaximumConcurrency ? { MaximumConcurrency: settings.MaximumConcurrency } : undefined,
      FunctionResponseTypes: settings.reportItems ? ['ReportBatchItemFailures'] : undefined,
    },
  });
}

export function enableMapping(id: string, enabled: boolean): Promise<Mapping> {
  return call(`/2015-03-31/event-source-mappings/${id}`, { method: 'PUT', body: { Enabled: enabled } });
}

export function deleteMapping(id: string): Promise<Mapping> {
  return call(`/2015-03-31/event-source-mappings/${id}`, { method: 'DELETE' });
}

export function putEventConfig(name: string, qualifier: string | undefined, config: {
  retries: number; ageSeconds: number; onSuccess: string; onFailure: string;
}): Promise<EventInvokeConfig> {
  return call(`/2019-09-25/functions/${encodeURIComponent(name)}/event-invoke-config`, {
    method: 'PUT',
    query: { Qualifier: qualifier },
    body: {
      MaximumRetryAttempts: config.retries,
      MaximumEventAgeInSeconds: config.ageSeconds,
      DestinationConfig: {
        OnSuccess: config.onSuccess ? { Destination: config.onSuccess } : {},
        OnFailure: config.onFailure ? { Destination: config.onFailure } : {},
      },
    },
  });
}

export function deleteEventConfig(name: string, qualifier?: string): Promise<void> {
  return call(`/2019-09-25/functions/${encodeURIComponent(name)}/event-invoke-config`, {
    method: 'DELETE', query: { Qualifier: qualifier },
  });
}

export function runSchedule(group: string, name: string, action: 'pause' | 'resume'): Promise<unknown> {
  return call(`/v1/schedules/${encodeURIComponent(group)}/${encodeURIComponent(name)}/${action}`, { method: 'POST' });
}
