import { useEffect, useState } from 'react';
import { relative } from './format';

let now = Date.now();
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

/** One clock for all times on the page, so that they change together. */
function useNow(): number {
  const [, tick] = useState(0);
  useEffect(() => {
    const listener = () => tick((count) => count + 1);
    listeners.add(listener);
    timer ??= setInterval(() => {
      now = Date.now();
      for (const each of listeners) each();
    }, 1000);
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0) {
        clearInterval(timer);
        timer = undefined;
      }
    };
  }, []);
  return Math.max(now, Date.now() - 1000);
}

/** How long ago or ahead; the exact time, local and UTC, is its tooltip. */
export function Time({ at }: { at: string | number | Date | null | undefined }) {
  const reference = useNow();
  if (at === null || at === undefined || at === '') return <span className="faint">–</span>;
  const date = new Date(typeof at === 'number' && at < 1e11 ? at * 1000 : at);
  if (Number.isNaN(date.getTime())) return <span>{String(at)}</span>;
  return (
    <time dateTime={date.toISOString()} title={`${date.toLocaleString()} · ${date.toISOString()}`}>
      {relative(date.getTime(), reference)}
    </time>
  );
}

/** The time of day with milliseconds, for lists in which order matters. */
export function ClockTime({ at }: { at: string | number }) {
  const date = new Date(at);
  const text = `${date.toLocaleTimeString('en-GB')}.${String(date.getMilliseconds()).padStart(3, '0')}`;
  return (
    <time className="mono" dateTime={date.toISOString()} title={`${date.toLocaleString()} · ${date.toISOString()}`}>
      {text}
    </time>
  );
}
