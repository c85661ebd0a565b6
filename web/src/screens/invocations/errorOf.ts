// What a failed call answered, as Lambda's error object has it. Pure.
import type { Payload } from '../../api/invocations';

export interface CallError {
  type: string;
  message: string;
  /** Lines of the stack, without the first that repeats the message. */
  stack: string[];
}

export function errorOf(output: Payload | undefined): CallError | null {
  const value = output?.json;
  if (typeof value !== 'object' || value === null) return null;
  const object = value as Record<string, unknown>;
  const message = object['errorMessage'];
  if (typeof message !== 'string') return null;
  const stack = object['stackTrace'] ?? object['trace'];
  const lines = Array.isArray(stack) ? stack.flatMap((line) => String(line).split('\n')) : typeof stack === 'string' ? stack.split('\n') : [];
  return {
    type: typeof object['errorType'] === 'string' ? object['errorType'] : 'Error',
    message,
    stack: lines.map((line) => line.trimEnd()).filter((line) => line.trim() !== '' && !line.includes(`: ${message}`)),
  };
}
