import { useCallback, useEffect, useRef, useState } from 'react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { nothingYet, takeNewest, takeOlder, type LiveRows, type RowOrder } from './liveRows';

interface Page<Row> {
  rows: Row[];
  next?: string;
}

interface LiveOptions<Row> extends RowOrder<Row> {
  /** What the list is of, with what it is narrowed by: another one begins anew. */
  queryKey: unknown[];
  fetchPage: (cursor: string | undefined, signal?: AbortSignal) => Promise<Page<Row>>;
  /** New rows go on top by themselves as long as the top is what is read. */
  isLive: boolean;
  periodMilliseconds?: number;
}

/** How far down still counts as the top. */
const topPixels = 160;

/** A list that pages on the server and gets its newest rows every two seconds, without moving what is read. */
export function useLiveRows<Row>({ queryKey, fetchPage, isLive, key, order, periodMilliseconds = 2000 }: LiveOptions<Row>) {
  const [live, setLive] = useState<LiveRows<Row>>(nothingYet);
  const [next, setNext] = useState<string>();
  const [loading, setLoading] = useState(false);
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
      setOlderError(null);
      return;
    }
    const show = isLive && window.scrollY < topPixels;
    setLive((before) => {
      const after = takeNewest(before, head.data.rows, show, { key, order });
      // Where it began anew, what is older is behind the new page.
      if (after.rows === head.data.rows && before.rows !== after.rows) setNext(head.data.next);
      return after;
    });
    // The page is taken in once for each time that it came.
  }, [head.data, head.isPlaceholderData, identity]);

  const showWaiting = useCallback(() => {
    window.scrollTo({ top: 0 });
    const page = head.data;
    setLive((before) => {
      if (before.hasGap && page) {
        setNext(page.next);
        return { rows: page.rows, waiting: [], hasGap: false };
      }
      return takeNewest(before, [], true, { key, order });
    });
  }, [head.data, key, order]);

  const load = useCallback(() => {
    if (!next) return;
    setLoading(true);
    const wanted = shownIdentity.current;
    fetchPage(next).then((page) => {
      if (shownIdentity.current !== wanted) return;
      setLive((before) => takeOlder(before, page.rows, { key, order }));
      setNext(page.next);
      setOlderError(null);
    }).catch(setOlderError).finally(() => setLoading(false));
  }, [next, fetchPage, key, order]);

  const isOld = shownIdentity.current !== identity;
  return {
    rows: head.data && !isOld ? live.rows : isOld && live.rows.length > 0 ? live.rows : undefined,
    waiting: live.waiting.length,
    isMore: live.hasGap,
    showWaiting,
    error: head.error ?? olderError ?? undefined,
    retry: () => void head.refetch(),
    more: { available: next !== undefined && olderError === null, loading, load },
  };
}
