// Drives schedules with the unmodified @aws-sdk: node schedules.mjs SCENARIO PREFIX.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';

const [scenario, prefix] = process.argv.slice(2);
const require = createRequire(`${process.env.CLIENT_MODULES}/package.json`);
const sdk = require('@aws-sdk/client-scheduler');
const queues = require('@aws-sdk/client-sqs');
const scheduler = new sdk.SchedulerClient({ maxAttempts: 1 });
const sqs = new queues.SQSClient({ maxAttempts: 1 });
const call = (operation, input) => scheduler.send(new sdk[`${operation}Command`](input));
const RoleArn = 'arn:aws:iam::000000000000:role/scheduler';
const FlexibleTimeWindow = { Mode: 'OFF' };

async function refused(promise, name, message) {
  const error = await promise.then(
    () => assert.fail(`${name} was expected`),
    (failure) => failure,
  );
  assert.equal(error.name, name, error.message);
  if (message !== undefined) assert.equal(error.message, message);
}

const scenarios = {
  async lifecycle() {
    const Name = `${prefix}-life`;
    const StartDate = new Date('2031-01-01T00:00:00Z');
    const Target = { Arn: `arn:aws:sqs:us-east-1:000000000000:${prefix}-none`, RoleArn, Input: 'x' };
    const input = { Name, ScheduleExpression: 'rate(1 day)', FlexibleTimeWindow, Target, StartDate };
    const { ScheduleArn } = await call('CreateSchedule', input);
    assert.equal(ScheduleArn, `arn:aws:scheduler:us-east-1:000000000000:schedule/default/${Name}`);
    await refused(call('CreateSchedule', input), 'ConflictException', `Schedule ${Name} already exists.`);
    const read = await call('GetSchedule', { Name });
    assert.equal(read.StartDate.getTime(), StartDate.getTime());
    assert.equal(read.State, 'ENABLED');
    assert.equal(read.Target.Input, 'x');
    await call('UpdateSchedule', { ...input, ScheduleExpression: 'cron(0 0 1 * ? *)', State: 'DISABLED' });
    assert.equal((await call('GetSchedule', { Name })).ScheduleExpression, 'cron(0 0 1 * ? *)');
    await refused(
      call('UpdateSchedule', { ...input, ScheduleExpression: 'cron(0 0 32 * ? *)' }),
      'ValidationException',
      'Invalid Schedule Expression cron(0 0 32 * ? *). At character 10: days of the month go from 1 to 31.',
    );
    const names = [];
    for await (const page of sdk.paginateListSchedules({ client: scheduler }, { NamePrefix: prefix, MaxResults: 1 })) {
      names.push(...page.Schedules.map((schedule) => schedule.Name));
    }
    assert.ok(names.includes(Name));
    await call('DeleteSchedule', { Name });
    await refused(call('GetSchedule', { Name }), 'ResourceNotFoundException', `Schedule ${Name} does not exist.`);
  },

  async groups() {
    const Name = `${prefix}-group`;
    const { ScheduleGroupArn } = await call('CreateScheduleGroup', { Name, Tags: [{ Key: 'team', Value: 'one' }] });
    await call('TagResource', { ResourceArn: ScheduleGroupArn, Tags: [{ Key: 'stage', Value: 'test' }] });
    await call('UntagResource', { ResourceArn: ScheduleGroupArn, TagKeys: ['team'] });
    const { Tags } = await call('ListTagsForResource', { ResourceArn: ScheduleGroupArn });
    assert.deepEqual(Tags, [{ Key: 'stage', Value: 'test' }]);
    assert.equal((await call('GetScheduleGroup', { Name })).State, 'ACTIVE');
    const { ScheduleGroups } = await call('ListScheduleGroups', { NamePrefix: prefix });
    assert.deepEqual(ScheduleGroups.map((group) => group.Name), [Name]);
    await call('DeleteScheduleGroup', { Name });
    await refused(call('GetScheduleGroup', { Name }), 'ResourceNotFoundException');
  },

  async fires() {
    const queue = `${prefix}-fires`;
    const { QueueUrl } = await sqs.send(new queues.CreateQueueCommand({ QueueName: queue }));
    const at = new Date(Date.now() + 2_000).toISOString().slice(0, 19);
    await call('CreateSchedule', {
      Name: `${prefix}-once`,
      ScheduleExpression: `at(${at})`,
      FlexibleTimeWindow,
      ActionAfterCompletion: 'DELETE',
      Target: {
        Arn: `arn:aws:sqs:us-east-1:000000000000:${queue}`,
        RoleArn,
        Input: '<aws.scheduler.scheduled-time>',
      },
    });
    const { Messages } = await sqs.send(new queues.ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20 }));
    assert.equal(Messages[0].Body, `${at}Z`);
    await refused(call('GetSchedule', { Name: `${prefix}-once` }), 'ResourceNotFoundException');
  },
};

await scenarios[scenario]();
console.log(`passed ${scenario}`);
