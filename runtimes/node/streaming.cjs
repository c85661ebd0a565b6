'use strict';
// Bodies that do not fit into one frame: the global `awslambda`, for handlers that write their response piece by
// piece, and requests that are read piece by piece.

const { Readable, Writable } = require('node:stream');
const { InvalidStreamingOperation, MalformedStreamingHandler } = require('./errors.cjs');
const { Kind } = require('./frames.cjs');

const STREAMING = Symbol.for('aws.lambda.runtime.handler.streaming');
const HIGH_WATER_MARK = Symbol.for('aws.lambda.runtime.handler.streaming.highWaterMark');

class ResponseStream extends Writable {
  started = false;
  #call;
  #environment;
  #writer;
  #prelude = '';
  /** Bytes the host has room for. */
  #credit;
  /** What waits for room, and who is told when it has left. */
  #waiting = null;

  constructor(call, environment, highWaterMark) {
    super({ highWaterMark });
    this.#call = call;
    this.#environment = environment;
    this.#writer = environment.writer;
    this.#credit = environment.streamWindowBytes;
  }

  setContentType(contentType) {
    this.#setPrelude({ headers: { 'content-type': contentType } });
  }

  /** @internal */
  setHttpPrelude(prelude) {
    this.#setPrelude(prelude);
  }

  #setPrelude(prelude) {
    if (this.started) throw new InvalidStreamingOperation('Cannot set content-type, too late.');
    this.#prelude = JSON.stringify(prelude ?? {});
  }

  /** As on AWS, what is neither text nor bytes is written as JSON. */
  write(chunk, encoding, done) {
    const isBytes = typeof chunk === 'string' || chunk instanceof Uint8Array;
    return super.write(isBytes ? chunk : JSON.stringify(chunk), encoding, done);
  }

  _write(chunk, _encoding, done) {
    if (this.#call.finished || this.#call.cancelled) {
      done();
      return;
    }
    this.#start();
    this.#send(chunk, done);
  }

  #send(bytes, done) {
    const room = Math.min(bytes.length, this.#credit);
    this.#credit -= room;
    if (room === bytes.length) {
      this.#writer.chunk(this.#call.id, bytes, done);
      return;
    }
    if (room > 0) this.#writer.chunk(this.#call.id, bytes.subarray(0, room), () => {});
    this.#waiting = { rest: bytes.subarray(room), done };
    this.#environment.hold(this.#call);
  }

  /** @internal The host has taken so many bytes. */
  widen(bytes) {
    this.#credit += bytes;
    const waiting = this.#takeWaiting();
    if (waiting !== null) this.#send(waiting.rest, waiting.done);
  }

  /** @internal The caller has gone: what waits to be written goes nowhere. */
  discard() {
    this.#takeWaiting()?.done();
  }

  #takeWaiting() {
    const waiting = this.#waiting;
    this.#waiting = null;
    if (waiting !== null) this.#environment.unhold(this.#call);
    return waiting;
  }

  _final(done) {
    if (!this.#call.finished) this.#start();
    done();
  }

  #start() {
    if (this.started) return;
    this.started = true;
    this.#writer.text(Kind.STREAM_START, 0, this.#call.id, this.#prelude);
    this.#writer.flush();
  }
}

/** The request's body as it comes. The host sends what was read before; memory holds no more than its window. */
class RequestBody extends Readable {
  #environment;
  #call;
  #parts = [];
  #ended = false;
  #wanted = false;
  #unreported = 0;

  constructor(environment, call) {
    super();
    this.#environment = environment;
    this.#call = call;
  }

  _read() {
    const part = this.#parts.shift();
    if (part !== undefined) {
      this.#report(part.length);
      this.push(part);
    } else if (this.#ended) {
      this.push(null);
    } else if (!this.#wanted) {
      this.#wanted = true;
      this.#environment.hold(this.#call);
    }
  }

  _destroy(error, done) {
    this.#parts.length = 0;
    this.#stopWaiting();
    done(error);
  }

  /** @internal */
  take(bytes) {
    if (this.destroyed) return;
    this.#parts.push(bytes);
    if (this.#stopWaiting()) this._read();
  }

  /** @internal The body is complete, or it broke off for the reason given. */
  end(problem) {
    this.#ended = true;
    if (problem !== '') this.destroy(new Error(problem));
    else if (this.#stopWaiting()) this._read();
  }

  #stopWaiting() {
    const wanted = this.#wanted;
    this.#wanted = false;
    if (wanted) this.#environment.unhold(this.#call);
    return wanted;
  }

  #report(bytes) {
    this.#unreported += bytes;
    if (this.#unreported < this.#environment.streamWindowBytes / 2) return;
    this.#environment.writer.bodyWindow(this.#call.id, this.#unreported);
    this.#unreported = 0;
  }
}

const awslambda = {
  streamifyResponse(handler, options) {
    handler[STREAMING] = 'response';
    if (typeof options?.highWaterMark === 'number') handler[HIGH_WATER_MARK] = Math.trunc(options.highWaterMark);
    return handler;
  },
  HttpResponseStream: {
    from(stream, prelude) {
      stream.setHttpPrelude(prelude);
      return stream;
    },
  },
};

/** Whether the handler was given to streamifyResponse. */
function isStreaming(handler) {
  const mode = handler[STREAMING];
  if (mode === undefined || mode === null || mode === false) return false;
  if (mode === 'response') return true;
  throw new MalformedStreamingHandler('Only response streaming is supported.');
}

/** Calls a streaming handler. The call ends when both the handler and its stream have ended. */
function callStreaming(handler, event, call, environment) {
  const stream = new ResponseStream(call, environment, handler[HIGH_WATER_MARK]);
  call.stream = stream;
  const result = handler(event, stream, call.context);
  if (typeof result?.then !== 'function') {
    call.fail('Streaming does not support non-async handlers.');
    return;
  }
  result.then((value) => {
    if (value !== undefined) console.warn('Streaming handlers ignore return values.');
    if (stream.writableFinished) {
      call.endStream();
    } else if (stream.destroyed) {
      call.fail(stream.errored ?? 'Response stream is not finished.');
    } else {
      stream.once('finish', () => call.endStream());
      stream.once('close', () => call.fail(stream.errored ?? 'Response stream is not finished.'));
    }
  }, (error) => call.fail(error ?? 'handled'));
}

module.exports = { awslambda, callStreaming, isStreaming, RequestBody };
