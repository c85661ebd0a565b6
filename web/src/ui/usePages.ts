import { useMemo } from 'react';
import { useInfiniteQuery } from '@tanstack/react-query';

export interface Pages<Row> {
  rows: Row[] | undefined;
  error: unknown;
  retry: () => void;
  more: { available: boolean; loading: boolean; load: () => void };
}

/** A list that the server hands out page by page, read anew every so many milliseconds while it is looked at. */
export function usePages<Row>(
  key: readonly unknown[],
  fetch: (after: string | undefined, signal: AbortSignal) => Promise<{ items: Row[]; next?: string }>,
  options: { every?: number; enabled?: boolean } = {},
): Pages<Row> {
  const query = useInfiniteQuery({
    queryKey: key,
    queryFn: ({ pageParam, signal }) => fetch(pageParam, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
    // Who has scrolled far is reading: reading every page again would cost much and move what is read.
    refetchInterval: ({ state }) => (options.every && (state.data?.pages.length ?? 1) <= 2 ? options.every : false),
    enabled: options.enabled ?? true,
  });
  const rows = useMemo(() => query.data?.pages.flatMap((page) => page.items), [query.data]);
  return {
    rows,
    error: query.error,
    retry: () => void query.refetch(),
    more: {
      available: query.hasNextPage,
      loading: query.isFetchingNextPage,
      load: () => void query.fetchNextPage(),
    },
  };
}
