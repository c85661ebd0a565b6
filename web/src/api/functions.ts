// Functions as the Lambda API has them: configuration, code, calls. Versions and triggers have files of their own.
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { ApiError, call, send } from './client';

const base = '/2015-03-31/functions';

/** A function in the list of GET /v1/functions. */
export interface FunctionEntry {
  name: string;
  runtime: string;
  description: string;
  state: 'active' | 'pending' | 'failed' | 'updating' | 'update-failed' | 'off';
  stateReason?: string;
  memoryMegabytes: number;
  timeoutSeconds: number;
  codeBytes: number;
  lastModifiedAt: string;
  versions: number;
  aliases: number;
  hasUrl: boolean;
  reservedConcurrency?: number;
  tags: Record<string, string>;
  lastCalledAt?: string;
  lastOutcome?: string;
}

export interface FunctionPage {
  functions: FunctionEntry[];
  total: number;
  next?: string;
}

export interface FunctionConfiguration {
  FunctionName: string;
  FunctionArn: string;
  Runtime: string;
  Role: string;
  Handler: string;
  CodeSize: number;
  Description?: string;
  Timeout: number;
  MemorySize: number;
  LastModified: string;
  CodeSha256: string;
  Version: string;
  RevisionId: string;
  State?: string;
  StateReason?: string;
  LastUpdateStatus?: string;
  LastUpdateStatusReason?: string;
  DeadLetterConfig?: { TargetArn?: string };
  Environment?: { Variables?: Record<string, string> };
  EphemeralStorage?: { Size: number };
  LoggingConfig?: { LogFormat?: string; ApplicationLogLevel?: string; SystemLogLevel?: string; LogGroup?: string };
  Layers?: Array<{ Arn: string; CodeSize: number }>;
}

export interface FunctionDescription {
  Configuration: FunctionConfiguration;
  Code: { Location: string };
  Tags?: Record<string, string>;
  Concurrency?: { ReservedConcurrentExecutions: number };
}

export interface NewFunction {
  FunctionName: string;
  Runtime: string;
  Handler: string;
  zip: Uint8Array;
  MemorySize: number;
  Timeout: number;
  Description?: string;
  Environment?: { Variables: Record<string, string> };
}

/** Only what changes; an empty list or map clears. */
export interface ConfigurationUpdate {
  Description?: string;
  Runtime?: string;
  Handler?: string;
  Timeout?: number;
  MemorySize?: number;
  Environment?: { Variables: Record<string, string> };
  EphemeralStorage?: { Size: number };
  LoggingConfig?: FunctionConfiguration['LoggingConfig'];
  Layers?: string[];
  DeadLetterConfig?: { TargetArn: string };
  RevisionId?: string;
}

export interface ServerStatus {
  version: string;
  region: string;
  account: string;
  functions: number;
  runtimes: string[];
}

export interface AccountSettings {
  AccountLimit: { ConcurrentExecutions: number; UnreservedConcurrentExecutions: number; TotalCodeSize: number };
  AccountUsage: { FunctionCount: number; TotalCodeSize: number };
}

export interface FunctionFilter {
  filter?: string;
  tag?: string;
  state?: string;
}

export const functionPages = (filter: FunctionFilter) =>
  infiniteQueryOptions({
    queryKey: ['functions', filter],
    queryFn: ({ pageParam, signal }) =>
      call<FunctionPage>('/v1/functions', { query: { ...filter, after: pageParam, limit: 50 }, signal }),
    initialPageParam: '',
    getNextPageParam: (page) => page.next ?? undefined,
    refetchInterval: 5000,
  });

export const functionQuery = (name: string) =>
  queryOptions({
    queryKey: ['function', name],
    queryFn: ({ signal }) => call<FunctionDescription>(functionPath(name), { signal }),
    refetchInterval: 5000,
  });

export const statusQuery = () =>
  queryOptions({
    queryKey: ['status'],
    queryFn: ({ signal }) => call<ServerStatus>('/v1/status', { signal }),
    staleTime: 60_000,
  });

export const accountSettingsQuery = () =>
  queryOptions({
    queryKey: ['account-settings'],
    queryFn: ({ signal }) => call<AccountSettings>('/2016-08-19/account-settings', { signal }),
  });

/** The address of a function's part in the API. */
export function functionPath(name: string, part = ''): string {
  return `${base}/${encodeURIComponent(name)}${part}`;
}

export function createFunction({ zip, ...request }: NewFunction): Promise<FunctionConfiguration> {
  return call(base, {
    // The role is recorded and gives no rights; the command line names the same.
    body: { ...request, Role: 'arn:aws:iam::000000000000:role/lambent', Code: { ZipFile: toBase64(zip) } },
  });
}

export function updateCode(name: string, zip: Uint8Array, revision?: string): Promise<FunctionConfiguration> {
  return call(functionPath(name, '/code'), { method: 'PUT', body: { ZipFile: toBase64(zip), RevisionId: revision } });
}

export function updateConfiguration(name: string, update: ConfigurationUpdate): Promise<FunctionConfiguration> {
  return call(functionPath(name, '/configuration'), { method: 'PUT', body: update });
}

export function deleteFunction(name: string): Promise<void> {
  return call(functionPath(name), { method: 'DELETE' });
}

const settleMilliseconds = 60_000;
const settlePauseMilliseconds = 300;

/** Waits until a change has taken effect. Fails with the server's reason when it did not. */
export async function settled(name: string): Promise<FunctionConfiguration> {
  const until = Date.now() + settleMilliseconds;
  for (;;) {
    const now = await call<FunctionConfiguration>(functionPath(name, '/configuration'));
    if (now.State === 'Failed') throw new Error(now.StateReason ?? 'The function could not be made ready.');
    if (now.LastUpdateStatus === 'Failed') throw new Error(now.LastUpdateStatusReason ?? 'The update failed.');
    if (now.State !== 'Pending' && now.LastUpdateStatus !== 'InProgress') return now;
    if (Date.now() > until) throw new Error('The change was accepted and has not taken effect within 60 s.');
    await new Promise((resume) => setTimeout(resume, settlePauseMilliseconds));
  }
}

/**
 * The zip file of a function. The address that the API gives is signed for the server's own name; the page asks for the
 * same path at the name it has, with its own signature.
 */
export async function downloadPackage(location: string): Promise<Uint8Array> {
  const response = await send(new URL(location).pathname);
  return new Uint8Array(await response.arrayBuffer());
}

export async function setReservedConcurrency(name: string, count: number | null): Promise<void> {
  const address = `/2017-10-31/functions/${encodeURIComponent(name)}/concurrency`;
  if (count === null) await call(address, { method: 'DELETE' });
  else await call(address, { method: 'PUT', body: { ReservedConcurrentExecutions: count } });
}

export async function changeTags(arn: string, set: Record<string, string>, removed: string[]): Promise<void> {
  const address = `/2017-03-31/tags/${encodeURIComponent(arn)}`;
  if (removed.length > 0) await call(address, { method: 'DELETE', query: { tagKeys: removed } });
  if (Object.keys(set).length > 0) await call(address, { method: 'POST', body: { Tags: set } });
}

export type InvocationType = 'RequestResponse' | 'Event' | 'DryRun';

export interface InvocationResult {
  status: number;
  requestId: string | null;
  eventId: string | null;
  version: string | null;
  functionError: string | null;
  payload: string;
  log: string;
  roundTripMilliseconds: number;
}

/** Calls a function. What the function answered is no failure of this; what the platform refused is. */
export async function invoke(
  name: string,
  event: string,
  type: InvocationType,
  qualifier?: string,
  signal?: AbortSignal,
): Promise<InvocationResult> {
  const begun = performance.now();
  const response = await send(functionPath(name, '/invocations'), {
    method: 'POST',
    query: { Qualifier: qualifier },
    body: event,
    headers: {
      'x-amz-invocation-type': type,
      ...(type === 'RequestResponse' ? { 'x-amz-log-type': 'Tail' } : {}),
    },
    signal,
  });
  const payload = await response.text();
  const log = response.headers.get('x-amz-log-result');
  return {
    status: response.status,
    requestId: response.headers.get('x-amzn-requestid'),
    eventId: response.headers.get('x-lambent-event-id'),
    version: response.headers.get('x-amz-executed-version'),
    functionError: response.headers.get('x-amz-function-error'),
    payload,
    log: log ? new TextDecoder().decode(fromBase64(log)) : '',
    roundTripMilliseconds: performance.now() - begun,
  };
}

export function toBase64(bytes: Uint8Array): string {
  let text = '';
  // In pieces, because the arguments of a call are limited.
  for (let start = 0; start < bytes.length; start += 0x8000) {
    text += String.fromCharCode(...bytes.subarray(start, start + 0x8000));
  }
  return btoa(text);
}

export function fromBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}

/** The answer, or null when the API says that there is none. */
export async function orNone<T>(answer: Promise<T>): Promise<T | null> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return null;
    throw error;
  }
}
