// Figures of machines over a day, from one table of metrics. Pure.
import type { MetricTable } from '../../api/series';

export interface MachineFigures {
  started: number;
  succeeded: number;
  /** Failed or out of time. */
  failed: number;
  p95: number | null;
  perHour: number[];
}

export const none: MachineFigures = { started: 0, succeeded: 0, failed: 0, p95: null, perHour: [] };

export function figuresOf(table: MetricTable): Map<string, MachineFigures> {
  return new Map(
    table.groups.map((group) => {
      const total = (metric: string) => group.series.find((each) => each.metric === metric)?.total ?? null;
      return [
        group.group['machine'] ?? '',
        {
          started: total('executions.started') ?? 0,
          succeeded: total('executions.succeeded') ?? 0,
          failed: (total('executions.failed') ?? 0) + (total('executions.timed-out') ?? 0),
          p95: total('executions.time'),
          perHour: (group.series.find((each) => each.metric === 'executions.started')?.values ?? []).map(
            (value) => value ?? 0,
          ),
        },
      ];
    }),
  );
}
