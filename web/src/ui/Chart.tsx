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
  /** For what is compared with: another time, another place. */
  dashed?: boolean;
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
  /** False: what the series are is said elsewhere. */
  legend?: boolean;
  /** A value to compare with, drawn as a line. */
  threshold?: number;
}

/** Figures over time. */
export function Chart({
  label,
  times,
  series,
  height = 180,
  format = String,
  onSelect,
  bare,
  legend = true,
  threshold,
}: ChartProps) {
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const latest = useRef({ format, onSelect });
  latest.current = { format, onSelect };
  const shape = JSON.stringify([
    series.map((each) => [each.label, each.colour, each.kind, each.dashed]),
    height,
    bare,
    legend,
    threshold,
  ]);

  useEffect(() => {
    const host = place.current!;
    const make = () => {
      plot.current?.destroy();
      plot.current = new uPlot(
        optionsOf(host, series, { height, bare: bare === true, legend, threshold }, latest.current),
        [times, ...series.map((each) => each.values)],
        host,
      );
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
    <figure
      className={bare ? 'chart chart-bare' : 'chart'}
      role="img"
      aria-label={`${label}. ${summary(series, format)}`}
    >
      <div ref={place} style={{ height }} />
    </figure>
  );
}

function optionsOf(
  host: HTMLElement,
  series: Series[],
  {
    height,
    bare,
    legend,
    threshold,
  }: { height: number; bare: boolean; legend: boolean; threshold: number | undefined },
  latest: { format: (value: number) => string; onSelect?: (from: number, to: number) => void },
): uPlot.Options {
  const style = getComputedStyle(document.documentElement);
  const colour = (name: string) => style.getPropertyValue(name).trim();
  const axis = {
    stroke: colour('--text-faint'),
    grid: { stroke: colour('--line'), width: 1 },
    ticks: { show: false },
    font: '11px system-ui',
  };
  return {
    width: host.clientWidth || 300,
    height,
    padding: bare ? [2, 0, 2, 0] : [10, 22, 0, 0],
    legend: { show: !bare && legend && series.length > 0, live: true },
    cursor: { show: !bare, y: false, drag: { x: latest.onSelect !== undefined, y: false, setScale: false } },
    scales: { y: { range: (_, low, high) => rangeOf(low, Math.max(high, threshold ?? high)) } },
    axes: bare
      ? [{ show: false }, { show: false }]
      : [
          { ...axis, values: (_, ticks, _axis, _space, step) => clockTicks(ticks, step) },
          { ...axis, size: 62, values: (_, ticks) => ticks.map((tick) => latest.format(tick)) },
        ],
    hooks: {
      draw: threshold === undefined ? [] : [(self) => drawThreshold(self, threshold, colour('--bad'))],
      setSelect: [
        (self) => {
          if (self.select.width > 4) {
            latest.onSelect?.(
              self.posToVal(self.select.left, 'x'),
              self.posToVal(self.select.left + self.select.width, 'x'),
            );
          }
        },
      ],
    },
    series: [
      {},
      ...series.map((each, index): uPlot.Series => {
        const stroke = colour(
          typeof each.colour === 'string' ? `--${each.colour}` : `--series-${each.colour ?? (index % 6) + 1}`,
        );
        return {
          label: each.label,
          stroke,
          width: each.dashed ? 1.2 : 1.6,
          dash: each.dashed ? [5, 4] : undefined,
          // A value without neighbours is no line, and would not be seen.
          points: { show: true, size: 5, fill: stroke, filter: (self, place) => alone(self.data[place]!) },
          spanGaps: false,
          fill: each.kind === 'area' || each.kind === 'bars' ? `${stroke}26` : undefined,
          paths: each.kind === 'bars' ? uPlot.paths.bars!({ size: [0.8, 40] }) : undefined,
          value: (_, value) => (value === null || value === undefined ? '–' : latest.format(value)),
        };
      }),
    ],
  };
}

/** Times of day, with the day where it changes; days alone where they are a day apart. */
function clockTicks(ticks: number[], step: number): string[] {
  let before = '';
  return ticks.map((tick) => {
    const date = new Date(tick * 1000);
    const day = date.toLocaleDateString('en-GB', { day: 'numeric', month: 'short' });
    const isNewDay = day !== before;
    before = day;
    if (step >= 86_400) return day;
    const clock = date.toLocaleTimeString('en-GB', step < 60 ? {} : { hour: '2-digit', minute: '2-digit' });
    return isNewDay ? `${clock}\n${day}` : clock;
  });
}

function alone(values: ArrayLike<number | null | undefined>): number[] {
  const places: number[] = [];
  for (let place = 0; place < values.length; place++) {
    const isThere = (at: number) => values[at] !== null && values[at] !== undefined;
    if (isThere(place) && !isThere(place - 1) && !isThere(place + 1)) places.push(place);
  }
  return places;
}

function rangeOf(low: number, high: number): [number, number] {
  return [Math.min(0, low), high > 0 ? high * 1.08 : 1];
}

function drawThreshold(plot: uPlot, value: number, colour: string): void {
  const { ctx, bbox } = plot;
  const height = Math.round(plot.valToPos(value, 'y', true)) + 0.5;
  ctx.save();
  ctx.strokeStyle = colour;
  ctx.setLineDash([6, 4]);
  ctx.beginPath();
  ctx.moveTo(bbox.left, height);
  ctx.lineTo(bbox.left + bbox.width, height);
  ctx.stroke();
  ctx.restore();
}

/** The chart in a sentence: each series with its last and its highest value. */
function summary(series: Series[], format: (value: number) => string): string {
  return series
    .map((each) => {
      const values = each.values.filter((value): value is number => value !== null);
      return values.length === 0
        ? `${each.label}: no data`
        : `${each.label}: last ${format(values.at(-1)!)}, highest ${format(Math.max(...values))}`;
    })
    .join('; ');
}
