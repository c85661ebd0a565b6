// node --test test/feed.test.mjs
import assert from 'node:assert/strict';
import test from 'node:test';
import { handler } from '../index.mjs';

const record = (messageId, body) => ({ messageId, body: typeof body === 'string' ? body : JSON.stringify(body) });

test('what is no scan is given back, the rest is done', async () => {
  const answer = await handler({
    Records: [
      record('good', { parcel: '1', step: 'sorted' }),
      record('text', 'sorted'),
      record('step', { parcel: '1', step: 'eaten' }),
      record('null', 'null'),
    ],
  });
  assert.deepEqual(answer.batchItemFailures.map((failure) => failure.itemIdentifier), ['text', 'step', 'null']);
});

test('without records it tells how many there were', async () => {
  const { seen } = await handler({});
  await handler({ Records: [record('a', { parcel: '2', step: 'delivered' })] });
  assert.equal((await handler({ report: true })).seen, seen + 1);
});
