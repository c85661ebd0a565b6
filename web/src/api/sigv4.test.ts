import { describe, expect, it } from 'vitest';
import { sign } from './sigv4';

// The worked example of AWS's documentation of the signing process (IAM, ListUsers).
describe('sign', () => {
  it('agrees with the example of the specification', () => {
    const headers = sign(
      {
        method: 'GET',
        path: '/',
        query: [
          ['Version', '2010-05-08'],
          ['Action', 'ListUsers'],
        ],
        headers: { host: 'iam.amazonaws.com', 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' },
        body: new Uint8Array(),
      },
      {
        service: 'iam',
        region: 'us-east-1',
        credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' },
        now: new Date(Date.UTC(2015, 7, 30, 12, 36, 0)),
      },
    );
    expect(headers['authorization']).toContain(
      'Signature=5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7',
    );
  });

  it('encodes each part of a path once more', () => {
    const credentials = { accessKeyId: 'A', secretAccessKey: 'B', sessionToken: 'T' };
    const scope = { service: 'lambda', region: 'us-east-1', credentials, now: new Date(0) };
    const request = { method: 'GET', query: [], headers: { host: 'h' }, body: new Uint8Array() };
    const plain = sign({ ...request, path: '/a:b' }, scope);
    const encoded = sign({ ...request, path: '/a%3Ab' }, scope);
    expect(plain['authorization']).not.toBe(encoded['authorization']);
    expect(plain['x-amz-security-token']).toBe('T');
  });
});
