// The log of an account's functions: /v1/logs, JSON lines.
import { send, type QueryValues } from './client';

export interface LogLine {
  time: string;
  function: string;
  version: string;
  requestId?: string;
  environment: string;
  text: string;
  level?: LogLevel;
}

export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal';

export const logLevels: LogLevel[] = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'];

export interface LogSearch {
  function?: string;
  version?: string;
  request?: string;
  grep?: string;
  pattern?: string;
  /** Each NAME=VALUE; all must hold. */
  where?: string[];
  level?: string;
  /** A time, or a length such as 15m. */
  since?: string;
  until?: string;
}

export interface LogPage {
  lines: LogLine[];
  /** The cursor of the page before this one; absent on the first. */
  next?: string;
  /** How far back the log goes for this search. */
  oldest?: string;
}

const whereMax = 20;

/** The newest lines that match, in the order of time. */
export async function readLogs(
  search: LogSearch,
  options: { limit?: number; cursor?: string; signal?: AbortSignal } = {},
): Promise<LogPage> {
  const response = await send('/v1/logs', {
    query: queryOf(search, { limit: options.limit ?? 500, cursor: options.cursor }),
    signal: options.signal,
  });
  const lines = parseLines(await response.text());
  return {
    lines,
    next: response.headers.get('x-lambent-logs-next') ?? undefined,
    oldest: response.headers.get('x-lambent-logs-oldest') ?? undefined,
  };
}

/**
 * Follows the log: `onLines` gets what is there and then what comes, several at a time. Ends when the server ends the
 * answer; the caller begins again from the last line it got.
 */
export async function followLogs(
  search: LogSearch,
  options: {
    limit: number;
    signal: AbortSignal;
    onOpen: (oldest: string | undefined, next: string | undefined) => void;
    onLines: (lines: LogLine[]) => void;
  },
): Promise<void> {
  const response = await send('/v1/logs', {
    query: queryOf(search, { limit: options.limit, follow: true }),
    signal: options.signal,
  });
  options.onOpen(
    response.headers.get('x-lambent-logs-oldest') ?? undefined,
    response.headers.get('x-lambent-logs-next') ?? undefined,
  );
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    const text = rest + value;
    const end = text.lastIndexOf('\n');
    rest = end < 0 ? text : text.slice(end + 1);
    const lines = end < 0 ? [] : parseLines(text.slice(0, end));
    if (lines.length > 0) options.onLines(lines);
  }
}

/** JSON lines; empty ones say only that the connection lives. */
export function parseLines(text: string): LogLine[] {
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => JSON.parse(line) as LogLine);
}

function queryOf(search: LogSearch, more: QueryValues): QueryValues {
  const { where, ...plain } = search;
  return { ...plain, where: where?.slice(0, whereMax), ...more };
}

/** The same search for a terminal. */
export function logsCommand(search: LogSearch, quote: (text: string) => string, follow: boolean): string {
  const parts = ['lambent logs'];
  if (search.function) parts.push(quote(search.function));
  if (follow) parts.push('--follow');
  if (search.version) parts.push(`--qualifier ${quote(search.version)}`);
  if (search.level) parts.push(`--level ${search.level}`);
  if (search.grep) parts.push(`--grep ${quote(search.grep)}`);
  if (search.pattern) parts.push(`--pattern ${quote(search.pattern)}`);
  for (const where of search.where ?? []) parts.push(`--where ${quote(where)}`);
  if (search.request) parts.push(`--request ${quote(search.request)}`);
  if (search.since) parts.push(`--since ${quote(search.since)}`);
  if (search.until) parts.push(`--until ${quote(search.until)}`);
  return parts.join(' ');
}
