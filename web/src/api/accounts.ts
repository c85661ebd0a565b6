// Tenants, their keys, and who is logged in: /v1/accounts and /v1/sessions.
import { call, path } from './client';

export interface Account {
  id: string;
  name: string;
  createdAt: string;
  /** Calls that may run at a time. */
  concurrency: number;
}

export interface AccessKey {
  accessKeyId: string;
  createdAt: string;
}

export interface NewKey extends AccessKey {
  secretAccessKey: string;
}

export interface BrowserSession {
  id: string;
  begunAt: string;
  lastUsedAt: string;
  expiresAt: string;
  userAgent: string;
  current: boolean;
}

/** The operator's account only. */
export async function listAccounts(signal?: AbortSignal): Promise<Account[]> {
  return (await call<{ accounts: Account[] }>('/v1/accounts', { signal })).accounts;
}

export function createAccount(
  name: string,
  id?: string,
): Promise<{ account: Account; accessKeyId: string; secretAccessKey: string }> {
  return call('/v1/accounts', { body: { name, id: id || undefined } });
}

export function deleteAccount(id: string): Promise<void> {
  return call(path`/v1/accounts/${id}`, { method: 'DELETE' });
}

export function limitAccount(id: string, concurrency: number): Promise<{ concurrency: number }> {
  return call(path`/v1/accounts/${id}/concurrency`, { method: 'PUT', body: { concurrency } });
}

export async function listKeys(account: string, signal?: AbortSignal): Promise<AccessKey[]> {
  return (await call<{ keys: AccessKey[] }>(path`/v1/accounts/${account}/keys`, { signal })).keys;
}

export function createKey(account: string): Promise<NewKey> {
  return call(path`/v1/accounts/${account}/keys`, { method: 'POST' });
}

export function deleteKey(account: string, key: string): Promise<void> {
  return call(path`/v1/accounts/${account}/keys/${key}`, { method: 'DELETE' });
}

export async function listSessions(signal?: AbortSignal): Promise<BrowserSession[]> {
  return (await call<{ sessions: BrowserSession[] }>('/v1/sessions', { signal })).sessions;
}

export function endSession(id: string): Promise<void> {
  return call(path`/v1/sessions/${id}`, { method: 'DELETE' });
}

/** Of the account, this one included; login addresses that were not used yet are worth nothing then. */
export function endAllSessions(): Promise<void> {
  return call('/v1/sessions', { method: 'DELETE' });
}
