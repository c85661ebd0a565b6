// How the server stands: /v1/status, /v1/node, /v1/environments, /v1/deployments.
import { call } from './client';

export interface ServerStatus {
  version: string;
  startedAt: string;
  region: string;
  account: string;
  functions: number;
  callsInFlight: number;
  runtimes: string[];
  logs: LogStatus;
}

export interface LogStatus {
  oldest?: string;
  bytes: number;
  bytesMax: number;
  retentionDays: number;
  state: 'ok' | 'near-limit' | 'at-limit';
  linesDropped: number;
}

/** The machine, and how the server was started: the operator's account sees it. */
export interface NodeStatus {
  host: string;
  version: string;
  startedAt: string;
  processors: number;
  processorShare?: number;
  memoryBytes: number;
  memoryFreeBytes?: number;
  serverBytes: number;
  dataFolder: string;
  diskBytes: number;
  diskFreeBytes: number;
  storeBytes: number;
  environments: {
    max: number;
    starting: number;
    idle: number;
    busy: number;
    waiting: number;
    waitingWanted: number;
    peakMemoryMegabytes: number;
  };
  settings: NodeSettings;
}

export interface NodeSettings {
  bind: string;
  port: number;
  publicUrl?: string;
  idleSeconds?: number;
  environmentAgeMaxSeconds: number;
  warmMemoryBytes: number;
  holdsProcessorShares: boolean;
  timeoutSecondsMax: number;
  logDays: number;
  logBytesMax: number;
  masksSecretsInLogs: boolean;
  keepsTelemetry: boolean;
  calls: string;
  callDays: number;
  callBytesMax: number;
  callPayloadBytesMax: number;
  sendsLogs: boolean;
  sendsTraces: boolean;
  sendsMail: boolean;
  sessionIdleHours: number;
  sessionAgeMaxHours: number;
}

export interface Environment {
  id: string;
  function: string;
  version: string;
  state: 'starting' | 'idle' | 'busy';
  calls: number;
  startedAt?: string;
  fetchMilliseconds: number;
  startMilliseconds: number;
  initMilliseconds: number;
  memoryMegabytes: number;
}

export interface Deployment {
  function: string;
  runtime: string;
  at: string;
  publishedVersion?: number;
  state: string;
  description?: string;
}

/** The account whose key the data folder holds; it runs the server. */
export const operatorAccount = '000000000000';

export function readStatus(signal?: AbortSignal): Promise<ServerStatus> {
  return call('/v1/status', { signal });
}

export function readNode(signal?: AbortSignal): Promise<NodeStatus> {
  return call('/v1/node', { signal });
}

export async function listEnvironments(signal?: AbortSignal): Promise<Environment[]> {
  return (await call<{ environments: Environment[] }>('/v1/environments', { signal })).environments;
}

export async function listDeployments(limit: number, signal?: AbortSignal): Promise<Deployment[]> {
  return (await call<{ deployments: Deployment[] }>('/v1/deployments', { query: { limit }, signal })).deployments;
}

export interface AccountSettings {
  AccountLimit: { ConcurrentExecutions: number; UnreservedConcurrentExecutions: number };
  AccountUsage: { FunctionCount: number; TotalCodeSize: number };
}

export function accountSettings(signal?: AbortSignal): Promise<AccountSettings> {
  return call('/2016-08-19/account-settings', { signal });
}
