// AWS Signature Version 4 for requests of this page, by the rules of docs/reference/access.md. Hashes are computed here
// and not by the browser's crypto.subtle, which is missing on plain HTTP from another machine.
import { hmac } from '@noble/hashes/hmac';
import { sha256 } from '@noble/hashes/sha2';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils';

export interface Credentials {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string;
  expiresAt?: string;
}

export interface SigningRequest {
  method: string;
  /** Path as on the request line, percent-encoded. */
  path: string;
  query: Array<[string, string]>;
  headers: Record<string, string>;
  body: Uint8Array;
}

export interface SigningScope {
  service: string;
  region: string;
  credentials: Credentials;
  now: Date;
}

const algorithm = 'AWS4-HMAC-SHA256';

/** Percent-encodes everything but RFC 3986's unreserved characters. */
export function encodeStrictly(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** SHA-256 in hexadecimal digits. */
export function digest(bytes: Uint8Array): string {
  return bytesToHex(sha256(bytes));
}

/** The headers that must be added to a request so that it is signed. */
export function sign(request: SigningRequest, scope: SigningScope): Record<string, string> {
  const time = `${scope.now.toISOString().slice(0, 19).replace(/[-:]/g, '')}Z`;
  const day = time.slice(0, 8);
  const added: Record<string, string> = { 'x-amz-date': time };
  if (scope.credentials.sessionToken) added['x-amz-security-token'] = scope.credentials.sessionToken;

  const headers = Object.entries({ ...request.headers, ...added })
    .map(([name, value]): [string, string] => [name.toLowerCase(), value.trim().replace(/\s+/g, ' ')])
    .sort(byCodePoint);
  const names = headers.map(([name]) => name).join(';');
  const query = request.query
    .map(([name, value]): [string, string] => [encodeStrictly(name), encodeStrictly(value)])
    .sort((a, b) => byCodePoint(a, b) || (a[1] < b[1] ? -1 : a[1] > b[1] ? 1 : 0))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
  const isS3 = scope.service === 's3';
  const canonical = [
    request.method,
    // S3 alone encodes a path once, and lets a header say that the body is not signed.
    isS3 ? request.path : request.path.split('/').map(encodeStrictly).join('/'),
    query,
    ...headers.map(([name, value]) => `${name}:${value}`),
    '',
    names,
    (isS3 && request.headers['x-amz-content-sha256']) || digest(request.body),
  ].join('\n');

  const range = `${day}/${scope.region}/${scope.service}/aws4_request`;
  const text = [algorithm, time, range, bytesToHex(sha256(utf8ToBytes(canonical)))].join('\n');
  const signature = bytesToHex(mac(signingKey(scope, day), text));
  added['authorization'] =
    `${algorithm} Credential=${scope.credentials.accessKeyId}/${range}, SignedHeaders=${names}, Signature=${signature}`;
  return added;
}

function signingKey(scope: SigningScope, day: string): Uint8Array {
  let key: Uint8Array = utf8ToBytes(`AWS4${scope.credentials.secretAccessKey}`);
  for (const part of [day, scope.region, scope.service, 'aws4_request']) key = mac(key, part);
  return key;
}

function mac(key: Uint8Array, text: string): Uint8Array {
  return hmac(sha256, key, utf8ToBytes(text));
}

function byCodePoint(a: [string, string], b: [string, string]): number {
  return a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0;
}
