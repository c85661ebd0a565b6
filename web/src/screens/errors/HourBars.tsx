import './HourBars.css';

/** How often something happened in each hour, as bars; in words for those who do not see them. */
export function HourBars({
  counts,
  hours,
  height = 22,
  tone = 'bad',
}: {
  counts: number[];
  hours: string[];
  height?: number;
  tone?: 'bad' | 'neutral';
}) {
  const most = Math.max(1, ...counts);
  const sum = counts.reduce((total, each) => total + each, 0);
  const width = 4;
  return (
    <svg
      className={`hour-bars hour-bars-${tone}`}
      role="img"
      viewBox={`0 0 ${Math.max(counts.length, 1) * width} ${height}`}
      style={{ height }}
      preserveAspectRatio="none"
      aria-label={`${sum} in the last ${counts.length} hours, at most ${most} in one`}
    >
      {counts.map((count, index) => (
        <rect
          key={hours[index] ?? index}
          x={index * width}
          width={width - 1}
          y={count === 0 ? height - 1 : height - Math.max(2, (count / most) * height)}
          height={count === 0 ? 1 : Math.max(2, (count / most) * height)}
          className={count === 0 ? 'hour-bars-none' : undefined}
        >
          <title>{`${hours[index] ? new Date(hours[index]).toLocaleString() : ''}: ${count}`}</title>
        </rect>
      ))}
    </svg>
  );
}
