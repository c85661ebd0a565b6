// The handlers that the shim's tests call.
exports.echo = async (event) => event;
exports.nothing = async () => {};
exports.text = async () => 'plain "text"';
exports.context = async (event, context) => {
  const { getRemainingTimeInMillis } = context;
  return {
    ...context, remaining: getRemainingTimeInMillis(), table: process.env.TABLE, socket: process.env.LAMBENT_SOCKET,
    trace: process.env._X_AMZN_TRACE_ID, folder: process.cwd(),
  };
};

exports.syncValue = (event) => ({ returned: event.a });
exports.syncNothing = () => {};
exports.callback = (event, context, callback) => { setTimeout(callback, 1, null, 'called back'); };
exports.callbackError = (event, context, callback) => callback(new TypeError('by callback'));
exports.callbackText = (event, context, callback) => callback('just text');
let late = '';
exports.callbackWaits = (event, context, callback) => {
  context.callbackWaitsForEmptyEventLoop = event.waits;
  setTimeout(() => { late += 'x'; }, 20);
  callback(null, late);
};
exports.succeedLater = (event, context) => { setTimeout(context.succeed, 1, 'succeeded'); };
exports.failLater = (event, context) => { setTimeout(() => context.fail(), 1); };
exports.neverEnds = () => new Promise(() => {});

class CustomError extends Error {
  constructor(message) {
    super(message);
    this.name = 'CustomError';
    this.code = 'E_CUSTOM';
  }
}
exports.throws = async () => { throw new CustomError('it broke'); };
exports.throwsNow = () => { throw new CustomError('at once'); };
exports.throwsText = async () => { throw 'only text'; }; // eslint-disable-line no-throw-literal
exports.throwsNothing = async () => { throw undefined; }; // eslint-disable-line no-throw-literal
exports.circular = async () => { const a = {}; a.a = a; return a; };
exports.bigInt = async () => ({ value: 1n });

exports.logs = async () => {
  console.log('an object %j', { a: 1 });
  console.error(new Error('logged'));
  process.stdout.write('raw ');
  process.stdout.write('line\nno newline');
  await null;
};
exports.logsJson = async () => {
  console.log({ order: 7 });
  console.warn('text', 1);
};
exports.attribution = async ({ n }) => {
  for (let i = 0; i < 3; i++) {
    console.log(`call ${n} line ${i}`);
    await new Promise((resolve) => setTimeout(resolve, (n * 7 + i) % 5));
  }
  return n;
};
exports.flood = async ({ lines }) => {
  const line = `${'x'.repeat(999)}\n`;
  for (let i = 0; i < lines; i++) process.stdout.write(line);
  return { lines, megabytes: Math.round(process.memoryUsage().rss / 2 ** 20) };
};
exports.floodThenFails = async ({ lines }) => {
  for (let i = 0; i < lines; i++) process.stdout.write(`a line of a flood, ${i}\n`);
  throw new Error('too much');
};
exports.longLine = async ({ characters }) => console.log('é'.repeat(characters));

exports.large = async ({ bytes }) => 'x'.repeat(bytes - 2);
exports.length = async ({ text }) => text.length;
exports.exits = async ({ status }) => {
  process.stdout.write('before the end');
  process.exit(status);
};
exports.rejects = async ({ now }) => {
  if (now) Promise.reject(new Error('nobody caught this'));
  await new Promise(() => {});
};
exports.crashes = async ({ now }) => {
  if (now) setTimeout(() => { throw new CustomError('from a timer'); }, 1);
  await new Promise(() => {});
};
exports.aborted = (event, { signal }) => new Promise((resolve) => {
  const timer = setTimeout(resolve, 5000, 'not aborted');
  signal.addEventListener('abort', () => {
    clearTimeout(timer);
    resolve('aborted');
  });
});
exports.notAFunction = { no: 'function' };

const { pipeline } = require('node:stream/promises');
const { Readable } = require('node:stream');
const stream = awslambda.streamifyResponse;
exports.stream = stream(async (event, responseStream) => {
  responseStream.write('first,');
  responseStream.write({ json: true });
  responseStream.end(Buffer.from(',last'));
});
exports.streamHttp = stream(async (event, responseStream) => {
  const http = awslambda.HttpResponseStream.from(responseStream, {
    statusCode: 201, headers: { 'x-a': 'b' }, cookies: ['c=d'],
  });
  http.end();
});
exports.streamPipeline = stream(async ({ chunks }, responseStream) => {
  let peak = 0;
  const source = Readable.from((function* () {
    for (let i = 0; i < chunks; i++) {
      peak = Math.max(peak, responseStream.writableLength);
      yield Buffer.alloc(100_000, 'a');
    }
  })());
  responseStream.setContentType('text/plain');
  await pipeline(source, responseStream);
  console.log(`peak ${peak}`);
});
exports.streamFailsEarly = stream(async () => { throw new CustomError('early'); });
exports.streamFailsLate = stream(async (event, responseStream) => {
  responseStream.write('half');
  throw new CustomError('late');
});
exports.streamForgets = stream(async (event, responseStream) => { responseStream.write('half'); });
exports.streamSync = stream(() => 'no promise');

exports.streamOrEcho = stream(async (event, responseStream, context) => {
  if (event.chunks === undefined) {
    responseStream.end(JSON.stringify(event));
    return;
  }
  for (let index = 0; index < event.chunks; index++) {
    if (context.signal.aborted) break;
    if (!responseStream.write(Buffer.alloc(100_000))) {
      await new Promise((resolve) => responseStream.once('drain', resolve));
    }
  }
  responseStream.end();
});
exports.hashBody = async (event, context) => {
  const hash = require('node:crypto').createHash('sha256');
  let bytes = 0;
  for await (const part of context.bodyStream) {
    bytes += part.length;
    hash.update(part);
  }
  return { bytes, sha256: hash.digest('hex'), listed: Object.keys(context).includes('bodyStream') };
};
exports.firstOfBody = async (event, context) => {
  for await (const part of context.bodyStream) return part.length;
};
exports.noBody = async (event, context) => context.bodyStream === undefined;
