// Names of buckets and objects, and how an object can be shown.

const bucketRule = /^[a-z0-9](?:[a-z0-9.-]{1,61})[a-z0-9]$/;

/** What is wrong with a bucket's name, or null. The server has the last word. */
export function wrongBucketName(name: string): string | null {
  if (!bucketRule.test(name))
    return '3 to 63 lower-case letters, digits, dots and hyphens, with a letter or digit at both ends.';
  if (name.includes('..') || name.includes('.-') || name.includes('-.'))
    return 'A dot must stand between letters or digits.';
  return /^\d{1,3}(\.\d{1,3}){3}$/.test(name) ? 'It must not look like an IP address.' : null;
}

export interface PrefixStep {
  label: string;
  prefix: string;
}

/** "a/b/" as the steps that lead there. */
export function stepsOf(prefix: string): PrefixStep[] {
  const steps: PrefixStep[] = [];
  let at = 0;
  for (let slash = prefix.indexOf('/'); slash >= 0; slash = prefix.indexOf('/', at)) {
    steps.push({ label: prefix.slice(at, slash) || '(empty)', prefix: prefix.slice(0, slash + 1) });
    at = slash + 1;
  }
  return steps;
}

/** The name within its folder. */
export function lastPart(key: string): string {
  const trimmed = key.endsWith('/') ? key.slice(0, -1) : key;
  return key.slice(trimmed.lastIndexOf('/') + 1);
}

export type Preview = 'json' | 'text' | 'image' | 'none';

/** Pictures that browsers draw without running anything; an SVG is shown as its text. */
const images = ['image/png', 'image/jpeg', 'image/gif', 'image/webp', 'image/avif', 'image/bmp'];

/** How an object is looked at, by its type, or where that says nothing by its bytes. */
export function previewOf(contentType: string, content: Uint8Array): Preview {
  const type = contentType.split(';')[0]!.trim().toLowerCase();
  if (images.includes(type)) return 'image';
  const text = decodeText(content);
  if (text === null) return 'none';
  return type.endsWith('json') || /^\s*[[{]/.test(text) ? 'json' : 'text';
}

/** The bytes as text, or null when they are none. */
export function decodeText(content: Uint8Array): string | null {
  if (content.includes(0)) return null;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(content);
  } catch {
    return null;
  }
}
