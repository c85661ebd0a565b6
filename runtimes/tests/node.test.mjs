// What is particular to the Node.js shim.

import assert from 'node:assert/strict';
import path from 'node:path';
import { describe, test } from 'node:test';
import { Kind, STREAM_WINDOW_BYTES, frame } from './fakeHost.mjs';
import {
  REQUEST_ID, TIME, assertMatches, callOnce, here, initError, sendBody, withEnvironment,
} from './harness.mjs';

describe('node', { concurrency: 2 }, () => {
  const table = {
    syncValue: [{ a: 5 }, { returned: 5 }],
    syncNothing: [{}, null],
    nothing: [{}, null],
    text: [{}, 'plain "text"'],
    callback: [{}, 'called back'],
    succeedLater: [{}, 'succeeded'],
    neverEnds: [{}, null],
  };
  for (const [name, [event, expected]] of Object.entries(table)) {
    test(`Handler_style_is_answered: ${name}`, async () => {
      const answer = await callOnce('node', name, event);
      assert.equal(answer.kind, Kind.RESPONSE);
      assert.deepEqual(answer.json, expected);
    });
  }

  test('Callback_waits_for_the_event_loop_unless_told_not_to', async () => {
    await withEnvironment('node', 'callbackWaits', {}, async (host) => {
      const started = performance.now();
      await host.invoke({ waits: true });
      assert.ok(performance.now() - started >= 19);
      assert.equal((await host.invoke({ waits: false })).json, 'x');
    });
  });

  for (const [handler, settings, expected] of [
    ['src/deep/app.handlers.main', {}, { module: true, event: {} }],
    ['typed/index.handler', {}, 'undefined'],
    ['common.handler', { variables: { NODE_PATH: path.join(here, 'node/layer') } }, 'from a layer'],
  ]) {
    test(`Handler_is_found: ${handler}`, async () => {
      assert.deepEqual((await callOnce('node', '', {}, { handler, ...settings })).json, expected);
    });
  }

  for (const [handler, type, message] of [
    ['missing.handler', 'Runtime.ImportModuleError', /^Error: Cannot find module 'missing'/],
    ['missingModule.handler', 'Runtime.ImportModuleError', /^Error: Cannot find module 'does-not-exist'/],
    ['syntaxError.handler', 'Runtime.UserCodeSyntaxError', /^SyntaxError: Unexpected end of input/],
    ['throwsAtLoad.handler', 'RangeError', /^while loading$/],
    ['index.absent', 'Runtime.HandlerNotFound', /^index\.absent is undefined or not exported$/],
    ['index.notAFunction', 'Runtime.HandlerNotFound', /^index\.notAFunction is not a function$/],
    ['index', 'Runtime.MalformedHandlerName', /^Bad handler$/],
    ['../index.handler', 'Runtime.MalformedHandlerName', /is not a valid handler name/],
  ]) {
    test(`Init_error_is_named: ${handler}`, async () => {
      const { error, log } = await initError('node', handler);
      assert.equal(error.errorType, type);
      assert.match(error.errorMessage, message);
      assert.ok(error.trace.length > 1);
      assertMatches(log, `^${TIME}\tundefined\tERROR\tUncaught Exception \t\\{"errorType":"${type}"`);
    });
  }

  for (const [name, expected] of Object.entries({
    throws: { errorType: 'CustomError', errorMessage: 'it broke' },
    throwsNow: { errorType: 'CustomError', errorMessage: 'at once' },
    throwsText: { errorType: 'string', errorMessage: 'only text' },
    throwsNothing: { errorType: 'string', errorMessage: 'handled' },
    failLater: { errorType: 'string', errorMessage: 'handled' },
    callbackError: { errorType: 'TypeError', errorMessage: 'by callback' },
    callbackText: { errorType: 'string', errorMessage: 'just text' },
    circular: { errorType: 'Error', errorMessage: 'Unable to stringify response body' },
    bigInt: { errorType: 'Error', errorMessage: 'Unable to stringify response body' },
    streamFailsEarly: { errorType: 'CustomError', errorMessage: 'early' },
    streamSync: { errorType: 'string', errorMessage: 'Streaming does not support non-async handlers.' },
  })) {
    test(`Error_has_AWS_shape: ${name}`, async () => {
      const answer = await callOnce('node', name);
      assert.equal(answer.kind, Kind.ERROR);
      const { trace, ...rest } = answer.json;
      assert.deepEqual(rest, expected);
      assert.ok(Array.isArray(trace));
      assertMatches(answer.log, `^${TIME}\t${REQUEST_ID}\tERROR\tInvoke Error \t\\{`);
    });
  }

  for (const [name, type, message] of [
    ['rejects', 'Runtime.UnhandledPromiseRejection', 'Error: nobody caught this'],
    ['crashes', 'CustomError', 'from a timer'],
  ]) {
    test(`Uncaught_error_ends_every_call_and_the_process: ${name}`, async () => {
      await withEnvironment('node', name, { concurrency: 3 }, async (host) => {
        const answers = await Promise.all([host.invoke({}), host.invoke({}), host.invoke({ now: true })]);
        for (const { kind, json } of answers) {
          assert.equal(kind, Kind.ERROR);
          assert.deepEqual([json.errorType, json.errorMessage], [type, message]);
        }
        assert.equal(await host.exited, 1);
      });
    });
  }

  test('Context_has_AWS_members', async () => {
    const { json } = await callOnce('node', 'context', {}, {}, {
      clientContext: '{"custom":{"k":"ü"}}', trace: 'Root=1-a', deadline: Date.now() + 60_000,
    });
    assert.ok(json.remaining > 0 && json.remaining <= 60_000);
    delete json.remaining;
    assert.deepEqual(json, {
      callbackWaitsForEmptyEventLoop: true, functionVersion: '$LATEST', functionName: 'hello', memoryLimitInMB: '128',
      logGroupName: '/aws/lambda/hello', logStreamName: '2026/11/21/[$LATEST]0123456789abcdef',
      clientContext: { custom: { k: 'ü' } }, awsRequestId: REQUEST_ID,
      invokedFunctionArn: 'arn:aws:lambda:us-east-1:000000000000:function:hello',
      table: 'orders', trace: 'Root=1-a', folder: path.join(here, 'node'),
    });
    const refused = await callOnce('node', 'context', {}, {}, { clientContext: '{' });
    assert.match(refused.json.errorMessage, /^Cannot parse ClientContext as json: SyntaxError/);
  });

  test('Console_and_standard_output_become_log_of_the_call', async () => {
    const text = await callOnce('node', 'logs');
    assertMatches(text.log, `^${TIME}\t${REQUEST_ID}\tINFO\tan object \\{"a":1\\}\n`,
      `\n${TIME}\t${REQUEST_ID}\tERROR\tError: logged\n    at `, '\nraw line\nno newline\n$');
    const json = (await callOnce('node', 'logsJson', {}, { logFormat: 'JSON' })).log.trim().split('\n').map(JSON.parse);
    assert.deepEqual(json.map(({ timestamp, ...line }) => line), [
      { level: 'INFO', requestId: REQUEST_ID, message: { order: 7 } },
      { level: 'WARN', requestId: REQUEST_ID, message: 'text 1' },
    ]);
    const quiet = await callOnce('node', 'logs', {}, { variables: { AWS_LAMBDA_LOG_LEVEL: 'ERROR' } });
    assert.ok(!quiet.log.includes('INFO') && quiet.log.includes('ERROR'));
    const long = await callOnce('node', 'longLine', { characters: 400_000 });
    assert.equal(long.log.replaceAll('\n', '').split('\t')[3], 'é'.repeat(400_000));
  });

  test('Stream_sends_prelude_chunks_and_end', async () => {
    const plain = await callOnce('node', 'stream');
    assert.deepEqual(plain.frames.map(({ kind }) => kind), [
      Kind.STREAM_START, Kind.STREAM_CHUNK, Kind.STREAM_CHUNK, Kind.STREAM_CHUNK, Kind.STREAM_END,
    ]);
    assert.equal(plain.frames.map(({ text }) => text).join(''), 'first,{"json":true},last');
    const http = await callOnce('node', 'streamHttp');
    assert.deepEqual(JSON.parse(http.frames[0].text), { statusCode: 201, headers: { 'x-a': 'b' }, cookies: ['c=d'] });
    const type = await callOnce('node', 'streamPipeline', { chunks: 1 });
    assert.deepEqual(JSON.parse(type.frames[0].text), { headers: { 'content-type': 'text/plain' } });
  });

  test('Stream_waits_for_a_host_that_reads_slowly', async () => {
    await withEnvironment('node', 'streamPipeline', {}, async (host) => {
      host.socket.pause();
      const call = host.invoke({ chunks: 200 });
      await new Promise((resolve) => setTimeout(resolve, 100));
      host.socket.resume();
      const answer = await call;
      const body = answer.frames.filter(({ kind }) => kind === Kind.STREAM_CHUNK).map(({ text }) => text.length);
      assert.equal(body.reduce((sum, length) => sum + length, 0), 20_000_000);
      assert.ok(Number(/peak (\d+)/.exec(answer.log)[1]) <= 200_000);
    });
  });

  for (const [name, type] of [['streamFailsLate', 'CustomError'], ['streamForgets', 'string']]) {
    test(`Stream_that_breaks_off_ends_with_its_error: ${name}`, async () => {
      const answer = await callOnce('node', name);
      assert.equal(answer.kind, Kind.STREAM_END);
      assert.equal(answer.json.errorType, type);
      assert.equal(answer.frames[1].text, 'half');
    });
  }

  test('Cancel_aborts_the_signal_and_discards_what_is_streamed', async () => {
    await withEnvironment('node', 'aborted', {}, async (host) => {
      const call = host.invoke({});
      host.socket.write(frame(Kind.CANCEL, call.callId));
      assert.equal((await call).json, 'aborted');
    });
  });

  test('Stream_stops_at_the_window_until_the_host_takes_more', async () => {
    await withEnvironment('node', 'streamOrEcho', { concurrency: 2 }, async (host) => {
      host.takesChunks = false;
      const call = host.invoke({ chunks: 20 });
      await host.until(() => host.streamed(call.callId) >= STREAM_WINDOW_BYTES);
      const other = await host.invoke({ a: 1 });
      assert.equal(other.frames.map(({ text }) => text).join(''), '{"a":1}');
      assert.equal(host.streamed(call.callId), STREAM_WINDOW_BYTES);
      host.takesChunks = true;
      host.widen(call.callId, STREAM_WINDOW_BYTES);
      const answer = await call;
      assert.equal(answer.kind, Kind.STREAM_END);
      assert.equal(host.streamed(call.callId), 2_000_000);
    });
  });

  test('Stream_alone_in_its_environment_waits_for_the_window', async () => {
    await withEnvironment('node', 'streamOrEcho', {}, async (host) => {
      host.takesChunks = false;
      const call = host.invoke({ chunks: 3 });
      await host.until(() => host.streamed(call.callId) === STREAM_WINDOW_BYTES);
      host.widen(call.callId, STREAM_WINDOW_BYTES);
      assert.equal((await call).text, '');
      assert.equal(host.streamed(call.callId), 300_000);
      assert.equal((await host.invoke({ b: 2 })).kind, Kind.STREAM_END);
    });
  });

  test('Cancel_frees_a_stream_that_waits_for_the_window', async () => {
    await withEnvironment('node', 'streamOrEcho', {}, async (host) => {
      host.takesChunks = false;
      const call = host.invoke({ chunks: 1_000_000 });
      await host.until(() => host.streamed(call.callId) === STREAM_WINDOW_BYTES);
      host.socket.write(frame(Kind.CANCEL, call.callId));
      assert.equal((await call).kind, Kind.STREAM_END);
      assert.equal(host.streamed(call.callId), STREAM_WINDOW_BYTES);
    });
  });

  test('Body_is_read_as_it_comes_and_its_window_is_given_back', async () => {
    await withEnvironment('node', 'hashBody', {}, async (host) => {
      const call = host.invoke({}, { bodyFollows: true });
      const { bytes, sha256 } = await sendBody(host, call.callId, 3_000_000);
      assert.deepEqual((await call).json, { bytes, sha256, listed: false });
    });
  });

  test('Body_that_breaks_off_fails_its_reader', async () => {
    await withEnvironment('node', 'hashBody', {}, async (host) => {
      const call = host.invoke({}, { bodyFollows: true });
      host.socket.write(frame(Kind.BODY_CHUNK, call.callId, 'half'));
      host.socket.write(frame(Kind.BODY_END, call.callId, 'It broke off.'));
      assert.equal((await call).json.errorMessage, 'It broke off.');
    });
  });

  test('Body_that_nobody_reads_to_its_end_ends_with_the_call', async () => {
    await withEnvironment('node', 'firstOfBody', {}, async (host) => {
      for (let round = 0; round < 2; round++) {
        const call = host.invoke({}, { bodyFollows: true });
        host.socket.write(frame(Kind.BODY_CHUNK, call.callId, 'part'));
        assert.equal((await call).json, 4);
        host.socket.write(frame(Kind.BODY_CHUNK, call.callId, 'late'));
      }
    });
    assert.equal((await callOnce('node', 'noBody')).json, true);
  });
});
