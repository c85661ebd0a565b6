// Publishes in confirmed batches and consumes with acknowledgements, for a time:
// node rabbit.mjs PORT SECONDS PUBLISHERS BATCH BYTES
// Prints one line of JSON: what was published, confirmed, consumed and acknowledged until the queue was empty.
import { createRequire } from 'node:module';

const amqp = createRequire(`${process.env.PEER_PACKAGES}/`)('amqplib');
const [port, seconds, publishers, batch, bytes] = process.argv.slice(2).map(Number);
const queue = 'bench';
const body = Buffer.alloc(bytes, 'x');
const open = () => amqp.connect({ hostname: '127.0.0.1', port, username: 'guest', password: 'guest', noDelay: true });
const [outgoing, incoming] = [await open(), await open()];
const consumer = await incoming.createChannel();
await consumer.assertQueue(queue, { durable: true });
await consumer.purgeQueue(queue);
await consumer.prefetch(publishers * batch);

let published = 0;
let acknowledged = 0;
let unacknowledged = 0;
let last;
const acknowledge = () => {
  // One acknowledgement for all up to this one, as a batch of deletes is one request.
  consumer.ack(last, true);
  acknowledged += unacknowledged;
  unacknowledged = 0;
};
await consumer.consume(queue, (message) => {
  last = message;
  if (++unacknowledged === batch) acknowledge();
});

const publish = async (until) => {
  const channel = await outgoing.createConfirmChannel();
  while (performance.now() < until) {
    for (let index = 0; index < batch; index++) channel.publish('', queue, body, { persistent: true });
    await channel.waitForConfirms();
    published += batch;
  }
  await channel.close();
};
const round = async (duration) => {
  const until = performance.now() + duration * 1000;
  await Promise.all(Array.from({ length: publishers }, () => publish(until)));
  while (acknowledged + unacknowledged < published) await new Promise((resolve) => setTimeout(resolve, 5));
  if (unacknowledged > 0) acknowledge();
};

await round(0.5);
const before = { acknowledged, usage: process.cpuUsage(), at: performance.now() };
await round(seconds);
const elapsed = (performance.now() - before.at) / 1000;
const { user, system } = process.cpuUsage(before.usage);
await consumer.close();
const check = await incoming.createChannel();
const { messageCount } = await check.checkQueue(queue);
console.log(JSON.stringify({
  messages: acknowledged - before.acknowledged,
  seconds: elapsed,
  processorSeconds: (user + system) / 1e6,
  left: messageCount,
}));
await Promise.all([outgoing.close(), incoming.close()]);
