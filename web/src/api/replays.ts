// Calls that failed, made again together: /v1/replays.
import { queryOptions } from '@tanstack/react-query';
import { call, path } from './client';

export interface ReplayBatch {
  function?: string;
  errorGroup?: string;
  since?: string;
  until?: string;
  /** A version or an alias that they are made with. */
  version?: string;
  perSecond?: number;
  count?: number;
  isDryRun?: boolean;
}

export interface ReplayPlan {
  /** Absent when it only counted. */
  job?: string;
  matched: number;
  accepted: number;
  /** Why some are not repeated, with how many. */
  skipped: Record<string, number>;
}

export interface ReplayProgress {
  job: string;
  waiting: number;
  succeeded: number;
  failed: number;
  cancelled?: number;
}

export function replayMany(batch: ReplayBatch): Promise<ReplayPlan> {
  return call('/v1/replays', { method: 'POST', body: batch });
}

export const replayProgressQuery = (job: string, accepted: number) =>
  queryOptions({
    queryKey: ['replay', job],
    queryFn: ({ signal }) => call<ReplayProgress>(path`/v1/replays/${job}`, { signal }),
    refetchInterval: ({ state: { data } }) =>
      data && data.waiting === 0 && data.succeeded + data.failed >= accepted ? false : 1000,
  });

export function cancelReplay(job: string): Promise<ReplayProgress> {
  return call(path`/v1/replays/${job}`, { method: 'DELETE' });
}
