'use strict';
// Errors as AWS Lambda's Node.js runtime names and shapes them; clients and dashboards match on these texts.

const { isNativeError } = require('node:util').types;

/** An error object above this is cut, so that it always fits a frame and a log. */
const ERROR_BYTES_MAX = 256 * 1024;

class ImportModuleError extends Error {}
class HandlerNotFound extends Error {}
class MalformedHandlerName extends Error {}
class UserCodeSyntaxError extends Error {}
class MalformedStreamingHandler extends Error {}
class InvalidStreamingOperation extends Error {}
class UnhandledPromiseRejection extends Error {
  constructor(reason, promise) {
    super(reason);
    this.reason = reason;
    this.promise = promise;
  }
}

const classes = {
  ImportModuleError, HandlerNotFound, MalformedHandlerName, UserCodeSyntaxError, MalformedStreamingHandler,
  InvalidStreamingOperation, UnhandledPromiseRejection,
};
for (const [name, type] of Object.entries(classes)) type.prototype.name = `Runtime.${name}`;

/** Whether something has an error's members though it comes from another realm or is no Error at all. */
function looksLikeError(value) {
  return typeof value?.name === 'string' && typeof value.message === 'string' && typeof value.stack === 'string'
    && value.name !== '' && value.message !== '' && value.stack !== '';
}

function describe(error) {
  try {
    if (isNativeError(error) || looksLikeError(error)) {
      return {
        errorType: error.name === undefined ? undefined : String(error.name),
        errorMessage: error.message === undefined ? undefined : String(error.message),
        trace: String(error.stack).split('\n'),
      };
    }
    return { errorType: typeof error, errorMessage: error.toString(), trace: [] };
  } catch {
    return {
      errorType: 'handled',
      errorMessage: 'callback called with Error argument, but there was a problem while retrieving one or more of '
        + 'its message, name, and stack',
    };
  }
}

/** The JSON of the error object for a frame. */
function toPayload(error) {
  const shape = describe(error);
  const text = JSON.stringify(shape);
  if (text.length <= ERROR_BYTES_MAX) return text;
  const message = String(shape.errorMessage);
  return JSON.stringify({
    errorType: String(shape.errorType).slice(0, 1024),
    errorMessage: `${message.slice(0, 32 * 1024)}… (cut, ${message.length} characters)`,
    trace: shape.trace.slice(0, 50).map((line) => line.slice(0, 1024)),
  });
}

/** What an invocation's error looks like in the text log: all its own fields, as JSON behind a tab. */
function toLogText(error) {
  try {
    return `\t${JSON.stringify(error, (_, value) => withFields(value))}`;
  } catch {
    return `\t${JSON.stringify(describe(error))}`;
  }
}

function withFields(value) {
  if (!(value instanceof Error)) return value;
  const fields = { errorType: value.name, errorMessage: value.message, code: value.code, ...value };
  if (typeof value.stack === 'string') fields.stack = value.stack.split('\n');
  return fields;
}

module.exports = {
  ...classes,
  toPayload,
  toLogText,
  toError: (value) => (value instanceof Error ? value : new Error(value)),
};
