'use strict';
// What user code writes to the console or to standard output becomes Log frames of the call it was written in.

const { format } = require('node:util');
const { toError, toLogText } = require('./errors.cjs');
const { LogBudget } = require('./logBudget.cjs');

const LEVELS = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'];
const STANDARD_ERROR = 1;
/** Text without a newline that is kept until the newline comes; more is sent as it is. */
const PARTIAL_CHARACTERS_MAX = 64 * 1024;

/** The half-written lines of one call, or of the time outside any. */
class PartialLines {
  #texts = ['', ''];

  /** Adds text and returns the whole lines that are now complete. */
  add(flags, text) {
    const end = text.lastIndexOf('\n') + 1;
    const whole = end === 0 ? '' : this.#texts[flags] + text.slice(0, end);
    const rest = end === 0 ? this.#texts[flags] + text : text.slice(end);
    this.#texts[flags] = rest;
    if (rest.length <= PARTIAL_CHARACTERS_MAX) return whole;
    this.#texts[flags] = '';
    return `${whole}${rest}\n`;
  }

  take(flags) {
    const text = this.#texts[flags];
    this.#texts[flags] = '';
    return text === '' ? '' : `${text}\n`;
  }
}

class Log {
  #writer;
  #current;
  #asJson;
  #budget = new LogBudget({});
  #outside = new PartialLines();
  /** AWS names the last request in lines written after its answer; before the first call it prints "undefined". */
  #lastRequestId;

  /** @param current a function that returns the call whose code is running, or undefined. */
  constructor(writer, current) {
    this.#writer = writer;
    this.#current = current;
    this.#asJson = false;
  }

  set asJson(value) {
    this.#asJson = value;
  }

  limit(settings) {
    this.#budget = new LogBudget(settings);
  }

  /** Replaces the console's methods and the write methods of standard output and error. */
  capture(levelName) {
    const lowest = Math.max(0, LEVELS.indexOf(levelName?.toUpperCase()));
    const method = (level, flags) => (LEVELS.indexOf(level) < lowest && level !== 'FATAL'
      ? () => {}
      : (...values) => this.#console(level, flags, values));
    console.trace = method('TRACE', STANDARD_ERROR);
    console.debug = method('DEBUG', 0);
    console.info = console.log = method('INFO', 0);
    console.warn = method('WARN', STANDARD_ERROR);
    console.error = method('ERROR', STANDARD_ERROR);
    console.fatal = method('FATAL', STANDARD_ERROR);
    this.#captureStream('stdout', 0);
    this.#captureStream('stderr', STANDARD_ERROR);
  }

  /** Writes an error that ends a call, or the process, as AWS does. */
  error(title, error, call = this.#current()) {
    const values = this.#asJson ? [toError(error)] : [title, toLogText(toError(error))];
    this.#console('ERROR', STANDARD_ERROR, values, call, true);
  }

  /** Sends what a call left without a newline; nothing of the call may come after its answer. */
  finish(call) {
    if (call.partialLines !== null) {
      this.#send(0, call, call.partialLines.take(0));
      this.#send(STANDARD_ERROR, call, call.partialLines.take(STANDARD_ERROR));
    }
    this.#writer.reportDroppedLog(call.id);
    this.#lastRequestId = call.requestId;
  }

  finishOutside() {
    this.#send(0, undefined, this.#outside.take(0));
    this.#send(STANDARD_ERROR, undefined, this.#outside.take(STANDARD_ERROR));
  }

  #console(level, flags, values, call = this.#current(), beyondBudget = false) {
    const requestId = call === undefined ? this.#lastRequestId : call.requestId;
    const time = new Date().toISOString();
    const line = this.#asJson
      ? formatJson(time, level, requestId, values)
      : `${time}\t${requestId}\t${level}\t${format(...values)}`;
    this.#send(flags, call, `${line}\n`, beyondBudget);
  }

  /** @param beyondBudget for what ends a call: it says why, and comes once. */
  #send(flags, call, lines, beyondBudget = false) {
    if (lines === '') return;
    const id = call === undefined ? 0 : call.id;
    if (beyondBudget || this.#budget.takes(lines.length)) this.#writer.log(flags, id, lines);
    else this.#writer.dropLog(id, Buffer.from(lines, 'utf8'));
  }

  /** The stream is made when user code first asks for it: most never do. */
  #captureStream(name, flags) {
    const descriptor = Object.getOwnPropertyDescriptor(process, name);
    const original = () => (descriptor.get === undefined ? descriptor.value : descriptor.get.call(process));
    const patched = () => {
      const stream = original();
      stream.write = (chunk, encoding, done) => this.#write(flags, chunk, encoding, done);
      Object.defineProperty(process, name, { value: stream, configurable: true, enumerable: true, writable: true });
      return stream;
    };
    Object.defineProperty(process, name, { get: patched, configurable: true, enumerable: true });
  }

  #write(flags, chunk, encoding, done) {
    const text = typeof chunk === 'string'
      ? Buffer.from(chunk, typeof encoding === 'string' ? encoding : 'utf8').toString('utf8')
      : Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength).toString('utf8');
    const call = this.#current();
    const lines = call === undefined ? this.#outside : (call.partialLines ??= new PartialLines());
    this.#send(flags, call, lines.add(flags, text));
    const callback = typeof encoding === 'function' ? encoding : done;
    if (typeof callback === 'function') process.nextTick(callback, null);
    return true;
  }
}

function errorFields(value) {
  return {
    errorType: value?.constructor?.name ?? 'UnknownError',
    errorMessage: value.message,
    stackTrace: typeof value.stack === 'string' ? value.stack.split('\n') : [],
  };
}

function formatJson(timestamp, level, requestId, values) {
  const line = { timestamp, level, requestId };
  if (values.length === 1) {
    try {
      const replacer = (_, value) => (value instanceof Error ? { ...errorFields(value), ...value } : value);
      return JSON.stringify({ ...line, message: values[0] }, replacer);
    } catch {
      return JSON.stringify({ ...line, message: format(values[0]) });
    }
  }
  const error = values.find((value) => value instanceof Error);
  return JSON.stringify({ ...line, message: format(...values), ...(error && errorFields(error)) });
}

module.exports = { Log };
