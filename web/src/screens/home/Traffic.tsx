import { useQuery } from '@tanstack/react-query';
import { readMetrics, secondsOf } from '../../api/metrics';
import { Chart } from '../../ui/Chart';
import { count, duration, percent } from '../../ui/format';
import { Tile } from './Tile';

const often = 5000;
const chartPixels = 148;

/** Calls of the last hour by the minute, and those that failed. */
export function Traffic() {
  const { data, error } = useQuery({
    queryKey: ['home', 'traffic'],
    queryFn: ({ signal }) =>
      readMetrics(
        {
          metric: ['invocations', 'errors', 'throttles', 'duration:p50', 'duration:p95', 'cold-share'],
          since: '1h',
          period: 60,
        },
        signal,
      ),
    refetchInterval: often,
  });
  const series = data?.groups[0]?.series ?? [];
  const [calls, errors, throttles, p50, p95, cold] = series;
  const share = calls?.total ? (errors?.total ?? 0) / calls.total : 0;
  return (
    <Tile title="Traffic of the last hour" href="/explorer" error={data ? null : error} className="tile-traffic">
      <div className="traffic">
        <dl className="traffic-figures">
          <Item name="Calls" value={calls ? count(calls.total ?? 0) : null} />
          <Item
            name="Errors"
            value={errors ? `${count(errors.total ?? 0)} · ${percent(share)}` : null}
            isBad={share > 0}
          />
          <Item name="p50 · p95" value={p50 ? `${time(p50.total)} · ${time(p95?.total)}` : null} />
          <Item name="Cold" value={cold ? percent(cold.total ?? 0) : null} />
          <Item
            name="Throttled"
            value={throttles ? count(throttles.total ?? 0) : null}
            isBad={(throttles?.total ?? 0) > 0}
          />
        </dl>
        <div className="traffic-chart" style={{ minHeight: chartPixels }}>
          {data && (
            <Chart
              label="Calls and errors per minute"
              times={secondsOf(data)}
              height={chartPixels}
              format={count}
              legend={false}
              series={[
                { label: 'calls', values: calls?.values ?? [], kind: 'area', colour: 1 },
                { label: 'errors', values: errors?.values ?? [], kind: 'area', colour: 'bad' },
              ]}
            />
          )}
        </div>
      </div>
    </Tile>
  );
}

function Item({ name, value, isBad }: { name: string; value: string | null; isBad?: boolean }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd className={isBad ? 'stat-bad' : undefined}>{value ?? <span className="skeleton" />}</dd>
    </div>
  );
}

function time(milliseconds: number | undefined): string {
  return milliseconds === undefined ? '–' : duration(milliseconds);
}
