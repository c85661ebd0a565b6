import { useMemo, useState } from 'react';
import { useLocation, useSearch } from 'wouter';
import { Button } from '../../ui/Button';
import { Chart, type Series } from '../../ui/Chart';
import { CopyAs, shellQuote } from '../../ui/CopyAs';
import { EmptyState } from '../../ui/EmptyState';
import { ErrorBox } from '../../ui/ErrorBox';
import { figure } from '../../ui/figure';
import { saveText } from '../../ui/saveFile';
import { Controls, Presets } from './Controls';
import {
  asCsv,
  metricsCommand,
  queryOf,
  readState,
  summarize,
  writeState,
  type ExplorerState,
  type Line,
} from './explorer';
import { useExplored, type Explored } from './useExplorer';

const chartPixels = 280;
const tableRowsMax = 500;

/** Figures over time: what, of what, since when; drawn or as a table. */
export function Explore() {
  const query = useSearch();
  const [, navigate] = useLocation();
  const state = useMemo(() => readState(query), [query]);
  const change = (next: Partial<ExplorerState>) => {
    const text = writeState({ ...state, ...next });
    navigate(text ? `/explorer?${text}` : '/explorer', { replace: true });
  };
  const explored = useExplored(state);
  const zoom = (from: number, to: number) =>
    change({ since: new Date(from * 1000).toISOString(), until: new Date(to * 1000).toISOString() });
  return (
    <div className="stack-large">
      <Presets change={change} />
      <Controls state={state} change={change} />
      {explored.error ? <ErrorBox error={explored.error} /> : null}
      <div className="row">
        <div className="row" role="group" aria-label="View">
          <Button
            kind={state.view === 'chart' ? 'plain' : 'quiet'}
            aria-pressed={state.view === 'chart'}
            icon="metric"
            onClick={() => change({ view: 'chart' })}
          >
            Chart
          </Button>
          <Button
            kind={state.view === 'table' ? 'plain' : 'quiet'}
            aria-pressed={state.view === 'table'}
            icon="log"
            onClick={() => change({ view: 'table' })}
          >
            Table
          </Button>
        </div>
        <span className="grow faint">{explored.leftOut > 0 && `${explored.leftOut} smaller groups are left out.`}</span>
        <Button
          kind="quiet"
          icon="download"
          disabled={explored.lines.length === 0}
          onClick={() => saveText('lambent-metrics.csv', asCsv(explored.times, explored.lines))}
        >
          CSV
        </Button>
        <CopyAs
          forms={{ cli: metricsCommand(state, shellQuote), request: { method: 'GET', path: requestPath(state) } }}
        />
      </div>
      {state.view === 'chart' ? <Charts explored={explored} onZoom={zoom} /> : <Table explored={explored} />}
    </div>
  );
}

function requestPath(state: ExplorerState): string {
  const { metric, ...plain } = queryOf(state, 'function', state.metrics, false);
  const parameters = new URLSearchParams();
  for (const each of metric) parameters.append('metric', each);
  for (const [name, value] of Object.entries(plain)) if (value !== undefined) parameters.set(name, String(value));
  return `/v1/metrics/data?${parameters.toString()}`;
}

/** One chart for each unit, because a share and a time have no common scale. */
function Charts({ explored, onZoom }: { explored: Explored; onZoom: (from: number, to: number) => void }) {
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  const units = [...new Set(explored.lines.map((line) => line.unit))];
  const toggle = (id: string) =>
    setHidden((before) => {
      const after = new Set(before);
      if (!after.delete(id)) after.add(id);
      return after;
    });
  if (explored.loading && explored.lines.length === 0)
    return <div className="card explorer-waiting" aria-busy="true" />;
  if (explored.lines.length === 0) {
    return (
      <EmptyState icon="metric" title="Nothing was measured here" command="lambent invoke NAME">
        Calls, queues and workflows are measured by the minute once something happens.
      </EmptyState>
    );
  }
  return (
    <>
      {units.map((unit) => {
        const lines = explored.lines.filter((line) => line.unit === unit);
        return (
          <section key={unit} className="card stack" aria-label={lines.map((line) => line.label).join(', ')}>
            <Chart
              label={lines.map((line) => line.label).join(', ')}
              times={explored.times}
              height={chartPixels}
              legend={false}
              series={seriesOf(
                lines.filter((line) => !hidden.has(line.id)),
                lines,
              )}
              onSelect={onZoom}
              format={(value) => figure(value, unit, explored.currency)}
            />
            <Legend lines={lines} hidden={hidden} toggle={toggle} currency={explored.currency} />
          </section>
        );
      })}
      <p className="faint">Draw over a chart to look closer.</p>
    </>
  );
}

function colourOf(lines: Line[], line: Line): 1 | 2 | 3 | 4 | 5 | 6 {
  return ((lines.indexOf(line) % 6) + 1) as 1;
}

function seriesOf(shown: Line[], all: Line[]): Series[] {
  return shown.flatMap((line): Series[] => [
    { label: line.label, values: line.values, colour: colourOf(all, line), kind: shown.length === 1 ? 'area' : 'line' },
    ...(line.before
      ? [{ label: `${line.label}, before`, values: line.before, colour: colourOf(all, line), dashed: true } as Series]
      : []),
  ]);
}

function Legend({
  lines,
  hidden,
  toggle,
  currency,
}: {
  lines: Line[];
  hidden: ReadonlySet<string>;
  toggle: (id: string) => void;
  currency?: string;
}) {
  const compares = lines.some((line) => line.before);
  return (
    <div className="explorer-scroll">
      <table className="explorer-table" aria-label="Series">
        <thead>
          <tr>
            <th scope="col">Series</th>
            {['Last', 'Average', 'Highest', 'Whole time'].map((name) => (
              <th key={name} scope="col" className="number">
                {name}
              </th>
            ))}
            {compares && (
              <th scope="col" className="number">
                Before
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {lines.map((line) => {
            const { last, average, highest } = summarize(line.values);
            return (
              <tr key={line.id} className={hidden.has(line.id) ? 'explorer-hidden' : undefined}>
                <td>
                  <button
                    type="button"
                    className="explorer-series"
                    aria-pressed={!hidden.has(line.id)}
                    onClick={() => toggle(line.id)}
                  >
                    <span className={`explorer-colour explorer-colour-${colourOf(lines, line)}`} aria-hidden="true" />{' '}
                    {line.label}
                  </button>
                </td>
                {[last, average, highest, line.total].map((value, index) => (
                  <td key={index} className="number">
                    {figure(value, line.unit, currency)}
                  </td>
                ))}
                {compares && (
                  <td className="number">
                    {figure(line.totalBefore, line.unit, currency)}
                    {change(line)}
                  </td>
                )}
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

function change(line: Line): string {
  if (!line.totalBefore || line.total === undefined) return '';
  const share = (line.total - line.totalBefore) / line.totalBefore;
  return ` (${share >= 0 ? '+' : ''}${Math.round(share * 100)} %)`;
}

function Table({ explored }: { explored: Explored }) {
  const rows = explored.times
    .map((time, index) => ({ time, index }))
    .reverse()
    .slice(0, tableRowsMax);
  return (
    <div className="card explorer-scroll explorer-figures" tabIndex={0} role="region" aria-label="Figures by time">
      <table className="explorer-table" aria-label="Figures by time">
        <thead>
          <tr>
            <th scope="col">Time</th>
            {explored.lines.map((line) => (
              <th key={line.id} scope="col" className="number">
                {line.label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ time, index }) => (
            <tr key={time}>
              <td className="mono">{new Date(time * 1000).toISOString().slice(0, 16).replace('T', ' ')}Z</td>
              {explored.lines.map((line) => (
                <td key={line.id} className="number">
                  {figure(line.values[index], line.unit, explored.currency)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
