// Drives queues with the unmodified @aws-sdk, which verifies the MD5 sums itself: node queues.mjs SCENARIO PREFIX.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';

const [scenario, prefix] = process.argv.slice(2);
const require = createRequire(`${process.env.CLIENT_MODULES}/package.json`);
const sdk = require('@aws-sdk/client-sqs');
const sqs = new sdk.SQSClient({ maxAttempts: 1 });
const call = (operation, input) => sqs.send(new sdk[`${operation}Command`](input));
const arn = 'arn:aws:sqs:us-east-1:000000000000';

async function queue(name, Attributes) {
  return (await call('CreateQueue', { QueueName: `${prefix}-${name}`, Attributes })).QueueUrl;
}

async function receive(QueueUrl, more = {}) {
  const answer = await call('ReceiveMessage', {
    QueueUrl,
    MaxNumberOfMessages: 10,
    MessageSystemAttributeNames: ['All'],
    MessageAttributeNames: ['All'],
    ...more,
  });
  return answer.Messages ?? [];
}

async function refused(promise, name, message) {
  const error = await promise.then(
    () => assert.fail(`${name} was expected`),
    (failure) => failure,
  );
  assert.equal(error.name, name, error.message);
  if (message !== undefined) assert.equal(error.message, message);
}

const scenarios = {
  async messages() {
    const QueueUrl = await queue('messages');
    const body = 'line\r\n<tag> & "quotes" \u20ac \u{1f600}';
    const sent = await call('SendMessage', {
      QueueUrl,
      MessageBody: body,
      MessageAttributes: {
        text: { DataType: 'String.custom', StringValue: 'v\u00e4lue' },
        number: { DataType: 'Number', StringValue: '1.50' },
        bytes: { DataType: 'Binary', BinaryValue: Uint8Array.from([0, 1, 255]) },
      },
      MessageSystemAttributes: { AWSTraceHeader: { DataType: 'String', StringValue: 'Root=1' } },
    });
    const [message] = await receive(QueueUrl);
    assert.equal(message.Body, body);
    assert.equal(message.MessageId, sent.MessageId);
    assert.equal(message.MD5OfMessageAttributes, sent.MD5OfMessageAttributes);
    assert.deepEqual([...message.MessageAttributes.bytes.BinaryValue], [0, 1, 255]);
    assert.equal(message.Attributes.AWSTraceHeader, 'Root=1');
    assert.deepEqual(await receive(QueueUrl), []);
    await call('ChangeMessageVisibility', { QueueUrl, ReceiptHandle: message.ReceiptHandle, VisibilityTimeout: 0 });
    const [again] = await receive(QueueUrl, { MessageAttributeNames: ['nu.*', 'number'] });
    assert.deepEqual(Object.keys(again.MessageAttributes), ['number']);
    assert.equal(again.Attributes.ApproximateReceiveCount, '2');
    await call('DeleteMessage', { QueueUrl, ReceiptHandle: again.ReceiptHandle });

    const waiting = receive(QueueUrl, { WaitTimeSeconds: 20 });
    await call('SendMessage', { QueueUrl, MessageBody: 'late' });
    assert.equal((await waiting)[0].Body, 'late');
    await call('DeleteQueue', { QueueUrl });
    await refused(receive(QueueUrl), 'QueueDoesNotExist', 'The specified queue does not exist.');
  },

  async batches() {
    const QueueUrl = await queue('batches');
    const sent = await call('SendMessageBatch', {
      QueueUrl,
      Entries: [
        { Id: 'a', MessageBody: 'one' },
        { Id: 'b', MessageBody: 'two', DelaySeconds: 901 },
        { Id: 'c', MessageBody: 'three' },
      ],
    });
    assert.deepEqual(sent.Successful.map((entry) => entry.Id), ['a', 'c']);
    assert.deepEqual(sent.Failed.map((entry) => [entry.Id, entry.Code, entry.SenderFault]), [
      ['b', 'InvalidParameterValue', true],
    ]);
    const messages = await receive(QueueUrl);
    assert.deepEqual(messages.map((message) => message.Body).sort(), ['one', 'three']);
    const deleted = await call('DeleteMessageBatch', {
      QueueUrl,
      Entries: [
        { Id: '1', ReceiptHandle: messages[0].ReceiptHandle },
        { Id: '2', ReceiptHandle: 'nonsense' },
      ],
    });
    assert.deepEqual(deleted.Successful.map((entry) => entry.Id), ['1']);
    assert.equal(deleted.Failed[0].Code, 'ReceiptHandleIsInvalid');
    const Entries = Array.from({ length: 11 }, (_, number) => ({ Id: `${number}`, MessageBody: 'x' }));
    await refused(call('SendMessageBatch', { QueueUrl, Entries }), 'TooManyEntriesInBatchRequest',
      'Maximum number of entries per request are 10. You have sent 11.');
  },

  async fifo() {
    const QueueUrl = await queue('order.fifo', { FifoQueue: 'true', ContentBasedDeduplication: 'true' });
    for (const MessageBody of ['a1', 'b1', 'a2', 'a2', 'b2']) {
      await call('SendMessage', { QueueUrl, MessageBody, MessageGroupId: MessageBody[0] });
    }
    const first = await receive(QueueUrl, { MaxNumberOfMessages: 1 });
    assert.deepEqual(first.map((message) => message.Body), ['a1']);
    assert.deepEqual((await receive(QueueUrl)).map((message) => message.Body), ['b1', 'b2']);
    assert.deepEqual(await receive(QueueUrl), []);
    await call('DeleteMessage', { QueueUrl, ReceiptHandle: first[0].ReceiptHandle });
    assert.deepEqual((await receive(QueueUrl)).map((message) => message.Body), ['a2']);
  },

  async deadLetters() {
    const dead = await queue('dead');
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: `${arn}:${prefix}-dead`, maxReceiveCount: 1 });
    const QueueUrl = await queue('source', { RedrivePolicy });
    await call('SendMessage', { QueueUrl, MessageBody: 'poison' });
    assert.equal((await receive(QueueUrl, { VisibilityTimeout: 0 })).length, 1);
    assert.deepEqual(await receive(QueueUrl), []);
    const [letter] = await receive(dead, { VisibilityTimeout: 0 });
    assert.equal(letter.Attributes.DeadLetterQueueSourceArn, `${arn}:${prefix}-source`);
    const SourceArn = `${arn}:${prefix}-dead`;
    assert.deepEqual((await call('ListDeadLetterSourceQueues', { QueueUrl: dead })).queueUrls, [QueueUrl]);
    await call('StartMessageMoveTask', { SourceArn });
    assert.equal((await receive(QueueUrl, { WaitTimeSeconds: 20 }))[0].Body, 'poison');
    const [task] = (await call('ListMessageMoveTasks', { SourceArn })).Results;
    assert.deepEqual([task.Status, task.ApproximateNumberOfMessagesMoved], ['COMPLETED', 1]);
  },
};

await scenarios[scenario]();
console.log(`passed ${scenario}`);
