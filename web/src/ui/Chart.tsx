import { useEffect, useRef } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import './Chart.css';

export interface Series {
  label: string;
  values: Array<number | null>;
  /** One of the six colours of the theme; default: by its place. */
  colour?: 1 | 2 | 3 | 4 | 5 | 6 | 'bad' | 'good' | 'warn';
  kind?: 'line' | 'area' | 'bars';
}

interface ChartProps {
  /** What is shown, in words, for those who do not see it. */
  label: string;
  /** Seconds since 1970, rising. */
  times: number[];
  series: Series[];
  height?: number;
  format?: (value: number) => string;
  /** The range that was drawn over with the pointer, in seconds since 1970. */
  onSelect?: (from: number, to: number) => void;
  /** Without axes and legend. */
  bare?: boolean;
}

/** Figures over time. */
export function Chart({ label, times, series, height = 180, format = String, onSelect, bare }: ChartProps) {
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const latest = useRef({ format, onSelect });
  latest.current = { format, onSelect };
  const shape = JSON.stringify([series.map((each) => [each.label, each.colour, each.kind]), height, bare]);

  useEffect(() => {
    const host = place.current!;
    const make = () => {
      plot.current?.destroy();
      plot.current = new uPlot(
        optionsOf(host, series, height, bare === true, latest.current), [times, ...series.map((each) => each.values)], host);
    };
    make();
    const resized = new ResizeObserver(() => plot.current?.setSize({ width: host.clientWidth, height }));
    resized.observe(host);
    // Colours are read from the theme, so a new theme is a new chart.
    const themed = new MutationObserver(make);
    themed.observe(document.documentElement, { attributeFilter: ['data-theme'] });
    return () => {
      resized.disconnect();
      themed.disconnect();
      plot.current?.destroy();
      plot.current = null;
    };
    // The data comes by the effect below.
  }, [shape]);

  useEffect(() => {
    plot.current?.setData([times, ...series.map((each) => each.values)]);
  }, [times, series]);

  return (
    <figure className={bare ? 'chart chart-bare' : 'chart'} role="img" aria-label={`${label}. ${summary(series, format)}`}>
      <div ref={place} style={{ height }} />
    </figure>
  );
}

function optionsOf(
  host: HTMLElement, series: Series[], height: number, bare: boolean,
  latest: { format: (value: number) => string; onSelect?: (from: number, to: number) => void },
): uPlot.Options {
  const style = getComputedStyle(document.documentElement);
  const colour = (name: string) => style.getPropertyValue(name).trim();
  const axis = { stroke: colour('--text-faint'), grid: { stroke: colour('--line'), width: 1 }, ticks: { show: false }, font: '11px system-ui' };
  return {
    width: host.clientWidth || 300,
    height,
    padding: bare ? [2, 0, 2, 0] : [10, 12, 0, 0],
    legend: { show: !bare && series.length > 0, live: true },
    cursor: { show: !bare, y: false, drag: { x: latest.onSelect !== undefined, y: false, setScale: false } },
    scales: { y: { range: (_, low, high) => [Math.min(0, low), high > 0 ? high * 1.08 : 1] } },
    axes: bare ? [{ show: false }, { show: false }] : [
      axis, { ...axis, size: 62, values: (_, ticks) => ticks.map((tick) => latest.format(tick)) },
    ],
    hooks: {
      setSelect: [(self) => {
        if (self.select.width > 4) {
          latest.onSelect?.(self.posToVal(self.select.left, 'x'), self.posToVal(self.select.left + self.select.width, 'x'));
        }
      }],
    },
    series: [
      {},
      ...series.map((each, index): uPlot.Series => {
        const stroke = colour(typeof each.colour === 'string' ? `--${each.colour}` : `--series-${each.colour ?? (index % 6) + 1}`);
        return {
          label: each.label,
          stroke,
          width: 1.6,
          points: { show: false },
          spanGaps: false,
          fill: each.kind === 'area' || each.kind === 'bars' ? `${stroke}26` : undefined,
          paths: each.kind === 'bars' ? uPlot.paths.bars!({ size: [0.8, 40] }) : undefined,
          value: (_, value) => (value === null || value === undefined ? '–' : latest.format(value)),
        };
      }),
    ],
  };
}

/** The chart in a sentence: each series with its last and its highest value. */
function summary(series: Series[], format: (value: number) => string): string {
  return series.map((each) => {
    const values = each.values.filter((value): value is number => value !== null);
    return values.length === 0
      ? `${each.label}: no data`
      : `${each.label}: last ${format(values.at(-1)!)}, highest ${format(Math.max(...values))}`;
  }).join('; ');
}
