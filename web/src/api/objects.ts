// Buckets and objects: names by the native API, everything else by S3's own.
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { ApiError, call, send, signed } from './client';
import { encodeStrictly } from './sigv4';

export interface Bucket {
  name: string;
  createdAt: string;
}

export interface BucketSummary {
  objects: number;
  bytes: number;
  /** False: there are more than were counted. */
  isWhole: boolean;
}

export interface ObjectEntry {
  key: string;
  bytes: number;
  modifiedAt: string;
  eTag: string;
}

export interface ObjectPage {
  /** Common beginnings up to the next slash. */
  folders: string[];
  objects: ObjectEntry[];
  next: string | null;
}

export interface ObjectHead {
  bytes: number;
  contentType: string;
  eTag: string;
  modifiedAt: string;
  /** Headers that came with the object, such as cache-control, by their names. */
  headers: Record<string, string>;
  metadata: Record<string, string>;
}

/** Previews are of objects up to this size. */
export const previewBytesMax = 1_000_000;

export const bucketsQuery = () =>
  queryOptions({
    queryKey: ['buckets'],
    queryFn: async ({ signal }) => (await call<{ buckets: Bucket[] }>('/v1/blobs', { signal })).buckets,
    refetchInterval: 10_000,
  });

/** Counts the first 1,000 objects: more would read the whole bucket for one line of a list. */
export const bucketSummaryQuery = (bucket: string) =>
  queryOptions({
    queryKey: ['bucket', bucket, 'summary'],
    queryFn: async ({ signal }): Promise<BucketSummary> => {
      const { blobs, next } = await call<{ blobs: Array<{ sizeBytes: number }>; next?: string }>(
        `/v1/blobs/${encodeURIComponent(bucket)}`,
        { signal },
      );
      return { objects: blobs.length, bytes: blobs.reduce((sum, blob) => sum + blob.sizeBytes, 0), isWhole: !next };
    },
    staleTime: 30_000,
  });

export const objectPages = (bucket: string, prefix: string) =>
  infiniteQueryOptions({
    queryKey: ['bucket', bucket, 'objects', prefix],
    queryFn: async ({ pageParam, signal }) => {
      const response = await send(bucketPath(bucket), {
        service: 's3',
        query: {
          'list-type': 2,
          prefix,
          delimiter: '/',
          'max-keys': 200,
          'continuation-token': pageParam,
          'encoding-type': 'url',
        },
        signal,
      });
      return pageOf(await response.text());
    },
    initialPageParam: '',
    getNextPageParam: (page) => page.next ?? undefined,
  });

export const objectHeadQuery = (bucket: string, key: string) =>
  queryOptions({
    queryKey: ['bucket', bucket, 'head', key],
    queryFn: async ({ signal }) =>
      headOf(await send(objectPath(bucket, key), { service: 's3', method: 'HEAD', signal })),
  });

export const objectBytesQuery = (bucket: string, key: string, eTag: string) =>
  queryOptions({
    queryKey: ['bucket', bucket, 'bytes', key, eTag],
    queryFn: async ({ signal }) => new Uint8Array(await (await getObject(bucket, key, signal)).arrayBuffer()),
    staleTime: Infinity,
  });

export function getObject(bucket: string, key: string, signal?: AbortSignal): Promise<Response> {
  return send(objectPath(bucket, key), { service: 's3', signal });
}

export async function createBucket(bucket: string): Promise<void> {
  await send(bucketPath(bucket), { service: 's3', method: 'PUT' });
}

/** Refused while there are objects in it. */
export async function deleteBucket(bucket: string): Promise<void> {
  await send(bucketPath(bucket), { service: 's3', method: 'DELETE' });
}

export async function deleteObject(bucket: string, key: string): Promise<void> {
  await send(objectPath(bucket, key), { service: 's3', method: 'DELETE' });
}

/**
 * Stores a file; `onProgress` hears how many bytes are on their way. The browser reads it piece by piece, so its size
 * does not matter; its bytes are therefore not part of the signature, and only TLS or the loopback keeps them as
 * they are.
 */
export async function uploadObject(
  bucket: string,
  key: string,
  file: File,
  onProgress: (bytes: number) => void,
  signal?: AbortSignal,
): Promise<void> {
  const request = await signed(objectPath(bucket, key), {
    service: 's3',
    method: 'PUT',
    headers: file.type ? { 'content-type': file.type } : {},
  });
  await new Promise<void>((done, failed) => {
    // fetch does not tell how far an upload is.
    const upload = new XMLHttpRequest();
    upload.open('PUT', request.address);
    for (const [name, value] of Object.entries(request.headers)) upload.setRequestHeader(name, value);
    upload.upload.onprogress = (event) => onProgress(event.loaded);
    upload.onload = () => (upload.status < 300 ? done() : failed(errorIn(upload)));
    upload.onerror = () => failed(new Error('The connection broke.'));
    upload.onabort = () => failed(new Error('Stopped.'));
    signal?.addEventListener('abort', () => upload.abort());
    upload.send(file);
  });
}

export function objectPath(bucket: string, key: string): string {
  return `${bucketPath(bucket)}/${key.split('/').map(encodeStrictly).join('/')}`;
}

function bucketPath(bucket: string): string {
  return `/${encodeStrictly(bucket)}`;
}

function errorIn(upload: XMLHttpRequest): Error {
  const document = new DOMParser().parseFromString(upload.responseText, 'application/xml');
  const of = (name: string) => document.querySelector(name)?.textContent ?? '';
  return new ApiError(
    upload.status,
    of('Code') || String(upload.status),
    of('Message') || 'The server gave no reason.',
    undefined,
    of('RequestId') || undefined,
  );
}

/** The document of ListObjectsV2; its names are percent-encoded, because XML has no word for every character. */
function pageOf(xml: string): ObjectPage {
  const document = new DOMParser().parseFromString(xml, 'application/xml');
  const text = (parent: ParentNode, name: string) => parent.querySelector(name)?.textContent ?? '';
  return {
    folders: [...document.querySelectorAll('CommonPrefixes > Prefix')].map((prefix) =>
      decoded(prefix.textContent ?? ''),
    ),
    objects: [...document.querySelectorAll('Contents')].map((entry) => ({
      key: decoded(text(entry, 'Key')),
      bytes: Number(text(entry, 'Size')),
      modifiedAt: text(entry, 'LastModified'),
      eTag: text(entry, 'ETag').replace(/"/g, ''),
    })),
    next: text(document, 'NextContinuationToken') || null,
  };
}

function decoded(text: string): string {
  return decodeURIComponent(text.replace(/\+/g, ' '));
}

const shownHeaders = ['cache-control', 'content-disposition', 'content-encoding', 'content-language', 'expires'];

function headOf({ headers }: Response): ObjectHead {
  const metadata = [...headers]
    .filter(([name]) => name.startsWith('x-amz-meta-'))
    .map(([name, value]) => [name.slice('x-amz-meta-'.length), value]);
  return {
    bytes: Number(headers.get('content-length') ?? 0),
    contentType: headers.get('content-type') ?? '',
    eTag: (headers.get('etag') ?? '').replace(/"/g, ''),
    modifiedAt: headers.get('last-modified') ?? '',
    headers: Object.fromEntries(
      shownHeaders.flatMap((name) => (headers.get(name) ? [[name, headers.get(name)!]] : [])),
    ),
    metadata: Object.fromEntries(metadata) as Record<string, string>,
  };
}
