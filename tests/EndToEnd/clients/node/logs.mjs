// Drives logs with the unmodified @aws-sdk: node logs.mjs SCENARIO PREFIX [FUNCTION].
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';

const [scenario, prefix, func] = process.argv.slice(2);
const require = createRequire(`${process.env.CLIENT_MODULES}/package.json`);
const sdk = require('@aws-sdk/client-cloudwatch-logs');
const logs = new sdk.CloudWatchLogsClient({ maxAttempts: 1 });
const call = (operation, input) => logs.send(new sdk[`${operation}Command`](input));

async function refused(promise, name) {
  const error = await promise.then(
    () => assert.fail(`${name} was expected`),
    (failure) => failure,
  );
  assert.equal(error.name, name, error.message);
}

const scenarios = {
  async groups() {
    const logGroupName = `/${prefix}/groups`;
    const logStreamName = 'one';
    await call('CreateLogGroup', { logGroupName, tags: { team: 'a' } });
    await refused(call('CreateLogGroup', { logGroupName }), 'ResourceAlreadyExistsException');
    await call('PutRetentionPolicy', { logGroupName, retentionInDays: 7 });
    await call('CreateLogStream', { logGroupName, logStreamName });
    const timestamp = Date.now();
    const logEvents = Array.from({ length: 25 }, (_, n) => ({
      timestamp: timestamp + n,
      message: JSON.stringify({ n, level: n % 5 === 0 ? 'error' : 'info' }),
    }));
    await call('PutLogEvents', { logGroupName, logStreamName, logEvents });

    const messages = [];
    const pages = sdk.paginateFilterLogEvents(
      { client: logs, pageSize: 4 },
      { logGroupName, filterPattern: '{ $.level = "error" }' },
    );
    for await (const page of pages) messages.push(...page.events.map((event) => JSON.parse(event.message).n));
    assert.deepEqual(messages, [0, 5, 10, 15, 20]);

    const all = await call('GetLogEvents', { logGroupName, logStreamName, startFromHead: true, limit: 10 });
    assert.equal(all.events.length, 10);
    const next = await call('GetLogEvents', { logGroupName, logStreamName, nextToken: all.nextForwardToken });
    assert.equal(JSON.parse(next.events[0].message).n, 10);

    const [group] = (await call('DescribeLogGroups', { logGroupNamePrefix: logGroupName })).logGroups;
    assert.equal(group.retentionInDays, 7);
    const [stream] = (await call('DescribeLogStreams', { logGroupName })).logStreams;
    assert.equal(stream.firstEventTimestamp, timestamp);
    await call('DeleteLogGroup', { logGroupName });
    await refused(call('DescribeLogStreams', { logGroupName }), 'ResourceNotFoundException');
  },

  async tail() {
    // The client puts "streaming-" before the host's name; told so by the model and not to be told otherwise.
    const local = new sdk.CloudWatchLogsClient({ maxAttempts: 1, disableHostPrefix: true });
    const arn = `arn:aws:logs:us-east-1:000000000000:log-group:/aws/lambda/${func}`;
    const { responseStream } = await local.send(new sdk.StartLiveTailCommand({ logGroupIdentifiers: [arn] }));
    for await (const event of responseStream) {
      if (event.sessionStart) console.log('started');
      const found = event.sessionUpdate?.sessionResults.find((line) => line.message.includes('tail this'));
      if (found) {
        assert.equal(found.logGroupIdentifier.split(':').at(-1), `/aws/lambda/${func}`);
        break;
      }
    }
    local.destroy();
  },
};

await scenarios[scenario]();
console.log(`passed ${scenario}`);
process.exit(0);
