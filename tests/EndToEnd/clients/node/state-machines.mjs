// Drives state machines with the unmodified @aws-sdk: node state-machines.mjs SCENARIO PREFIX.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';

const [scenario, prefix] = process.argv.slice(2);
const require = createRequire(`${process.env.CLIENT_MODULES}/package.json`);
const sdk = require('@aws-sdk/client-sfn');
const sfn = new sdk.SFNClient({ maxAttempts: 1, disableHostPrefix: true });
const call = (operation, input) => sfn.send(new sdk[`${operation}Command`](input));
const roleArn = 'arn:aws:iam::000000000000:role/workflows';
const text = (value) => JSON.stringify(value);
const pass = (Result) => text({ StartAt: 'A', States: { A: { Type: 'Pass', Result, End: true } } });

async function refused(promise, name, message) {
  const error = await promise.then(
    () => assert.fail(`${name} was expected`),
    (failure) => failure,
  );
  assert.equal(error.name, name, error.message);
  if (message !== undefined) assert.equal(error.message, message);
}

async function ended(executionArn) {
  for (;;) {
    const execution = await call('DescribeExecution', { executionArn });
    if (execution.status !== 'RUNNING') return execution;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

const scenarios = {
  async executions() {
    const definition = text({
      QueryLanguage: 'JSONata',
      StartAt: 'Double',
      States: {
        Double: {
          Type: 'Map',
          Items: '{% $states.input.numbers %}',
          ItemProcessor: {
            StartAt: 'Of',
            States: { Of: { Type: 'Pass', Output: '{% $states.input * 2 %}', End: true } },
          },
          Assign: { doubled: '{% $states.result %}' },
          Next: 'Wait',
        },
        Wait: { Type: 'Wait', Seconds: 1, Output: { doubled: '{% $doubled %}' }, End: true },
      },
    });
    const name = `${prefix}-double`;
    const { stateMachineArn, creationDate } = await call('CreateStateMachine', { name, definition, roleArn });
    assert.ok(Math.abs(creationDate.getTime() - Date.now()) < 60_000);
    const input = text({ numbers: [1, 2, 3] });
    const { executionArn } = await call('StartExecution', { stateMachineArn, name: 'one', input });
    await refused(
      call('StartExecution', { stateMachineArn, name: 'one', input: '{}' }),
      'ExecutionAlreadyExists',
      `Execution Already Exists: '${executionArn}'`,
    );
    const execution = await ended(executionArn);
    assert.equal(execution.status, 'SUCCEEDED', execution.cause);
    assert.deepEqual(JSON.parse(execution.output), { doubled: [2, 4, 6] });
    assert.ok(execution.stopDate - execution.startDate >= 1_000);
    const types = [];
    for await (const page of sdk.paginateGetExecutionHistory({ client: sfn, pageSize: 5 }, { executionArn })) {
      types.push(...page.events.map((event) => event.type));
    }
    assert.equal(types[0], 'ExecutionStarted');
    assert.equal(types.filter((type) => type === 'MapIterationSucceeded').length, 3);
    assert.equal(types.at(-1), 'ExecutionSucceeded');
    const { executions } = await call('ListExecutions', { stateMachineArn, statusFilter: 'SUCCEEDED' });
    assert.deepEqual(executions.map((listed) => listed.name), ['one']);
    await refused(call('RedriveExecution', { executionArn }), 'ExecutionNotRedrivable');
    await call('DeleteStateMachine', { stateMachineArn });
  },

  async versions() {
    const name = `${prefix}-versions`;
    const created = await call('CreateStateMachine', { name, definition: pass(1), roleArn, publish: true });
    const { stateMachineArn } = created;
    assert.equal(created.stateMachineVersionArn, `${stateMachineArn}:1`);
    const updated = await call('UpdateStateMachine', { stateMachineArn, definition: pass(2), publish: true });
    assert.equal(updated.stateMachineVersionArn, `${stateMachineArn}:2`);
    const routingConfiguration = [{ stateMachineVersionArn: `${stateMachineArn}:1`, weight: 100 }];
    const { stateMachineAliasArn } = await call('CreateStateMachineAlias', { name: 'live', routingConfiguration });
    const { executionArn } = await call('StartExecution', { stateMachineArn: stateMachineAliasArn });
    const execution = await ended(executionArn);
    assert.equal(execution.output, '1');
    assert.equal(execution.stateMachineAliasArn, stateMachineAliasArn);
    const [{ stateMachineVersionArn }] = routingConfiguration;
    await refused(call('DeleteStateMachineVersion', { stateMachineVersionArn }), 'ConflictException');
    const valid = await call('ValidateStateMachineDefinition', { definition: text({ StartAt: 'A' }) });
    assert.equal(valid.result, 'FAIL');
    assert.equal(valid.diagnostics[0].code, 'SCHEMA_VALIDATION_FAILED');
    const tried = await call('TestState', {
      definition: text({ Type: 'Pass', Parameters: { 'x.$': '$.a' }, Next: 'B' }),
      input: text({ a: 7 }),
      inspectionLevel: 'DEBUG',
    });
    assert.deepEqual([tried.status, tried.output, tried.nextState], ['SUCCEEDED', '{"x":7}', 'B']);
    assert.equal(tried.inspectionData.afterParameters, '{"x":7}');
    await call('DeleteStateMachine', { stateMachineArn });
  },

  async express() {
    const { stateMachineArn } = await call('CreateStateMachine', {
      name: `${prefix}-express`, definition: pass({ answer: 42 }), roleArn, type: 'EXPRESS',
    });
    const execution = await call('StartSyncExecution', { stateMachineArn, name: 'one' });
    assert.equal(execution.status, 'SUCCEEDED');
    assert.equal(execution.output, '{"answer":42}');
    assert.ok(execution.billingDetails.billedDurationInMilliseconds >= 100);
    await refused(
      call('DescribeExecution', { executionArn: execution.executionArn }),
      'InvalidArn',
      "Invalid Arn: 'Resource type not valid in this context: express'",
    );
  },
};

await scenarios[scenario]();
console.log(`passed ${scenario}`);
