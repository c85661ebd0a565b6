// Manages event source mappings with the unmodified @aws-sdk: node mappings.mjs FUNCTION QUEUE.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';

const [FunctionName, queue] = process.argv.slice(2);
const require = createRequire(`${process.env.CLIENT_MODULES}/package.json`);
const sdk = require('@aws-sdk/client-lambda');
const lambda = new sdk.LambdaClient({ maxAttempts: 1 });
const call = (operation, input) => lambda.send(new sdk[`${operation}Command`](input));
const EventSourceArn = `arn:aws:sqs:us-east-1:000000000000:${queue}`;

async function refused(promise, name, pattern) {
  const error = await promise.then(
    () => assert.fail(`${name} was expected`),
    (failure) => failure,
  );
  assert.equal(error.name, name, error.message);
  assert.match(error.message, pattern);
}

async function until(UUID, State) {
  for (let tries = 0; tries < 200; tries++) {
    const mapping = await call('GetEventSourceMapping', { UUID });
    if (mapping.State === State) return mapping;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  assert.fail(`the mapping never became ${State}`);
}

const created = await call('CreateEventSourceMapping', { FunctionName, EventSourceArn });
assert.equal(created.State, 'Creating');
assert.ok(created.LastModified instanceof Date);
assert.ok(Math.abs(created.LastModified - Date.now()) < 60_000);
const { UUID } = created;
await until(UUID, 'Enabled');
await refused(
  call('CreateEventSourceMapping', { FunctionName, EventSourceArn }),
  'ResourceConflictException',
  new RegExp(`existing mapping with UUID ${UUID}`),
);
await refused(
  call('CreateEventSourceMapping', { FunctionName: 'missing', EventSourceArn }),
  'InvalidParameterValueException',
  /^Function does not exist$/,
);
await refused(
  call('UpdateEventSourceMapping', { UUID, BatchSize: 11 }),
  'InvalidParameterValueException',
  /^Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than 10$/,
);
const updated = await call('UpdateEventSourceMapping', {
  UUID,
  Enabled: false,
  ScalingConfig: { MaximumConcurrency: 3 },
});
assert.equal(updated.State, 'Disabling');
assert.equal((await until(UUID, 'Disabled')).ScalingConfig.MaximumConcurrency, 3);
const pages = sdk.paginateListEventSourceMappings({ client: lambda, pageSize: 1 }, { EventSourceArn });
const listed = [];
for await (const page of pages) listed.push(...page.EventSourceMappings);
assert.deepEqual(listed.map((mapping) => mapping.UUID), [UUID]);
assert.equal((await call('DeleteEventSourceMapping', { UUID })).State, 'Deleting');
await refused(
  call('GetEventSourceMapping', { UUID: `${UUID.slice(0, -1)}z` }),
  'ResourceNotFoundException',
  /does not exist/,
);
console.log('passed mappings');
