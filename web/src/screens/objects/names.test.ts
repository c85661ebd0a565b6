import { describe, expect, it } from 'vitest';
import { lastPart, previewOf, stepsOf, wrongBucketName } from './names';

const bytes = (text: string) => new TextEncoder().encode(text);

describe('names', () => {
  it.each(['reports', 'a.b-c', '0ab'])('takes the bucket %s', (name) => expect(wrongBucketName(name)).toBeNull());
  it.each(['ab', 'Reports', '-ab', 'a..b', '10.0.0.1', 'a_b'])('refuses the bucket %s', (name) =>
    expect(wrongBucketName(name)).not.toBeNull(),
  );

  it('has steps of a prefix, also of empty ones', () => {
    expect(stepsOf('2026/may/')).toEqual([
      { label: '2026', prefix: '2026/' },
      { label: 'may', prefix: '2026/may/' },
    ]);
    expect(stepsOf('/a/').map((step) => step.prefix)).toEqual(['/', '/a/']);
    expect(stepsOf('')).toEqual([]);
  });

  it('shortens keys to their last part', () => {
    expect([lastPart('a/b/c.txt'), lastPart('a/b/'), lastPart('c')]).toEqual(['c.txt', 'b/', 'c']);
  });
});

describe('a preview', () => {
  it('runs nothing: a picture is one of a browser, an SVG is text', () => {
    expect(previewOf('image/png', bytes('x'))).toBe('image');
    expect(previewOf('image/svg+xml', bytes('<svg/>'))).toBe('text');
    expect(previewOf('text/html', bytes('<b>'))).toBe('text');
  });

  it('follows the bytes where the type says nothing', () => {
    expect(previewOf('binary/octet-stream', bytes(' {"a":1}'))).toBe('json');
    expect(previewOf('', bytes('a,b\n1,2'))).toBe('text');
    expect(previewOf('text/plain', new Uint8Array([0, 1]))).toBe('none');
    expect(previewOf('', new Uint8Array([0xff, 0xfe]))).toBe('none');
  });
});
