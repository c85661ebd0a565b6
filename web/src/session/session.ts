// Who is logged in. The cookie is the browser's and no script sees it; what this page holds besides is a proof, without
// which the cookie is worth nothing, in storage that belongs to this origin alone. Credentials stay in memory.
import type { Credentials } from '../api/sigv4';

export interface Session {
  account: string;
  accountName: string;
  region: string;
  version: string;
  /** When the session ends, whatever happens. */
  expiresAt: string;
  credentials: Required<Credentials>;
}

export class SessionEnded extends Error {}

const proofName = 'lambent-proof';
/** Credentials are renewed this long before they end. */
const renewAheadMilliseconds = 60_000;

let current: Session | null = null;
let renewing: Promise<Session> | null = null;
const listeners = new Set<() => void>();

export function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function currentSession(): Session | null {
  return current;
}

/** Begins a session with a one-time token. Fails with the server's words. */
export async function logIn(token: string): Promise<Session> {
  const answer = await post('/v1/sessions', { token }, null);
  if (!answer.ok) throw new Error(await messageOf(answer));
  const { proof, ...session } = (await answer.json()) as Session & { proof: string };
  localStorage.setItem(proofName, proof);
  return keep(session);
}

/** The session with credentials that are good for a while. Fails with SessionEnded when there is none any more. */
export async function liveSession(): Promise<Session> {
  if (current && Date.parse(current.credentials.expiresAt) - Date.now() > renewAheadMilliseconds) return current;
  renewing ??= renew().finally(() => {
    renewing = null;
  });
  return renewing;
}

export async function logOut(): Promise<void> {
  const proof = localStorage.getItem(proofName);
  await fetch('/v1/sessions/current', { method: 'DELETE', headers: jsonHeaders(proof) });
  end();
}

/** Forgets the session; the page shows how to log in. */
export function end(): void {
  localStorage.removeItem(proofName);
  current = null;
  for (const listener of listeners) listener();
}

async function renew(): Promise<Session> {
  const proof = localStorage.getItem(proofName);
  if (!proof) throw new SessionEnded('Nobody is logged in.');
  const answer = await post('/v1/sessions/current/credentials', {}, proof);
  if (answer.status === 401 || answer.status === 403) {
    const message = await messageOf(answer);
    end();
    throw new SessionEnded(message);
  }
  if (!answer.ok) throw new Error(await messageOf(answer));
  return keep((await answer.json()) as Session);
}

function keep(session: Session): Session {
  const isNew = current === null;
  current = session;
  if (isNew) for (const listener of listeners) listener();
  return session;
}

function post(path: string, body: unknown, proof: string | null): Promise<Response> {
  return fetch(path, { method: 'POST', headers: jsonHeaders(proof), body: JSON.stringify(body) });
}

function jsonHeaders(proof: string | null): Record<string, string> {
  return proof
    ? { 'content-type': 'application/json', 'x-lambent-proof': proof }
    : { 'content-type': 'application/json' };
}

async function messageOf(answer: Response): Promise<string> {
  try {
    const body = (await answer.json()) as { error?: { message?: string } };
    return body.error?.message ?? `The server answered ${answer.status}.`;
  } catch {
    return `The server answered ${answer.status}.`;
  }
}
