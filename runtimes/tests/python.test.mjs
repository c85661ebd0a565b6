// What is particular to the Python shim.

import assert from 'node:assert/strict';
import path from 'node:path';
import { describe, test } from 'node:test';
import { FakeHost, Kind, STREAM_WINDOW_BYTES, frame } from './fakeHost.mjs';
import {
  REQUEST_ID, TIME, assertMatches, callOnce, here, initError, runtimes, sendBody, withEnvironment,
} from './harness.mjs';

describe('python', { concurrency: 2 }, () => {
  test('Module_state_lives_as_long_as_the_environment', async () => {
    await withEnvironment('python', 'counts', {}, async (host) => {
      assert.deepEqual([(await host.invoke({})).json, (await host.invoke({})).json], [1, 2]);
      assert.equal(host.log(0), 'while loading\n');
    });
  });

  for (const handler of ['package/inner/module.handler', 'package.inner.module.handler']) {
    test(`Handler_is_found: ${handler}`, async () => {
      assert.equal((await callOnce('python', '', {}, { handler })).json, 'package.inner.module');
    });
  }

  for (const [handler, type, message] of [
    ['missing.handler', 'Runtime.ImportModuleError', "Unable to import module 'missing': No module named 'missing'"],
    ['missing_module.handler', 'Runtime.ImportModuleError',
      "Unable to import module 'missing_module': No module named 'does_not_exist'"],
    ['functions.absent', 'Runtime.HandlerNotFound', "Handler 'absent' missing on module 'functions'"],
    ['functions', 'Runtime.MalformedHandlerName',
      "Bad handler 'functions': not enough values to unpack (expected 2, got 1)"],
    ['sys.exit', 'Runtime.BuiltInModuleConflict', 'Cannot use built-in module sys as a handler module'],
    ['throws_at_load.handler', 'ValueError', 'while loading'],
  ]) {
    test(`Init_error_is_named: ${handler}`, async () => {
      const { error, log } = await initError('python', handler);
      assert.deepEqual(Object.keys(error), ['errorMessage', 'errorType', 'requestId', 'stackTrace']);
      assert.deepEqual([error.errorType, error.errorMessage, error.requestId], [type, message, '']);
      assert.ok(log.includes(`[ERROR] ${type}: ${message}\nTraceback (most recent call last):\n`));
    });
  }

  test('Syntax_error_and_frames_are_shown_as_AWS_does', async () => {
    const syntax = await initError('python', 'syntax_error.handler');
    assert.equal(syntax.error.errorType, 'Runtime.UserCodeSyntaxError');
    assertMatches(syntax.error.errorMessage,
      "^Syntax error in module 'syntax_error': .*\\(syntax_error.py, line 1\\)$");
    assertMatches(syntax.error.stackTrace[0], '^  File ".*/syntax_error.py" Line 1\n    def handler');
    const loading = await initError('python', 'throws_at_load.handler');
    assertMatches(loading.error.stackTrace[0],
      '^  File ".*/throws_at_load.py", line 5, in <module>\n    load\\(\\)\n$');
  });

  test('Exit_while_loading_ends_the_process_with_its_status', async () => {
    const host = await FakeHost.start('python');
    await assert.rejects(host.specialize(runtimes.python.folder, 'exits_at_load.handler'));
    assert.equal(await host.exited, 7);
    await host.stop();
  });

  for (const [name, type, message, frames] of [
    ['throws', 'CustomError', 'it broke', 1],
    ['unserializable', 'Runtime.MarshalError',
      'Unable to marshal response: Object of type set is not JSON serializable', 0],
  ]) {
    test(`Error_has_AWS_shape: ${name}`, async () => {
      for (const concurrency of [1, 4]) {
        const { kind, json, log } = await callOnce('python', name, {}, { concurrency });
        assert.equal(kind, Kind.ERROR);
        assert.deepEqual([json.errorType, json.errorMessage, json.requestId], [type, message, REQUEST_ID]);
        assert.equal(json.stackTrace.length, frames);
        assert.ok(log.startsWith(`[ERROR] ${type}: ${message}\nTraceback (most recent call last):\n`));
      }
    });
  }

  test('Results_are_written_as_AWS_writes_them', async () => {
    assert.match((await callOnce('python', 'decimals')).text, /^\{"price": 1\.10, "text": "(é|\\u00e9)"\}$/);
    assert.equal((await callOnce('python', 'raw')).text, '\0raw');
    const invalid = await callOnce('python', 'echo', Buffer.from('{"a":'));
    assert.equal(invalid.json.errorType, 'Runtime.UnmarshalError');
    assert.match(invalid.json.errorMessage, /^Unable to unmarshal input: Expecting value/);
  });

  test('Context_has_AWS_members', async () => {
    const { json } = await callOnce('python', 'context', {}, {}, {
      clientContext: '{"custom":{"k":"v"},"client":{"app_title":"T"}}', trace: 'Root=1-a',
      deadline: Date.now() + 60_000,
    });
    assert.ok(json.remaining > 0 && json.remaining <= 60_000);
    delete json.remaining;
    assert.deepEqual(json, {
      aws_request_id: REQUEST_ID, function_name: 'hello', function_version: '$LATEST', memory_limit_in_mb: '128',
      invoked_function_arn: 'arn:aws:lambda:us-east-1:000000000000:function:hello',
      log_group_name: '/aws/lambda/hello', log_stream_name: '2026/11/21/[$LATEST]0123456789abcdef', identity: null,
      custom: { k: 'v' }, title: 'T', table: 'orders', socket: null, trace: 'Root=1-a',
      folder: path.join(here, 'python'),
    });
  });

  test('Print_and_logging_become_log_of_the_call', async () => {
    const { log } = await callOnce('python', 'logs');
    assertMatches(log, '^printed 1\nraw line\n', `\n\\[WARNING\\]\t${TIME}\t${REQUEST_ID}\twarned twice\n`,
      'to error\n', 'no newlinebytes\n$');
    assert.ok(!log.includes('not shown'));
    const json = JSON.parse((await callOnce('python', 'logs_json', {}, { logFormat: 'JSON' })).log);
    assertMatches(json.timestamp, `^${TIME}$`);
    delete json.timestamp;
    assert.deepEqual(json, { level: 'WARNING', message: 'text 1', logger: 'app', requestId: REQUEST_ID, order: 7 });
  });

  for (const concurrency of [1, 64]) {
    test(`Async_handler_runs_on_one_event_loop: ${concurrency}`, async () => {
      await withEnvironment('python', 'attribution_async', { concurrency }, async (host) => {
        await Promise.all(Array.from({ length: concurrency }, async (_, n) => {
          const { json, log } = await host.invoke({ n });
          assert.equal(json, n);
          assert.equal(log, `call ${n} line 0\ncall ${n} line 1\ncall ${n} line 2\n`);
        }));
      });
    });
  }

  for (const concurrency of [1, 4]) {
    test(`Exit_and_interrupt_end_the_process: ${concurrency}`, async () => {
      for (const [name, status] of [['exits', 5], ['interrupted', concurrency === 1 ? 'SIGINT' : 1]]) {
        await withEnvironment('python', name, { concurrency }, async (host) => {
          host.invoke({ status: 5 }).catch(() => {});
          assert.equal(await host.exited, status);
        });
      }
    });
  }

  test('Signal_handler_that_prints_in_the_middle_of_a_send_keeps_frames_whole', async () => {
    await withEnvironment('python', 'interrupted_by_signals', {}, async (host) => {
      host.socket.pause();
      const call = host.invoke({ lines: 2000 });
      await new Promise((resolve) => setTimeout(resolve, 50));
      host.socket.resume();
      const { log } = await call;
      assert.equal(log.split('x').length - 1, 2000 * 999);
      assert.ok(log.includes('from the signal handler'));
    });
  });

  test('Host_that_goes_ends_a_blocked_handler', async () => {
    await withEnvironment('python', 'blocks', {}, async (host) => {
      host.invoke({}).catch(() => {});
      host.socket.end();
      assert.equal(await host.exited, 0);
    });
  });

  test('Child_processes_write_to_the_process_and_not_into_the_conversation', async () => {
    await withEnvironment('python', 'child', {}, async (host) => {
      const { json, log } = await host.invoke({});
      assert.equal(json, 3);
      assert.equal(log, 'from the parent\n');
      assert.equal(host.output, 'from a program\nfrom the fork\n');
    });
  });

  for (const concurrency of [1, 2]) {
    test(`Stream_stops_at_the_window_until_the_host_takes_more: ${concurrency}`, async () => {
      await withEnvironment('python', 'stream_or_echo', { concurrency }, async (host) => {
        host.takesChunks = false;
        const call = host.invoke({ chunks: 20 });
        await host.until(() => host.streamed(call.callId) >= STREAM_WINDOW_BYTES);
        if (concurrency > 1) {
          const other = await host.invoke({ a: 1 });
          assert.deepEqual(other.frames.map(({ kind, text }) => [kind, text]), [
            [Kind.STREAM_START, '{"statusCode": 201, "headers": {"x-a": "b"}}'],
            [Kind.STREAM_CHUNK, '{"a": 1}'], [Kind.STREAM_END, ''],
          ]);
        }
        assert.equal(host.streamed(call.callId), STREAM_WINDOW_BYTES);
        host.takesChunks = true;
        host.widen(call.callId, STREAM_WINDOW_BYTES);
        assert.equal((await call).text, '');
        assert.equal(host.streamed(call.callId), 2_000_000);
      });
    });

    test(`Cancel_ends_a_generator_that_waits_for_the_window: ${concurrency}`, async () => {
      await withEnvironment('python', 'stream_or_echo', { concurrency }, async (host) => {
        host.takesChunks = false;
        const call = host.invoke({ chunks: 1_000_000 });
        await host.until(() => host.streamed(call.callId) === STREAM_WINDOW_BYTES);
        host.socket.write(frame(Kind.CANCEL, call.callId));
        const answer = await call;
        assert.equal(answer.kind, Kind.STREAM_END);
        assert.match(answer.log, /told/);
      });
    });

    for (const handler of ['hash_body', 'hash_body_in_thread']) {
      test(`Body_is_read_as_it_comes: ${handler} ${concurrency}`, async () => {
        await withEnvironment('python', handler, { concurrency }, async (host) => {
          for (let round = 0; round < 2; round++) {
            const call = host.invoke({}, { bodyFollows: true });
            assert.deepEqual((await sendBody(host, call.callId, 3_000_000)), (await call).json);
          }
        });
      });
    }

    test(`Body_that_breaks_off_fails_its_reader: ${concurrency}`, async () => {
      await withEnvironment('python', 'hash_body', { concurrency }, async (host) => {
        const call = host.invoke({}, { bodyFollows: true });
        host.socket.write(frame(Kind.BODY_CHUNK, call.callId, 'half'));
        host.socket.write(frame(Kind.BODY_END, call.callId, 'It broke off.'));
        assert.equal((await call).json.errorMessage, 'It broke off.');
      });
    });
  }

  test('Body_that_nobody_reads_to_its_end_ends_with_the_call', async () => {
    await withEnvironment('python', 'first_of_body', {}, async (host) => {
      for (let round = 0; round < 2; round++) {
        const call = host.invoke({}, { bodyFollows: true });
        host.socket.write(frame(Kind.BODY_CHUNK, call.callId, 'part'));
        assert.equal((await call).json, 4);
        host.socket.write(frame(Kind.BODY_CHUNK, call.callId, 'late'));
      }
    });
  });

  test('Generator_that_fails_ends_its_stream_with_the_error', async () => {
    const late = await callOnce('python', 'stream_fails');
    assert.equal(late.kind, Kind.STREAM_END);
    assert.equal(late.json.errorMessage, 'late');
    const early = await callOnce('python', 'stream_fails_early');
    assert.equal(early.kind, Kind.ERROR);
    const nothing = await callOnce('python', 'stream_nothing');
    assert.deepEqual(nothing.frames.map(({ kind }) => kind), [Kind.STREAM_START, Kind.STREAM_END]);
  });
});
