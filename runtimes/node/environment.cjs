'use strict';
// The execution environment: specialized once, then a table of the calls in flight.

const { toPayload, UnhandledPromiseRejection } = require('./errors.cjs');
const { Call, Context } = require('./call.cjs');
const { Kind } = require('./frames.cjs');
const { loadHandler, useLayerFolders } = require('./handler.cjs');
const { Log } = require('./logging.cjs');
const { awslambda, callStreaming, isStreaming, RequestBody } = require('./streaming.cjs');

const INVOKE_HEAD_BYTES = 20;
const FLAG_BODY_FOLLOWS = 1;

class Environment {
  writer;
  log;
  concurrency = 1;
  responseBytesMax = 0;
  streamWindowBytes = 0;
  #socket;
  #settings = null;
  #handler = null;
  #streaming = false;
  #calls = new Map();
  /** The call in flight when there is one at a time; several are told apart by #contexts. */
  #current;
  #contexts = null;
  #flushScheduled = false;
  #failing = false;

  constructor(socket, writer) {
    this.#socket = socket;
    this.writer = writer;
    this.log = new Log(writer, () => this.#currentCall());
  }

  /** Turns the generic environment into one of a function. Returns false when it cannot be understood. */
  specialize(text) {
    if (this.#settings !== null) return false;
    let settings;
    try {
      settings = JSON.parse(text);
      this.#apply(settings);
    } catch {
      return false;
    }
    this.#load(settings);
    return true;
  }

  /** Becomes ready to be called without touching anything of the process: for the rehearsal alone. */
  rehearse(settings, handler) {
    this.#accept(settings);
    this.#streaming = isStreaming(handler);
    this.#handler = handler;
    this.log.finishOutside();
    this.writer.text(Kind.READY, 0, 0, '');
    this.writer.flush();
  }

  #accept(settings) {
    const { handler, taskRoot, concurrency, responseBytesMax, streamWindowBytes } = settings;
    if (typeof handler !== 'string' || typeof taskRoot !== 'string' || !(responseBytesMax >= 0)
      || !(streamWindowBytes > 0)) throw new TypeError();
    this.#settings = settings;
    settings.memoryLimitInMB = String(settings.memoryMegabytes);
    this.concurrency = Math.max(1, concurrency ?? 1);
    this.responseBytesMax = responseBytesMax;
    this.streamWindowBytes = streamWindowBytes;
  }

  #apply(settings) {
    this.#accept(settings);
    const { variables } = settings;
    for (const [name, value] of Object.entries(variables ?? {})) process.env[name] = value;
    this.log.asJson = settings.logFormat?.toUpperCase() === 'JSON';
    this.log.limit(settings);
    this.log.capture(process.env.AWS_LAMBDA_LOG_LEVEL);
    if (this.concurrency > 1) {
      const { AsyncLocalStorage } = require('node:async_hooks');
      this.#contexts = new AsyncLocalStorage();
    }
    process.on('uncaughtException', (error) => this.#failAll('Uncaught Exception', error));
    process.on('unhandledRejection', (reason, promise) => {
      this.#failAll('Unhandled Promise Rejection', new UnhandledPromiseRejection(reason, promise));
    });
    process.on('beforeExit', () => this.#onEmptyEventLoop());
    process.on('exit', () => this.#onExit());
  }

  async #load({ taskRoot, handler }) {
    try {
      useLayerFolders(taskRoot);
      process.chdir(taskRoot);
      globalThis.awslambda = awslambda;
      const loaded = await loadHandler(taskRoot, handler);
      this.#streaming = isStreaming(loaded);
      if (this.#failing) return;
      this.#handler = loaded;
      this.log.finishOutside();
      this.writer.text(Kind.READY, 0, 0, '');
      this.writer.flush();
    } catch (error) {
      this.#failAll('Uncaught Exception', error);
    }
  }

  /** Starts a call. Returns false when the host broke the protocol. */
  invoke(id, buffer, start, end) {
    if (this.#handler === null || this.#calls.size >= this.concurrency || this.#calls.has(id)) return false;
    if (end - start < INVOKE_HEAD_BYTES) return false;
    const deadline = buffer.readUInt32LE(start) + buffer.readInt32LE(start + 4) * 2 ** 32;
    const idEnd = start + INVOKE_HEAD_BYTES + buffer.readUInt16LE(start + 8);
    const arnEnd = idEnd + buffer.readUInt16LE(start + 10);
    const traceEnd = arnEnd + buffer.readUInt16LE(start + 12);
    const eventStart = traceEnd + buffer.readUInt32LE(start + 16);
    if (eventStart > end) return false;

    const requestId = buffer.latin1Slice(start + INVOKE_HEAD_BYTES, idEnd);
    const call = new Call(this, id, requestId, deadline);
    this.#calls.set(id, call);
    if (this.concurrency === 1) {
      this.#current = call;
      setTraceVariable(buffer, arnEnd, traceEnd);
      // From here until the answer an event loop with nothing to do means that no answer can come any more.
      this.#socket.unref();
    }
    if (buffer.readUInt16LE(start + 14) & FLAG_BODY_FOLLOWS) call.body = new RequestBody(this, call);
    let event;
    try {
      const clientContext = traceEnd === eventStart
        ? undefined : parseClientContext(buffer.toString('utf8', traceEnd, eventStart));
      call.context = new Context(call, this.#settings, buffer.toString('utf8', idEnd, arnEnd), clientContext);
      event = eventStart === end ? {} : JSON.parse(buffer.toString('utf8', eventStart, end));
    } catch (error) {
      call.fail(error);
      return true;
    }
    if (this.#contexts === null) this.#run(call, event);
    else this.#contexts.run(call, run, this, call, event);
    return true;
  }

  #run(call, event) {
    try {
      if (this.#streaming) {
        callStreaming(this.#handler, event, call, this);
        return;
      }
      const result = this.#handler(event, call.context, (error, value) => call.callback(error, value));
      if (typeof result?.then === 'function') {
        result.then((value) => call.succeed(value), (error) => call.fail(error ?? 'handled'));
      } else if (result !== undefined && this.#handler.length < 3 && isData(result)) {
        call.succeed(result);
      } else if (this.concurrency > 1 && this.#handler.length < 3) {
        // With other calls in flight an empty event loop says nothing about this one, so its return is its end.
        call.succeed(null);
      }
    } catch (error) {
      call.fail(error ?? 'handled');
    }
  }

  runInContext(call, event) {
    this.#run(call, event);
  }

  cancel(id) {
    this.#calls.get(id)?.cancel();
  }

  /** The host has room for more of a streamed response. Returns false when the frame is not one. */
  widenWindow(id, buffer, start, end) {
    if (end - start !== 4) return false;
    this.#calls.get(id)?.stream?.widen(buffer.readUInt32LE(start));
    return true;
  }

  takeBody(id, bytes) {
    // Copied: what frames lie in is used again.
    this.#calls.get(id)?.body?.take(Buffer.from(bytes));
    return true;
  }

  endBody(id, problem) {
    this.#calls.get(id)?.body?.end(problem);
    return true;
  }

  /** The call waits for a frame of the host. */
  hold(call) {
    if (call.holds++ === 0 && this.concurrency === 1) this.#socket.ref();
  }

  unhold(call) {
    if (--call.holds === 0 && this.concurrency === 1 && !call.finished) this.#socket.unref();
  }

  /** A call has its answer in the writer. */
  release(call) {
    this.#calls.delete(call.id);
    if (this.concurrency === 1) {
      this.#current = undefined;
      this.#socket.ref();
      this.writer.flush();
    } else if (this.#calls.size === 0) {
      this.writer.flush();
    } else if (!this.#flushScheduled) {
      // Answers of all calls that end in this turn of the event loop leave in one write.
      this.#flushScheduled = true;
      setImmediate(() => {
        this.#flushScheduled = false;
        this.writer.flush();
      });
    }
  }

  #currentCall() {
    const call = this.#contexts === null ? this.#current : this.#contexts.getStore();
    return call?.finished ? undefined : call;
  }

  #onEmptyEventLoop() {
    if (this.concurrency === 1) this.#current?.onEmptyEventLoop();
  }

  /** The process is in doubt: every call in flight ends with the error, then the environment ends. */
  #failAll(title, error) {
    if (this.#failing) return;
    this.#failing = true;
    this.log.error(title, error);
    const payload = toPayload(error);
    if (this.#handler === null) {
      this.log.finishOutside();
      this.writer.text(Kind.INIT_ERROR, 0, 0, payload);
    }
    for (const call of this.#calls.values()) {
      this.log.finish(call);
      call.finished = true;
      this.writer.text(call.stream?.started ? Kind.STREAM_END : Kind.ERROR, 0, call.id, payload);
    }
    this.#calls.clear();
    this.writer.flush();
    this.#socket.ref();
    this.writer.whenDrained(() => process.exit(1));
  }

  #onExit() {
    for (const call of this.#calls.values()) this.log.finish(call);
    this.log.finishOutside();
    this.writer.flushBeforeExit();
  }
}

const run = (environment, call, event) => environment.runInContext(call, event);

/** Values that a handler without a callback returns as its answer; a timer or an emitter it returns is none. */
function isData(value) {
  if (typeof value !== 'object') return typeof value !== 'function' && typeof value !== 'symbol';
  if (value === null || Array.isArray(value)) return true;
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function parseClientContext(text) {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`Cannot parse ClientContext as json: ${error}`);
  }
}

const TRACE_VARIABLE = '_X_AMZN_TRACE_ID';

/**
 * The tracing libraries read the current trace from the environment. It is not stored there for each call: that is a
 * setenv(3), which takes microseconds and, because the C library never frees a value, 170 bytes of memory a call.
 */
let trace = '';
let traceIsServed = false;

function setTraceVariable(buffer, start, end) {
  if (start === end && trace === '') return;
  trace = buffer.latin1Slice(start, end);
  if (!traceIsServed) serveTraceVariable();
}

function serveTraceVariable() {
  traceIsServed = true;
  const variables = process.env;
  variables[TRACE_VARIABLE] = '';
  process.env = new Proxy(variables, {
    get: (target, name) => (name === TRACE_VARIABLE ? trace || undefined : target[name]),
    // Without it a write would go through the trap for definitions, which the real environment refuses.
    set: (target, name, value) => {
      if (name === TRACE_VARIABLE) trace = String(value);
      else target[name] = value;
      return true;
    },
  });
}

module.exports = { Environment };
