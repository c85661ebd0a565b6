import { useMemo } from 'react';
import { count } from '../../ui/format';
import { histogram, type Bucket } from './lines';
import type { LogLine } from '../../api/logs';

const height = 44;

/** How many of the lines that are shown there are at which time; a bar leads to its time. */
export function LogHistogram({ lines, onPick }: { lines: LogLine[]; onPick: (from: number, to: number) => void }) {
  const buckets = useMemo(() => histogram(lines), [lines]);
  const highest = Math.max(1, ...buckets.map((bucket) => bucket.total));
  const first = buckets[0];
  const last = buckets.at(-1);
  return (
    <div className="log-histogram">
      <div className="log-histogram-bars" role="group" aria-label={`${count(lines.length)} lines over time`}>
        {buckets.map((bucket) => (
          <button
            key={bucket.from}
            type="button"
            className="log-histogram-bar"
            title={describe(bucket)}
            aria-label={describe(bucket)}
            disabled={bucket.total === 0}
            onClick={() => onPick(bucket.from, bucket.to)}
          >
            <Part value={bucket.total - bucket.bad - bucket.warn} highest={highest} kind="plain" />
            <Part value={bucket.warn} highest={highest} kind="warn" />
            <Part value={bucket.bad} highest={highest} kind="bad" />
          </button>
        ))}
      </div>
      <div className="log-histogram-ends faint">
        <span>{first && clock(first.from)}</span>
        <span>{last && clock(last.to)}</span>
      </div>
    </div>
  );
}

function Part({ value, highest, kind }: { value: number; highest: number; kind: string }) {
  // What there is at all is seen, however little it is beside the rest.
  return value === 0 ? null : (
    <span
      className={`log-histogram-part log-histogram-${kind}`}
      style={{ height: Math.max(2, (value / highest) * height) }}
    />
  );
}

function describe(bucket: Bucket): string {
  const bad = bucket.bad > 0 ? `, ${bucket.bad} errors` : '';
  const warn = bucket.warn > 0 ? `, ${bucket.warn} warnings` : '';
  return `${clock(bucket.from)} to ${clock(bucket.to)}: ${bucket.total} lines${bad}${warn}`;
}

function clock(time: number): string {
  const date = new Date(time);
  const isToday = date.toDateString() === new Date().toDateString();
  return isToday
    ? date.toLocaleTimeString('en-GB')
    : `${date.toLocaleDateString('en-GB', { day: 'numeric', month: 'short' })} ${date.toLocaleTimeString('en-GB')}`;
}
