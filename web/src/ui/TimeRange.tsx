import { useMemo } from 'react';
import { useUrlState } from './useUrlState';

export const ranges = ['15m', '1h', '6h', '24h', '7d', '30d'] as const;

const names: Record<string, string> = {
  '15m': 'Last 15 minutes',
  '1h': 'Last hour',
  '6h': 'Last 6 hours',
  '24h': 'Last 24 hours',
  '7d': 'Last 7 days',
  '30d': 'Last 30 days',
};

const milliseconds: Record<string, number> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

/** "90m" in milliseconds. */
export function lengthOf(range: string): number {
  const match = /^(\d+)([mhd])$/.exec(range);
  return match ? Number(match[1]) * milliseconds[match[2]!]! : milliseconds['h']!;
}

/** The time a screen looks at, in its address (?range=). */
export function useTimeRange(fallback: string = '1h'): {
  range: string;
  setRange: (range: string) => void;
  length: number;
} {
  const [range, setRange] = useUrlState('range', fallback);
  const length = useMemo(() => lengthOf(range), [range]);
  return { range, setRange, length };
}

export function TimeRange({ range, setRange }: { range: string; setRange: (range: string) => void }) {
  return (
    <select aria-label="Time range" value={range} onChange={(event) => setRange(event.target.value)}>
      {ranges.map((each) => (
        <option key={each} value={each}>
          {names[each]}
        </option>
      ))}
      {!ranges.includes(range as (typeof ranges)[number]) && <option value={range}>Last {range}</option>}
    </select>
  );
}
