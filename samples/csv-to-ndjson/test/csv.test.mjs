// node --test test/csv.test.mjs
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { Writable } from 'node:stream';
import test from 'node:test';
import { nameColumns, parseCsv, typed } from '../csv.mjs';

globalThis.awslambda = {
  streamifyResponse: (handler) => handler,
  HttpResponseStream: { from: (stream, prelude) => Object.assign(stream, { prelude }) },
};
const { handler } = await import('../index.mjs');

async function convert(event) {
  const chunks = [];
  const stream = new Writable({
    highWaterMark: 1000,
    write(chunk, _encoding, done) {
      chunks.push(chunk);
      setImmediate(done);
    },
  });
  const finished = new Promise((resolve) => stream.on('finish', resolve));
  await handler(event, stream, {});
  await finished;
  const lines = Buffer.concat(chunks).toString().trimEnd().split('\n').map((line) => JSON.parse(line));
  return { status: stream.prelude.statusCode, lines, writes: chunks.length };
}

const rows = (text, delimiter = ',') => [...parseCsv(text, delimiter)].map((row) => row.fields);

test('fields may be quoted and hold delimiters, line breaks and quotes', () => {
  assert.deepEqual(rows('a,"b,1"\r\n"c\n""d""",e\n'), [['a', 'b,1'], ['c\n"d"', 'e']]);
  assert.deepEqual(rows('a;;\n\n;b;', ';'), [['a', '', ''], ['', 'b', '']]);
});

test('a row knows the line it begins on', () => {
  assert.deepEqual([...parseCsv('a\n"b\nc"\nd', ',')].map((row) => row.line), [1, 2, 4]);
});

test('broken quotes are named by their line', () => {
  assert.throws(() => rows('a\n"b'), /Line 2/);
  assert.throws(() => rows('a\n"b"c'), /Line 2/);
});

test('columns get names, no two the same', () => {
  assert.deepEqual(nameColumns(['id', '', 'id ']), ['id', 'column2', 'id_2']);
});

test('values become what they are unless that would lose something', () => {
  assert.deepEqual(['', 'true', '12', '-0.5', '007', '1e5', '12345678901234567'].map(typed),
    [null, true, 12, -0.5, '007', '1e5', '12345678901234567']);
});

test('the sample event becomes one line for each row', async () => {
  const event = JSON.parse(fs.readFileSync(new URL('../event.json', import.meta.url)));
  const { status, lines } = await convert(event);
  assert.equal(status, 200);
  assert.equal(lines.length, 12);
  assert.equal(lines[4].remark, 'anemometer iced\nreplaced 06:25');
});

test('a large body is written in pieces that wait for the reader', async () => {
  const body = 'id,name\n' + Array.from({ length: 20000 }, (_, id) => `${id},"name, ${id}"`).join('\n');
  const { lines, writes } = await convert({ body: Buffer.from(body).toString('base64'), isBase64Encoded: true });
  assert.equal(lines.length, 20000);
  assert.ok(writes > 10);
});

test('a mistake before the first row is a status, a later one the last line', async () => {
  assert.equal((await convert({ body: '' })).status, 400);
  assert.equal((await convert({ body: 'a', queryStringParameters: { delimiter: '--' } })).status, 400);
  const { status, lines } = await convert({ body: 'a,b\n1,2\n3\n' });
  assert.equal(status, 200);
  assert.deepEqual(lines, [{ a: 1, b: 2 }, { error: 'Line 3 has 1 fields, the header has 2.' }]);
});
