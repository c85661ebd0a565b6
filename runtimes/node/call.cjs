'use strict';
// One call: what the handler gets as its context, and the one answer it can have.

const errors = require('./errors.cjs');
const { Kind } = require('./frames.cjs');

class Call {
  id;
  requestId;
  deadline;
  finished = false;
  /** The caller has gone: what the handler still writes goes nowhere. */
  cancelled = false;
  /** Text written to standard output without a newline yet. */
  partialLines = null;
  /** What a callback answered while the event loop had still something to do. */
  waiting = null;
  stream = null;
  /** The request's body, when it is streamed. */
  body = null;
  /** What waits for the host; while there is any, an event loop without anything else is not an empty one. */
  holds = 0;
  context = null;
  abort = null;
  #environment;

  constructor(environment, id, requestId, deadline) {
    this.#environment = environment;
    this.id = id;
    this.requestId = requestId;
    this.deadline = deadline;
  }

  succeed(value) {
    if (this.finished) return;
    let text;
    try {
      text = JSON.stringify(value);
    } catch {
      this.fail(new Error('Unable to stringify response body'));
      return;
    }
    if (this.finished) return; // A toJSON method may have ended the call.
    const { log, writer, responseBytesMax } = this.#environment;
    log.finish(this);
    if (!writer.text(Kind.RESPONSE, 0, this.id, text === undefined ? 'null' : text, responseBytesMax)) {
      writer.text(Kind.ERROR, 0, this.id, JSON.stringify({
        errorType: 'Function.ResponseSizeTooLarge',
        errorMessage: `Response payload size exceeded maximum allowed payload size (${responseBytesMax} bytes).`,
      }));
    }
    this.#end();
  }

  fail(error) {
    if (this.finished) return;
    const { log, writer } = this.#environment;
    log.error('Invoke Error', error, this);
    log.finish(this);
    const kind = this.stream?.started ? Kind.STREAM_END : Kind.ERROR;
    writer.text(kind, 0, this.id, errors.toPayload(error));
    this.#end();
    this.stream?.destroy();
  }

  endStream() {
    if (this.finished) return;
    this.#environment.log.finish(this);
    this.#environment.writer.text(Kind.STREAM_END, 0, this.id, '');
    this.#end();
  }

  /** The handler's third argument. */
  callback(error, value) {
    if (this.finished || this.waiting !== null) return;
    if (error !== undefined && error !== null) this.fail(error);
    else if (!this.context.callbackWaitsForEmptyEventLoop || this.#environment.concurrency > 1) this.succeed(value);
    else this.waiting = { value };
  }

  /** Nothing is left that could ever end the call: AWS answers with what it has, or with null. */
  onEmptyEventLoop() {
    if (this.stream !== null) this.fail('Response stream is not finished.');
    else this.succeed(this.waiting === null ? null : this.waiting.value);
  }

  get signal() {
    if (this.abort === null) {
      this.abort = new AbortController();
      if (this.cancelled) this.abort.abort();
    }
    return this.abort.signal;
  }

  cancel() {
    this.cancelled = true;
    this.abort?.abort();
    this.stream?.discard();
  }

  #end() {
    this.finished = true;
    this.body?.destroy();
    this.#environment.release(this);
  }
}

/** The handler's context. Functions are made when they are asked for: most handlers ask for none. */
class Context {
  callbackWaitsForEmptyEventLoop = true;
  #call;

  constructor(call, settings, invokedFunctionArn, clientContext) {
    this.#call = call;
    this.functionVersion = settings.functionVersion;
    this.functionName = settings.functionName;
    this.memoryLimitInMB = settings.memoryLimitInMB;
    this.logGroupName = settings.logGroup;
    this.logStreamName = settings.logStream;
    this.clientContext = clientContext;
    this.identity = undefined;
    this.invokedFunctionArn = invokedFunctionArn;
    this.awsRequestId = call.requestId;
  }

  static {
    const functions = {
      getRemainingTimeInMillis: ({ deadline }) => () => deadline - Date.now(),
      succeed: (call) => (value) => call.succeed(value),
      fail: (call) => (error) => call.fail(error ?? 'handled'),
      done: (call) => (error, value) => (error == null ? call.succeed(value) : call.fail(error)),
      /** Beyond AWS: an AbortSignal, aborted when the caller of a streamed response has gone. */
      signal: (call) => call.signal,
      /** Beyond AWS: the request's body as a Readable where the function's URL streams it, otherwise undefined. */
      bodyStream: (call) => call.body ?? undefined,
    };
    for (const [name, make] of Object.entries(functions)) {
      Object.defineProperty(Context.prototype, name, {
        configurable: true,
        get() { return make(this.#call); },
        // Monitoring tools wrap these functions by assignment.
        set(value) {
          Object.defineProperty(this, name, { value, configurable: true, enumerable: true, writable: true });
        },
      });
    }
  }
}

module.exports = { Call, Context };
