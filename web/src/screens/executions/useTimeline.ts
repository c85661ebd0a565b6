import { useQuery } from '@tanstack/react-query';
import { getTimeline, type Execution, type Timeline } from '../../api/executions';

const pageRows = 1000;
/** Beyond, a timeline says nothing any more that the journal does not say better. */
const rowsMax = 50_000;

/** The whole timeline; large ones are read less often, since the server makes them from the journal each time. */
export function useTimeline(machine: string, name: string, execution: Execution | undefined) {
  const isRunning = execution?.status === 'running';
  return useQuery({
    // What has ended once may be redriven: then it is another timeline.
    queryKey: ['timeline', machine, name, execution?.status, execution?.redriveCount],
    queryFn: async ({ signal }): Promise<Timeline> => {
      const first = await getTimeline(machine, name, 0, pageRows, signal);
      const rows = [...first.rows];
      let next = first.next;
      while (next !== undefined && rows.length < rowsMax) {
        const page = await getTimeline(machine, name, next, pageRows, signal);
        rows.push(...page.rows);
        next = page.next;
      }
      return { ...first, rows };
    },
    enabled: execution !== undefined,
    placeholderData: (before) => before,
    refetchInterval: ({ state }) =>
      !isRunning
        ? false
        : (state.data?.rowCount ?? 0) < 500
          ? 1500
          : (state.data?.rowCount ?? 0) < 5000
            ? 5000
            : 20_000,
  });
}
