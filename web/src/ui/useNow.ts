import { useEffect, useState } from 'react';

/** The time, anew each so many milliseconds, for what is drawn up to now. */
export function useNow(everyMilliseconds: number, running = true): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (!running) return;
    const timer = setInterval(() => setNow(Date.now()), everyMilliseconds);
    return () => clearInterval(timer);
  }, [everyMilliseconds, running]);
  return now;
}
