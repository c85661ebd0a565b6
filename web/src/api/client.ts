// The one way from this page to the server: public APIs, signed like any other client's requests.
import { digest, encodeStrictly, sign } from './sigv4';
import { liveSession } from '../session/session';

export type Service = 'lambda' | 'sqs' | 'states' | 'scheduler' | 'monitoring' | 'logs' | 's3' | 'sts';

export type QueryValue = string | number | boolean | undefined | null;

/** A list is a parameter that comes several times. */
export type QueryValues = Record<string, QueryValue | readonly QueryValue[]>;

export interface CallOptions {
  /** Default lambda, which the native API is signed for too. */
  service?: Service;
  method?: string;
  query?: QueryValues;
  /** A value is sent as JSON, bytes as they are. */
  body?: unknown;
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

/** What the server refused, in its own words. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly field?: string,
    readonly requestId?: string,
  ) {
    super(message);
  }
}

/** The answer's JSON; undefined for an empty one. `path` has its parts percent-encoded. */
export async function call<T>(path: string, options: CallOptions = {}): Promise<T> {
  const response = await send(path, options);
  const text = await response.text();
  return (text ? JSON.parse(text) : undefined) as T;
}

/** The answer itself, for streams and downloads. Fails with ApiError when it is no success. */
export async function send(path: string, options: CallOptions = {}): Promise<Response> {
  const method = options.method ?? (options.body === undefined ? 'GET' : 'POST');
  const body = bytesOf(options.body);
  const headers: Record<string, string> = { ...options.headers };
  if (options.body !== undefined && !(options.body instanceof Uint8Array)) {
    headers['content-type'] ??= 'application/json';
  }
  const request = await signed(path, { ...options, method, headers }, body);
  const response = await fetch(request.address, {
    method,
    headers: request.headers,
    body: options.body === undefined ? undefined : (body as BodyInit),
    signal: options.signal,
    credentials: 'omit',
  });
  noteClock(response);
  if (!response.ok) throw await errorOf(response);
  return response;
}

/**
 * Address and headers of a request, for who sends it otherwise. Without a body its bytes are not part of the signature,
 * which S3 alone allows.
 */
export async function signed(
  path: string,
  options: CallOptions,
  body?: Uint8Array,
): Promise<{ address: string; headers: Record<string, string> }> {
  const session = await liveSession();
  const query = Object.entries(options.query ?? {})
    .flatMap(([name, value]) =>
      (Array.isArray(value) ? value : [value]).map((each): [string, QueryValue] => [name, each]),
    )
    .filter(([, value]) => value !== undefined && value !== null && value !== '')
    .map(([name, value]): [string, string] => [name, String(value)]);
  const headers = { ...options.headers };
  if (options.service === 's3') headers['x-amz-content-sha256'] = body ? digest(body) : 'UNSIGNED-PAYLOAD';
  const added = sign(
    {
      method: options.method ?? 'GET',
      path,
      query,
      headers: { ...headers, host: location.host },
      body: body ?? new Uint8Array(),
    },
    {
      service: options.service ?? 'lambda',
      region: session.region,
      credentials: session.credentials,
      now: new Date(Date.now() + clockOffset),
    },
  );
  return { address: address(path, query), headers: { ...headers, ...added } };
}

/** One operation of a JSON protocol, such as AWSStepFunctions.ListStateMachines. */
export function callJson<T>(service: Service, target: string, body: unknown, signal?: AbortSignal): Promise<T> {
  return call<T>('/', {
    service,
    method: 'POST',
    body,
    signal,
    headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': target },
  });
}

/** Percent-encodes the parts of a path: path`/v1/queues/${name}`. */
export function path(parts: TemplateStringsArray, ...values: string[]): string {
  return parts.reduce(
    (text, part, index) => text + part + (index < values.length ? encodeStrictly(values[index]!) : ''),
    '',
  );
}

function address(path: string, query: Array<[string, string]>): string {
  const text = query.map(([name, value]) => `${encodeStrictly(name)}=${encodeStrictly(value)}`).join('&');
  return text ? `${path}?${text}` : path;
}

function bytesOf(body: unknown): Uint8Array {
  if (body === undefined) return new Uint8Array();
  if (body instanceof Uint8Array) return body;
  return new TextEncoder().encode(typeof body === 'string' ? body : JSON.stringify(body));
}

/** A signature is good for 15 minutes, and a laptop's clock may be further off than that. */
let clockOffset = 0;

function noteClock(response: Response): void {
  const date = response.headers.get('date');
  if (date && Math.abs(Date.parse(date) - Date.now()) > 60_000) clockOffset = Date.parse(date) - Date.now();
}

export async function errorOf(response: Response): Promise<ApiError> {
  const requestId = response.headers.get('x-request-id') ?? response.headers.get('x-amzn-requestid') ?? undefined;
  const text = await response.text();
  const code = /<Code>([^<]*)<\/Code>/.exec(text)?.[1];
  if (code) {
    const message = new DOMParser().parseFromString(text, 'application/xml').querySelector('Message')?.textContent;
    return new ApiError(response.status, code, message ?? code, undefined, requestId);
  }
  try {
    const body = JSON.parse(text) as Record<string, unknown>;
    const native = body['error'] as { code?: string; message?: string; field?: string } | undefined;
    if (native && typeof native === 'object') {
      return new ApiError(response.status, native.code ?? 'Unknown', native.message ?? '', native.field, requestId);
    }
    const type = response.headers.get('x-amzn-errortype') ?? String(body['__type'] ?? body['Type'] ?? response.status);
    const message = String(body['message'] ?? body['Message'] ?? body['errorMessage'] ?? text);
    return new ApiError(response.status, type.replace(/^.*#/, '').replace(/:.*$/, ''), message, undefined, requestId);
  } catch {
    return new ApiError(response.status, String(response.status), text || response.statusText, undefined, requestId);
  }
}
