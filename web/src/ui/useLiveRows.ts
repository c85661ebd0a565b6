import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { nothingYet, takeNewest, takeOlder, type LiveRows } from './liveRows';

interface Page<Row> {
  rows: Row[];
  next?: string;
}

interface LiveOptions<Row> {
  key: (row: Row) => string;
  /** What the list is of, with what it is narrowed by: another one begins anew. */
  queryKey: unknown[];
  fetchPage: (cursor: string | undefined, signal?: AbortSignal) => Promise<Page<Row>>;
  /** New rows go on top by themselves as long as the top is what is read. */
  isLive: boolean;
  periodMilliseconds?: number;
}

/** A server that looks for rare rows answers pages with few or none; after so many the next is fetched on demand. */
const sparsePagesMax = 5;
const sparseRows = 5;

/** How far down still counts as the top. */
const topPixels = 160;

/** A list that pages on the server and gets its newest rows every two seconds, without moving what is read. */
export function useLiveRows<Row>({ queryKey, fetchPage, isLive, key, periodMilliseconds = 2000 }: LiveOptions<Row>) {
  const [live, setLive] = useState<LiveRows<Row>>(nothingYet);
  const [next, setNext] = useState<string>();
  const [loading, setLoading] = useState(false);
  const [sparse, setSparse] = useState(0);
  const [olderError, setOlderError] = useState<unknown>(null);
  const identity = JSON.stringify(queryKey);
  const shownIdentity = useRef('');
  const head = useQuery({
    queryKey: [...queryKey, 'newest'],
    queryFn: ({ signal }) => fetchPage(undefined, signal),
    refetchInterval: periodMilliseconds,
    placeholderData: keepPreviousData,
  });

  useEffect(() => {
    if (!head.data || head.isPlaceholderData) return;
    if (shownIdentity.current !== identity) {
      shownIdentity.current = identity;
      setLive({ rows: head.data.rows, waiting: [], hasGap: false });
      setNext(head.data.next);
      setSparse(0);
      setOlderError(null);
      return;
    }
    const show = isLive && window.scrollY < topPixels;
    setLive((before) => {
      const after = takeNewest(before, head.data.rows, show, key);
      // Where it began anew, what is older is behind the new page.
      if (after.rows === head.data.rows && before.rows !== after.rows) setNext(head.data.next);
      return after;
    });
    // The page is taken in once for each time that it came.
  }, [head.data, head.isPlaceholderData, identity]);

  const showWaiting = useCallback(() => {
    window.scrollTo({ top: 0 });
    const page = head.data;
    if (!page) return;
    setLive((before) => {
      if (before.hasGap) setNext(page.next);
      return takeNewest(before, page.rows, true, key);
    });
  }, [head.data, key]);

  const load = useCallback(() => {
    if (!next) return;
    setLoading(true);
    const wanted = shownIdentity.current;
    fetchPage(next)
      .then((page) => {
        if (shownIdentity.current !== wanted) return;
        setLive((before) => takeOlder(before, page.rows, key));
        setNext(page.next);
        setSparse((count) => (page.rows.length < sparseRows ? count + 1 : 0));
        setOlderError(null);
      })
      .catch(setOlderError)
      .finally(() => setLoading(false));
  }, [next, fetchPage, key]);

  const { refetch } = head;
  const retry = useCallback(() => void refetch(), [refetch]);
  const more = useMemo(
    () => ({
      available: next !== undefined && olderError === null,
      loading,
      load,
      isManual: sparse >= sparsePagesMax,
    }),
    [next, olderError, loading, load, sparse],
  );
  const isOld = shownIdentity.current !== identity;
  return {
    rows: head.data && !isOld ? live.rows : isOld && live.rows.length > 0 ? live.rows : undefined,
    waiting: live.waiting.length,
    isMore: live.hasGap,
    showWaiting,
    error: head.error ?? olderError ?? undefined,
    retry,
    more,
  };
}
