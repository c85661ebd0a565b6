'use strict';
// The global `awslambda`: handlers that write their response piece by piece.

const { Writable } = require('node:stream');
const { InvalidStreamingOperation, MalformedStreamingHandler } = require('./errors.cjs');
const { Kind } = require('./frames.cjs');

const STREAMING = Symbol.for('aws.lambda.runtime.handler.streaming');
const HIGH_WATER_MARK = Symbol.for('aws.lambda.runtime.handler.streaming.highWaterMark');

class ResponseStream extends Writable {
  started = false;
  #call;
  #writer;
  #prelude = '';

  constructor(call, writer, highWaterMark) {
    super({ highWaterMark });
    this.#call = call;
    this.#writer = writer;
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
    this.#writer.chunk(this.#call.id, chunk, done);
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
function callStreaming(handler, event, call, writer) {
  const stream = new ResponseStream(call, writer, handler[HIGH_WATER_MARK]);
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

module.exports = { awslambda, callStreaming, isStreaming };
