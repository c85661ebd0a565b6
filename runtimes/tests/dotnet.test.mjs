// What is particular to the .NET shim.

import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { Kind, frame } from './fakeHost.mjs';
import {
  REQUEST_ID, TIME, assertMatches, buildDotnet, callOnce, inDotnet, initError, withEnvironment,
} from './harness.mjs';

before(buildDotnet);

describe('dotnet', { concurrency: 2 }, () => {
  for (const [method, event, expected] of [
    ['Poco', { NAME: 'n', count: '2' }, { name: 'n', count: 3 }],
    ['Node', { a: [1] }, [1]],
    ['Text', 'in', 'in!'],
    ['Text', { a: 1 }, '{"a":1}!'],
    ['Streams', { s: 1 }, { s: 1 }],
    ['Bytes', { b: 1 }, { b: 1 }],
    ['Nothing', {}, null],
    ['NothingAsync', {}, null],
    ['PocoAsync', { name: 'é', count: 1 }, { name: 'é', count: 1 }],
    ['ValueAsync', {}, 7],
    ['ValueNothing', {}, null],
    ['Shouts', 'loud', 'LOUD'],
    ['Blocks', 1, 1],
  ]) {
    test(`Handler_signature_is_served: ${method} ${JSON.stringify(event)}`, async () => {
      for (const concurrency of [1, 2]) {
        const answer = await callOnce('dotnet', '', event, { handler: inDotnet(method), concurrency });
        assert.equal(answer.kind, Kind.RESPONSE, answer.text);
        assert.deepEqual(answer.json, expected);
      }
    });
  }

  test('One_instance_serves_all_calls', async () => {
    for (const handler of [inDotnet('Counts'), 'Functions::Functions.ValueHandler::Run']) {
      await withEnvironment('dotnet', '', { handler }, async (host) => {
        assert.deepEqual([(await host.invoke({})).json, (await host.invoke({})).json], [1, 2]);
      });
    }
  });

  const invalid = 'LambdaValidationException';
  for (const [handler, type, message] of [
    ['', invalid, /^Empty lambda function handler\./],
    ['Functions', invalid, /names an assembly to be run as a program/],
    ['A::B', invalid, /^Invalid lambda function handler: 'A::B'\./],
    ['A::::C', invalid, /the type is missing/],
    ['Absent::B::C', invalid, /^Could not find the specified handler assembly with the file name 'Absent\.dll'/],
    ['Functions::Functions.Absent::C', invalid,
      /^Unable to load type 'Functions\.Absent' from assembly 'Functions'\.$/],
    [inDotnet('Absent'), invalid, /^Unable to find method 'Absent'/],
    [inDotnet('Overloaded'), invalid, /appears to have a number of overloads/],
    [inDotnet('TooMany'), invalid, /the method has more than 2 parameters/],
    [inDotnet('NoContext'), invalid, /the second parameter is not of type/],
    [inDotnet('AsyncVoid'), invalid, /'async void' method/],
    ['Functions::Functions.FailingConstructor::Run', 'InvalidOperationException', /^no instance$/],
  ]) {
    test(`Init_error_is_named: ${handler}`, async () => {
      const { error, log } = await initError('dotnet', handler);
      assert.equal(error.errorType, type);
      assert.match(error.errorMessage, message);
      assertMatches(log, `^${TIME}\t\tfail\t`);
    });
  }

  for (const [method, expected] of [
    ['Throws', {
      errorType: 'ArgumentException', errorMessage: 'bad argument',
      cause: { errorType: 'InvalidOperationException', errorMessage: 'the cause' },
    }],
    ['ThrowsAsync', { errorType: 'TimeoutException', errorMessage: 'too late' }],
  ]) {
    test(`Error_has_AWS_shape: ${method}`, async () => {
      const { kind, json, log } = await callOnce('dotnet', '', {}, { handler: inDotnet(method) });
      assert.equal(kind, Kind.ERROR);
      assert.equal(json.stackTrace.length, 1, json.stackTrace.join('\n'));
      assert.match(json.stackTrace[0], /^at Functions\.Handlers\./);
      delete json.stackTrace;
      assert.deepEqual(json, expected);
      assertMatches(log, `^${TIME}\t${REQUEST_ID}\tfail\tSystem.${expected.errorType}: ${expected.errorMessage}`);
    });
  }

  test('Event_that_does_not_fit_the_parameter_is_an_error_of_the_call', async () => {
    const { kind, json } = await callOnce('dotnet', '', { count: 'many' }, { handler: inDotnet('Poco') });
    assert.deepEqual([kind, json.errorType], [Kind.ERROR, 'JsonException']);
  });

  test('Exception_on_another_thread_ends_every_call_and_the_process', async () => {
    await withEnvironment('dotnet', '', { handler: inDotnet('Crash'), concurrency: 2 }, async (host) => {
      const { kind, json } = await host.invoke({});
      assert.deepEqual([kind, json.errorType], [Kind.ERROR, 'InvalidOperationException']);
      assert.equal(await host.exited, 1);
    });
  });

  test('Context_of_AWS_is_supplied_with_its_logger', async () => {
    const { json, log } = await callOnce('dotnet', '', {}, { handler: inDotnet('AwsContext') }, {
      clientContext: '{"client":{"app_title":"T"},"custom":{"k":"v"}}', deadline: Date.now() + 60_000,
    });
    assert.deepEqual(json, {
      awsRequestId: REQUEST_ID, functionName: 'hello', functionVersion: '$LATEST', memoryLimitInMB: 128,
      invokedFunctionArn: 'arn:aws:lambda:us-east-1:000000000000:function:hello', logGroupName: '/aws/lambda/hello',
      logStreamName: '2026/11/21/[$LATEST]0123456789abcdef', remaining: true, identity: null, title: 'T', custom: 'v',
      table: 'orders', socket: null,
    });
    const lines = log.split('\n').map((line) => line.replace(new RegExp(`^${TIME}\t${REQUEST_ID}\t`), ''));
    assert.deepEqual(lines, ['info\ta line', 'info\tsome information', 'warn\tAnn has 2.0', 'fail\tit failed',
      'System.InvalidOperationException: inner', 'raw', '']);
  });

  test('Context_of_our_own_is_supplied_and_cancelled', async () => {
    const { json, log } = await callOnce('dotnet', '', {}, { handler: inDotnet('OwnContext') }, { trace: 'Root=1-a' });
    assert.deepEqual(json, {
      requestId: REQUEST_ID, memoryMegabytes: 128, traceHeader: 'Root=1-a', clientContext: null,
    });
    assertMatches(log, `^${TIME}\t${REQUEST_ID}\tinfo\tfrom our own\n$`);
    for (const concurrency of [1, 8]) {
      await withEnvironment('dotnet', '', { handler: inDotnet('WaitsForCancel'), concurrency }, async (host) => {
        const call = host.invoke({});
        host.socket.write(frame(Kind.CANCEL, call.callId));
        assert.equal((await call).json, 'cancelled');
      });
    }
  });

  test('Console_becomes_log_of_the_call', async () => {
    const { log } = await callOnce('dotnet', '', {}, { handler: inDotnet('Console2') });
    const lines = log.split('\n').map((line) => line.replace(new RegExp(`^${TIME}\t${REQUEST_ID}\t`), ''));
    assert.deepEqual(lines, ['info\tline 1', 'info\tpart of a line', 'fail\tto error', 'no newline', '']);
    const json = await callOnce('dotnet', '', {}, { handler: inDotnet('Console2'), logFormat: 'JSON' });
    const first = JSON.parse(json.log.split('\n')[0]);
    delete first.timestamp;
    assert.deepEqual(first, { level: 'Information', requestId: REQUEST_ID, message: 'line 1' });
  });

  test('Host_that_goes_ends_a_blocked_handler', async () => {
    await withEnvironment('dotnet', '', { handler: inDotnet('BlocksForever') }, async (host) => {
      host.invoke({}).catch(() => {});
      host.socket.end();
      assert.equal(await host.exited, 0);
    });
  });
});
