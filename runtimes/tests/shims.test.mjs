// What every shim must do, driven over a socket as the host would, without a sandbox:
//   node --test runtimes/tests/*.test.mjs
// LAMBENT_TEST_NODE and LAMBENT_TEST_PYTHON choose other interpreters.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import { before, describe, test } from 'node:test';
import { FakeHost, Kind, RESPONSE_BYTES_MAX, frame, invokePayload } from './fakeHost.mjs';
import { buildDotnet, callOnce, runtimes, withEnvironment } from './harness.mjs';

before(buildDotnet);

for (const runtime of Object.keys(runtimes)) {
  describe(`every shim: ${runtime}`, { concurrency: 2 }, () => {
    test('Hello_names_protocol_runtime_and_version', async () => {
      await withEnvironment(runtime, 'echo', {}, async (host) => {
        assert.equal(host.hello.protocol, 1);
        assert.equal(host.hello.runtime, runtime);
        assert.match(host.hello.version, /^\d+\.\d+\.\d+/);
      });
    });

    test('Calls_one_after_another_are_answered_with_their_results', async () => {
      await withEnvironment(runtime, 'echo', {}, async (host) => {
        for (const event of [{ a: 1 }, [1, 'é€😀'], 'text', 12.5, null]) {
          const answer = await host.invoke(event);
          assert.equal(answer.kind, Kind.RESPONSE);
          assert.deepEqual(answer.json, event);
        }
        assert.deepEqual((await host.invoke(Buffer.alloc(0))).json, {}, 'no payload is an empty object');
      });
    });

    test('Event_and_result_of_six_megabytes_pass', async () => {
      const text = 'y'.repeat(6 * 1024 * 1024 - 100);
      assert.equal((await callOnce(runtime, 'length', { text })).json, text.length);
      const answer = await callOnce(runtime, 'large', { bytes: RESPONSE_BYTES_MAX });
      assert.equal(answer.kind, Kind.RESPONSE);
      assert.equal(answer.text.length, RESPONSE_BYTES_MAX);
    });

    test('Result_above_the_limit_becomes_an_error', async () => {
      await withEnvironment(runtime, 'large', {}, async (host) => {
        const answer = await host.invoke({ bytes: RESPONSE_BYTES_MAX + 3 });
        assert.equal(answer.kind, Kind.ERROR);
        assert.equal(answer.json.errorType, 'Function.ResponseSizeTooLarge');
        assert.equal(answer.json.errorMessage,
          'Response payload size exceeded maximum allowed payload size (6291556 bytes).');
        assert.equal((await host.invoke({ bytes: 10 })).kind, Kind.RESPONSE);
      });
    });

    test('Calls_64_at_a_time_keep_their_answers_and_logs_apart', async () => {
      await withEnvironment(runtime, 'attribution', { concurrency: 64 }, async (host) => {
        for (let round = 0; round < 2; round++) {
          const numbers = Array.from({ length: 64 }, (_, index) => round * 64 + index);
          await Promise.all(numbers.map(async (n) => {
            const answer = await host.invoke({ n }, { requestId: `request-${n}` });
            assert.equal(answer.json, n);
            const lines = answer.log.trimEnd().split('\n');
            assert.deepEqual(lines.map((line) => line.split('\t').at(-1)), [0, 1, 2].map((i) => `call ${n} line ${i}`));
            if (lines[0].includes('\t')) lines.forEach((line) => assert.match(line, new RegExp(`request-${n}\t`)));
          }));
        }
      });
    });

    test('Flood_of_log_is_slowed_to_what_the_host_reads_and_nothing_is_lost', { timeout: 60_000 }, async () => {
      await withEnvironment(runtime, 'flood', {}, async (host) => {
        const lines = 100_000;
        host.socket.pause();
        const call = host.invoke({ lines });
        await new Promise((resolve) => setTimeout(resolve, 300));
        const status = fs.readFileSync(`/proc/${host.process.pid}/status`, 'utf8');
        assert.ok(Number(/VmRSS:\s+(\d+)/.exec(status)[1]) < 300_000, 'an unread log does not pile up');
        host.socket.resume();
        assert.equal((await call).kind, Kind.RESPONSE);
        assert.equal(host.logBytes - host.log(0).length, lines * 1000);
      });
    });

    test('Log_beyond_the_limits_is_dropped_and_all_of_it_counted_before_the_answer', { timeout: 60_000 }, async () => {
      const limits = { logLinesPerSecond: 500, logBytesPerSecond: 100_000, logBytesBurst: 300_000 };
      await withEnvironment(runtime, 'flood', limits, async (host) => {
        const lines = 20_000;
        assert.equal((await host.invoke({ lines })).kind, Kind.RESPONSE);
        assert.ok(host.logBytes >= 300_000 && host.logBytes < 5_000_000, `${host.logBytes} bytes came`);
        const outside = host.log(0);
        assert.equal(host.logBytes - outside.length + host.droppedBytes, lines * 1000);
        assert.equal((host.logBytes - outside.length) / 1000 + host.droppedLines, lines);
      });
    });

    test('Error_that_ends_a_call_is_logged_although_the_limit_is_used_up', async () => {
      const limits = { logLinesPerSecond: 1, logBytesPerSecond: 1, logBytesBurst: 10 };
      await withEnvironment(runtime, 'floodThenFails', limits, async (host) => {
        const answer = await host.invoke({ lines: 100 });
        assert.equal(answer.kind, Kind.ERROR);
        assert.match(answer.log, /too much/);
        assert.ok(host.droppedLines >= 99, 'one line passes at most');
      });
    });

    test('Exit_in_a_handler_ends_the_process_with_its_status_and_keeps_the_log', async () => {
      await withEnvironment(runtime, 'exits', {}, async (host) => {
        const call = host.invoke({ status: 3 });
        call.catch(() => {});
        assert.equal(await host.exited, 3);
        await assert.rejects(call);
        assert.equal(host.log(call.callId), 'before the end\n');
      });
    });

    test('Closed_connection_or_Shutdown_ends_the_process_with_status_0', async () => {
      const idle = await FakeHost.start(runtime);
      assert.equal(await idle.stop(), 0);
      for (const bytes of [frame(Kind.SHUTDOWN, 0), null]) {
        await withEnvironment(runtime, runtime === 'node' ? 'neverEnds' : 'echo', {}, async (host) => {
          if (bytes === null) host.socket.destroy();
          else host.socket.write(bytes);
          assert.equal(await host.exited, 0);
          assert.equal(host.output, '');
        });
      }
    });

    test('Unknown_frames_and_Cancel_of_unknown_calls_are_skipped', async () => {
      await withEnvironment(runtime, 'echo', {}, async (host) => {
        host.socket.write(Buffer.concat([frame(0x7f, 9, Buffer.alloc(100_000)), frame(Kind.CANCEL, 77)]));
        assert.deepEqual((await host.invoke({ a: 1 })).json, { a: 1 });
      });
    });

    test('Frames_cut_anywhere_are_put_together', async () => {
      await withEnvironment(runtime, 'echo', {}, async (host) => {
        host.socket.setNoDelay();
        const bytes = frame(Kind.INVOKE, 5000, invokePayload({ cut: 'into pieces' }));
        for (let at = 0; at < bytes.length; at += 7) {
          host.socket.write(bytes.subarray(at, at + 7));
          await new Promise(setImmediate);
        }
        await host.until(() => host.frames.has(5000));
        assert.deepEqual(JSON.parse(host.frames.get(5000)[0].text), { cut: 'into pieces' });
      });
    });

    const headTooLong = Buffer.alloc(20, 0xff);
    const garbage = {
      'a length above 8 MiB': Buffer.from('ffffffff01000000000000000000', 'hex'),
      'Specialize that is no JSON': frame(Kind.SPECIALIZE, 0, '{"handler":'),
      'Specialize without members': frame(Kind.SPECIALIZE, 0, '[]'),
      'Invoke before Specialize': frame(Kind.INVOKE, 1, invokePayload({})),
      'an HTTP request': Buffer.from('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n'),
    };
    for (const [name, bytes] of Object.entries(garbage)) {
      test(`Garbage_ends_the_process_quietly: ${name}`, async () => {
        const host = await FakeHost.start(runtime);
        host.socket.write(bytes);
        assert.equal(await host.exited, 0);
        assert.equal(host.output, '');
        await host.stop();
      });
    }

    test('Invoke_with_a_broken_head_ends_the_process_quietly', async () => {
      await withEnvironment(runtime, 'echo', {}, async (host) => {
        host.socket.write(frame(Kind.INVOKE, 1, headTooLong));
        assert.equal(await host.exited, 0);
        assert.equal(host.output, '');
      });
    });
  });
}
