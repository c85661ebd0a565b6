import './Sparkline.css';

const width = 92;
const height = 24;

/** Figures over time, small and without axes, for rows of a list: drawn as one shape so that hundreds cost little. */
export function Sparkline({
  label,
  values,
  bad,
}: {
  label: string;
  values: Array<number | null>;
  bad?: Array<number | null>;
}) {
  const most = Math.max(1, ...[...values, ...(bad ?? [])].map((value) => value ?? 0));
  const step = width / Math.max(1, values.length, bad?.length ?? 0);
  const bars = (of: Array<number | null>) =>
    of
      .map((value, index) => {
        const size = value ? Math.max(1.5, (value / most) * (height - 2)) : 0;
        return size === 0 ? '' : `M${(index * step + step / 2).toFixed(1)} ${height}V${(height - size).toFixed(1)}`;
      })
      .join('');
  return (
    <svg
      className="sparkline"
      width={width}
      height={height}
      viewBox={`0 0 ${width} ${height}`}
      role="img"
      aria-label={`${label}: highest ${most}`}
    >
      <path d={`M0 ${height - 0.5}H${width}`} className="sparkline-ground" />
      <path d={bars(values)} className="sparkline-bars" strokeWidth={Math.max(1, step - 1)} />
      {bad && <path d={bars(bad)} className="sparkline-bad" strokeWidth={Math.max(1, step - 1)} />}
    </svg>
  );
}
