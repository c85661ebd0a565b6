import { useCallback, useEffect, useRef, useState } from 'react';
import { ApiError } from '../../api/client';
import { followLogs, readLogs, type LogLine, type LogSearch } from '../../api/logs';
import { append, keyed, linesMax, seenBefore, type ShownLine } from './lines';

const firstLines = 500;
const olderLines = 1000;
const retryMillisecondsMax = 5000;
const resumeMilliseconds = 2000;
const recentLines = 2000;

export interface LogStream {
  lines: ShownLine[];
  /** Lines that came while the reader looks at older ones. */
  waiting: number;
  /** loading: nothing is there yet. live: what comes is shown. reconnecting: the server is away. ended: nothing comes. */
  state: 'loading' | 'live' | 'reconnecting' | 'ended';
  error: unknown;
  /** How far back the log goes for this search. */
  oldest: string | undefined;
  hasOlder: boolean;
  loadingOlder: boolean;
  /** Resolves to how many lines were put before the first. */
  loadOlder: () => Promise<number>;
  /** While held, what comes waits. */
  hold: (held: boolean) => void;
}

/**
 * The lines of a search, and with `follow` what comes. Lines are drawn once a frame however many come; a stream that
 * breaks is begun again from its last line, as often as it takes.
 */
export function useLogStream(search: LogSearch, follow: boolean): LogStream {
  const [lines, setLines] = useState<ShownLine[]>([]);
  const [waiting, setWaiting] = useState(0);
  const [state, setState] = useState<LogStream['state']>('loading');
  const [error, setError] = useState<unknown>(null);
  const [oldest, setOldest] = useState<string>();
  const [cursor, setCursor] = useState<string>();
  const [loadingOlder, setLoadingOlder] = useState(false);
  const inbox = useRef(new Inbox(setLines, setWaiting)).current;
  const identity = JSON.stringify(search);

  useEffect(() => {
    const ending = new AbortController();
    inbox.clear();
    setState('loading');
    setError(null);
    setOldest(undefined);
    setCursor(undefined);
    const opened = (isFirst: boolean) => (from: string | undefined, next: string | undefined) => {
      if (isFirst) {
        setOldest(from);
        setCursor(next);
      }
      setError(null);
      setState('live');
    };
    const run = follow
      ? followForever(search, inbox, ending.signal, opened, () => setState('reconnecting'))
      : readLogs(search, { limit: firstLines, signal: ending.signal }).then((page) => {
          opened(true)(page.oldest, page.next);
          inbox.take(page.lines);
        });
    run
      .catch((failure: unknown) => !ending.signal.aborted && setError(failure))
      .finally(() => !ending.signal.aborted && setState('ended'));
    return () => {
      ending.abort();
      inbox.clear();
    };
  }, [identity, follow]);

  const loadOlder = useCallback(async () => {
    if (!cursor) return 0;
    setLoadingOlder(true);
    try {
      const page = await readLogs(search, { limit: olderLines, cursor });
      setCursor(page.next);
      return inbox.prepend(page.lines);
    } finally {
      setLoadingOlder(false);
    }
  }, [identity, cursor]);

  return {
    lines,
    waiting,
    state,
    error,
    oldest,
    hasOlder: cursor !== undefined && lines.length < linesMax,
    loadingOlder,
    loadOlder,
    hold: inbox.hold,
  };
}

async function followForever(
  search: LogSearch,
  inbox: Inbox,
  signal: AbortSignal,
  opened: (isFirst: boolean) => (oldest: string | undefined, next: string | undefined) => void,
  lost: () => void,
): Promise<void> {
  let retryMilliseconds = 250;
  let isFirst = true;
  while (!signal.aborted) {
    const known = inbox.recent();
    const fresh = seenBefore(known);
    try {
      await followLogs(known.length > 0 ? { ...search, since: resumeAt(known.at(-1)!) } : search, {
        // After a break everything that was written meanwhile is wanted.
        limit: isFirst ? firstLines : linesMax,
        signal,
        onOpen: (oldest, next) => {
          retryMilliseconds = 250;
          opened(isFirst)(oldest, next);
          isFirst = false;
        },
        onLines: (lines) => inbox.take(fresh(lines)),
      });
    } catch (failure) {
      // What the server refused it refuses again.
      if (failure instanceof ApiError && failure.status < 500) throw failure;
    }
    if (signal.aborted) return;
    lost();
    await new Promise((resolve) => setTimeout(resolve, retryMilliseconds));
    retryMilliseconds = Math.min(retryMilliseconds * 2, retryMillisecondsMax);
  }
}

/** A little before the last line, because another environment's line of then may come later. */
function resumeAt(last: LogLine): string {
  return new Date(Date.parse(last.time) - resumeMilliseconds).toISOString();
}

/** Gathers what comes, and hands it to the page once a frame. */
class Inbox {
  private shown: ShownLine[] = [];
  private pending: ShownLine[] = [];
  private frame = 0;
  private isHeld = false;

  constructor(
    private readonly show: (lines: ShownLine[]) => void,
    private readonly tellWaiting: (count: number) => void,
  ) {}

  recent(): LogLine[] {
    return this.shown.slice(-recentLines).concat(this.pending);
  }

  take(lines: LogLine[]): void {
    if (lines.length === 0) return;
    this.pending = append(this.pending, keyed(lines));
    this.frame ||= requestAnimationFrame(() => this.flush());
  }

  prepend(lines: LogLine[]): number {
    const room = linesMax - this.shown.length;
    const older = keyed(lines.slice(Math.max(0, lines.length - room)));
    this.shown = [...older, ...this.shown];
    this.show(this.shown);
    return older.length;
  }

  hold = (held: boolean): void => {
    if (this.isHeld === held) return;
    this.isHeld = held;
    if (!held) this.flush();
  };

  clear(): void {
    cancelAnimationFrame(this.frame);
    this.frame = 0;
    this.pending = [];
    this.shown = [];
    this.show(this.shown);
    this.tellWaiting(0);
  }

  private flush(): void {
    this.frame = 0;
    if (this.isHeld && this.shown.length > 0) {
      this.tellWaiting(this.pending.length);
      return;
    }
    if (this.pending.length === 0) return;
    this.shown = append(this.shown, this.pending);
    this.pending = [];
    this.show(this.shown);
    this.tellWaiting(0);
  }
}
