// The functions that the end-to-end tests call; each test names its export as the handler.
import { execSync, spawn } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';

let calls = 0;

export const hello = async (event) => ({ hello: event.name ?? 'world' });
export const echo = async (event) => event;
export const nothing = async () => {};
export const counter = async () => ({ calls: ++calls });
export const variables = async () => process.env;
export const throws = async () => {
  throw new RangeError('out of range');
};
export const exits = async () => process.exit(3);
export const spins = async () => {
  for (;;);
};
export const hangs = () =>
  new Promise(() => {
    setInterval(() => {}, 1000);
  });
export const hangsIfAsked = (event) => (event.hang ? hangs() : { calls: ++calls, pid: process.pid });
export const speaks = async () => {
  console.log('spoken on standard output');
  console.error('and on standard error');
};

export const view = async (event, context) => {
  await new Promise((resolve) => setTimeout(resolve, event.id % 5));
  console.log(`sees ${process.env.OWNER} ${event.id} ${context.awsRequestId}`);
  return {
    id: event.id,
    requestId: context.awsRequestId,
    arn: context.invokedFunctionArn,
    logStream: context.logStreamName,
    owner: process.env.OWNER,
    remainingMilliseconds: context.getRemainingTimeInMillis(),
  };
};

export const waits = async (event, context) => {
  console.log(`call ${event.id} of ${context.awsRequestId}`);
  await new Promise((resolve) => setTimeout(resolve, event.milliseconds ?? 50));
  console.log(`end ${event.id}`);
  return { id: event.id, requestId: context.awsRequestId, process: process.pid };
};

export const fields = async (event, context) => ({
  name: context.functionName,
  version: context.functionVersion,
  arn: context.invokedFunctionArn,
  memory: context.memoryLimitInMB,
  requestId: context.awsRequestId,
  logGroup: context.logGroupName,
  logStream: context.logStreamName,
  remaining: context.getRemainingTimeInMillis(),
  client: context.clientContext,
});

export const keeps = async (event) => {
  if (event.write) fs.writeFileSync('/tmp/kept', event.write);
  return { kept: fs.existsSync('/tmp/kept') ? fs.readFileSync('/tmp/kept', 'utf8') : null };
};

export const layered = async () => ({
  file: fs.readFileSync('/opt/words.txt', 'utf8'),
  module: (await import('/opt/nodejs/words.mjs')).word,
});

export const url = async (event) =>
  event.queryStringParameters?.plain
    ? 'plain text'
    : {
        statusCode: Number(event.queryStringParameters?.status ?? 200),
        headers: { 'content-type': 'application/json', 'x-answer': 'yes' },
        cookies: ['one=1; Path=/', 'two=2'],
        body: JSON.stringify(event),
      };

export const urlBinary = async (event) => ({
  statusCode: 200,
  headers: { 'content-type': 'application/octet-stream' },
  isBase64Encoded: true,
  body: event.isBase64Encoded ? event.body : Buffer.from([0, 1, 2, 255]).toString('base64'),
});

export const urlStream = globalThis.awslambda?.streamifyResponse(async (event, stream) => {
  const response = awslambda.HttpResponseStream.from(stream, {
    statusCode: 201,
    headers: { 'content-type': 'text/plain', 'x-streamed': 'yes' },
    cookies: ['s=1'],
  });
  for (let part = 0; part < 3; part++) {
    response.write(`part ${part}\n`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  response.end();
});

export const stream = globalThis.awslambda?.streamifyResponse(async (event, target) => {
  for (let part = 0; part < 5; part++) target.write(`${part};`);
  target.end();
});

// What a hostile or broken function does.
export const floods = async () => {
  const line = `${'x'.repeat(1023)}\n`.repeat(1024);
  for (let megabyte = 0; megabyte < 100; megabyte++) {
    if (!process.stdout.write(line)) await new Promise((resolve) => process.stdout.once('drain', resolve));
  }
  return 'flooded';
};
export const returnsTooMuch = async () => 'y'.repeat(7 * 1024 * 1024);
export const fillsMemory = async () => {
  const kept = [];
  for (let megabyte = 0; megabyte < 400; megabyte++) kept.push(Buffer.alloc(1024 * 1024, 1));
  return kept.length;
};
export const fillsDisk = async () => {
  const file = fs.openSync('/tmp/filled', 'w');
  const megabyte = Buffer.alloc(1024 * 1024, 1);
  try {
    for (let written = 0; written < 2048; written++) fs.writeSync(file, megabyte);
    return { code: null };
  } catch (error) {
    return { code: error.code };
  } finally {
    fs.closeSync(file);
    fs.unlinkSync('/tmp/filled');
  }
};
export const closesEverything = async () => {
  for (let descriptor = 0; descriptor < 256; descriptor++) {
    try {
      fs.closeSync(descriptor);
    } catch {
      /* not open */
    }
  }
  return 'closed';
};
export const kills = async () => {
  for (const target of [process.ppid, 1, -1]) {
    try {
      process.kill(target, 'SIGKILL');
    } catch {
      /* not allowed */
    }
  }
  return 'survived';
};
const attempt = (action) => {
  try {
    return String(action());
  } catch (error) {
    return `refused ${error.code}`;
  }
};
export const pries = async () => ({
  task: attempt(() => fs.writeFileSync('/var/task/written', 'x')),
  system: attempt(() => fs.writeFileSync('/usr/bin/written', 'x')),
  shadow: attempt(() => fs.readFileSync('/etc/shadow', 'utf8')),
  first: attempt(() => fs.readFileSync('/proc/1/environ', 'utf8')),
  processes: fs.readdirSync('/proc').filter((name) => /^\d+$/.test(name)).length,
  mount: attempt(() => execSync('mount -t tmpfs none /mnt 2>&1', { stdio: 'pipe' })),
});
export const connects = async (event) =>
  Object.fromEntries(
    await Promise.all(
      event.targets.map(
        ([host, port]) =>
          new Promise((resolve) => {
            const socket = net.connect({ host, port, timeout: 1000 });
            const end = (how) => {
              socket.destroy();
              resolve([`${host}:${port}`, how]);
            };
            socket
              .on('connect', () => end('connected'))
              .on('error', (error) => end(error.code))
              .on('timeout', () => end('timeout'));
          }),
      ),
    ),
  );
export const forks = async () => {
  let started = 0;
  try {
    for (; started < 5000; started++) {
      const child = spawn('/bin/sleep', ['60'], { stdio: 'ignore' });
      const failed = await new Promise((resolve) => child.on('spawn', () => resolve(null)).on('error', resolve));
      if (failed) return { started, code: failed.code };
    }
  } catch (error) {
    return { started, code: error.code };
  }
  return { started, code: null };
};

const held = [];
export const allocates = async ({ megabytes = 0 }) => {
  for (let index = 0; index < megabytes; index++) held.push(Buffer.alloc(1024 * 1024, 1));
  return { megabytes: held.length, process: process.pid };
};
