// Streamed bodies in the .NET shim: with handlers that block the thread that calls them, and asynchronous ones.

import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { Kind, STREAM_WINDOW_BYTES, frame } from './fakeHost.mjs';
import { assertMatches, buildDotnet, callOnce, sendBody, withEnvironment } from './harness.mjs';

const inStreams = (method) => `Functions::Functions.StreamHandlers::${method}`;
const call = (method, settings = {}) => callOnce('dotnet', '', {}, { handler: inStreams(method), ...settings });
const withHandler = (method, concurrency, body) => withEnvironment(
  'dotnet', '', { handler: inStreams(method), concurrency }, body);
const text = ({ frames }) => frames.filter(({ kind }) => kind === Kind.STREAM_CHUNK)
  .map((chunk) => chunk.text).join('');

before(buildDotnet);

describe('dotnet streams', { concurrency: 2 }, () => {
  test('Stream_sends_prelude_chunks_and_end', async () => {
    const { frames } = await call('Http');
    assert.deepEqual(frames.map(({ kind }) => kind),
      [Kind.STREAM_START, Kind.STREAM_CHUNK, Kind.STREAM_CHUNK, Kind.STREAM_END]);
    assert.deepEqual(JSON.parse(frames[0].text), { statusCode: 201, headers: { 'x-a': 'b' }, cookies: ['c=d'] });
    for (const [method, prelude] of [['Flushes', ''], ['WritesNothing', '{"statusCode":204}']]) {
      const answer = await call(method);
      assert.deepEqual(answer.frames.map(({ kind }) => kind), [Kind.STREAM_START, Kind.STREAM_END]);
      assert.equal(answer.frames[0].text, prelude);
    }
  });

  for (const method of ['Writes', 'WritesAsync', 'WritesElsewhere']) {
    for (const concurrency of [1, 2]) {
      test(`Stream_stops_at_the_window_until_the_host_takes_more: ${method} ${concurrency}`, async () => {
        await withHandler(method, concurrency, async (host) => {
          host.takesChunks = false;
          const answer = host.invoke({ chunks: 20 });
          await host.until(() => host.streamed(answer.callId) >= STREAM_WINDOW_BYTES);
          if (concurrency > 1) assert.equal(text(await host.invoke({ a: 1 })), '{"a":1}');
          assert.equal(host.streamed(answer.callId), STREAM_WINDOW_BYTES);
          host.takesChunks = true;
          host.widen(answer.callId, STREAM_WINDOW_BYTES);
          assert.deepEqual([(await answer).kind, (await answer).text], [Kind.STREAM_END, '']);
          assert.equal(host.streamed(answer.callId), 2_000_000);
          assert.equal(text(await host.invoke({ b: 2 })), '{"b":2}');
        });
      });

      test(`Cancel_frees_a_stream_that_waits_for_the_window: ${method} ${concurrency}`, async () => {
        await withHandler(method, concurrency, async (host) => {
          host.takesChunks = false;
          const answer = host.invoke({ chunks: 1_000_000 });
          await host.until(() => host.streamed(answer.callId) === STREAM_WINDOW_BYTES);
          host.socket.write(frame(Kind.CANCEL, answer.callId));
          assert.equal((await answer).kind, Kind.STREAM_END);
          assert.equal(host.streamed(answer.callId), STREAM_WINDOW_BYTES);
        });
      });
    }
  }

  test('Stream_that_fails_ends_with_its_error', async () => {
    const early = await call('FailsEarly');
    assert.deepEqual([early.kind, early.json.errorMessage, early.frames.length], [Kind.ERROR, 'early', 1]);
    const late = await call('FailsLateAsync');
    assert.deepEqual([late.kind, late.json.errorType, text(late)], [Kind.STREAM_END, 'TimeoutException', 'half']);
    const twice = await call('StartsTwice');
    assert.deepEqual([twice.kind, twice.json.errorType], [Kind.ERROR, 'InvalidOperationException']);
  });

  test('Result_beside_a_stream_is_ignored_with_a_warning', async () => {
    const answer = await call('Returns');
    assert.deepEqual([answer.kind, text(answer)], [Kind.STREAM_END, 'streamed']);
    assertMatches(answer.log, '\twarn\tThe handler has streamed its response');
  });

  test('Nothing_is_written_after_the_end', async () => {
    await withHandler('WritesTooLate', 1, async (host) => {
      const answer = await host.invoke({});
      assert.equal(answer.kind, Kind.STREAM_END);
      await host.until(() => /The call has ended/.test(host.log(0)));
      assert.equal(answer.frames.at(-1).kind, Kind.STREAM_END);
    });
  });

  for (const method of ['Hash', 'HashAsync']) {
    for (const concurrency of [1, 4]) {
      test(`Body_is_read_as_it_comes: ${method} ${concurrency}`, async () => {
        await withHandler(method, concurrency, async (host) => {
          for (let round = 0; round < 2; round++) {
            const answer = host.invoke({}, { bodyFollows: true });
            const { sha256 } = await sendBody(host, answer.callId, 3_000_000);
            assert.deepEqual((await answer).json, { sha256 });
          }
        });
      });

      test(`Body_that_breaks_off_fails_its_reader: ${method} ${concurrency}`, async () => {
        await withHandler(method, concurrency, async (host) => {
          const answer = host.invoke({}, { bodyFollows: true });
          host.socket.write(frame(Kind.BODY_CHUNK, answer.callId, 'half'));
          host.socket.write(frame(Kind.BODY_END, answer.callId, 'It broke off.'));
          const { errorType, errorMessage } = (await answer).json;
          assert.deepEqual([errorType, errorMessage], ['IOException', 'It broke off.']);
        });
      });
    }
  }

  test('Body_that_nobody_reads_to_its_end_ends_with_the_call', async () => {
    await withHandler('FirstOfBody', 1, async (host) => {
      for (let round = 0; round < 2; round++) {
        const answer = host.invoke({}, { bodyFollows: true });
        host.socket.write(frame(Kind.BODY_CHUNK, answer.callId, 'part'));
        assert.equal((await answer).json, 4);
        host.socket.write(frame(Kind.BODY_CHUNK, answer.callId, 'late'));
      }
    });
    assert.equal((await call('NoBody')).json, true);
  });

  test('Body_comes_back_while_it_is_sent', async () => {
    await withHandler('Echo', 1, async (host) => {
      const answer = host.invoke({}, { bodyFollows: true });
      const { bytes } = await sendBody(host, answer.callId, 3_000_000);
      assert.equal((await answer).kind, Kind.STREAM_END);
      assert.equal(host.streamed(answer.callId), bytes);
    });
  });
});
