import './Sparkline.css';

interface SparklineProps {
  values: Array<number | null>;
  /** What is shown, in words. */
  label: string;
  width?: number;
  height?: number;
  tone?: 'accent' | 'bad';
}

/** Figures over time in the height of a line of text. */
export function Sparkline({ values, label, width = 96, height = 22, tone = 'accent' }: SparklineProps) {
  const highest = Math.max(1e-9, ...values.map((value) => value ?? 0));
  const step = width / Math.max(1, values.length - 1);
  const points = values.map((value, index) => `${round(index * step)},${round(height - 1 - ((value ?? 0) / highest) * (height - 3))}`);
  return (
    <svg className={`sparkline sparkline-${tone}`} width={width} height={height} viewBox={`0 0 ${width} ${height}`} role="img"
      aria-label={label}>
      {points.length > 0 && (
        <>
          <polygon points={`0,${height} ${points.join(' ')} ${width},${height}`} />
          <polyline points={points.join(' ')} />
        </>
      )}
    </svg>
  );
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
