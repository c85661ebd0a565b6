import { useQuery } from '@tanstack/react-query';
import { readMetrics } from '../../api/metrics';
import { listDeployments } from '../../api/status';
import { StatusBadge } from '../../ui/Badge';
import { count, duration } from '../../ui/format';
import { Sparkline } from '../../ui/Sparkline';
import { Time } from '../../ui/Time';
import { cut, visible } from '../../ui/text';
import { machineSummaries, newestErrors, queueSummaries, scheduleOverview } from './overview';
import { age, byUrgency, isBehind } from './stuck';
import { Tile, TileNothing, TileRow } from './Tile';

const often = 5000;
const rowsMax = 4;

export function Failures() {
  const { data, error } = useQuery({
    queryKey: ['home', 'errors'],
    queryFn: ({ signal }) => newestErrors(signal),
    refetchInterval: often,
  });
  return (
    <Tile title="Newest errors" href="/errors" error={data ? null : error} loading={data ? false : rowsMax}>
      {data?.length === 0 && (
        <TileNothing>No open errors. What a function throws is grouped here with where it came from.</TileNothing>
      )}
      <ul className="tile-rows">
        {data?.map((each) => (
          <TileRow
            key={each.id}
            href={`/errors/${encodeURIComponent(each.id)}`}
            end={
              <>
                <Sparkline values={[]} bad={each.counts} label={`${each.count} times`} />
                <span className="tile-figure">{count(each.count)}</span>
                <span className="tile-age faint">
                  <Time at={each.lastSeen} />
                </span>
              </>
            }
          >
            <strong>{visible(cut(each.type || 'Error', 40))}</strong> {visible(cut(each.message, 120))}
          </TileRow>
        ))}
      </ul>
    </Tile>
  );
}

export function Busiest() {
  const { data, error } = useQuery({
    queryKey: ['home', 'busiest'],
    queryFn: ({ signal }) =>
      readMetrics(
        {
          metric: ['invocations', 'errors', 'duration:p95'],
          groupBy: 'function',
          top: rowsMax,
          since: '1h',
          period: 120,
        },
        signal,
      ),
    refetchInterval: often,
  });
  const rows = data?.groups.filter((group) => (group.series[0]?.total ?? 0) > 0);
  return (
    <Tile
      title="Busiest functions"
      href="/functions"
      error={data ? null : error}
      loading={data ? false : rowsMax}
      note="last hour"
    >
      {rows?.length === 0 && <TileNothing command="lambent invoke NAME">No calls in the last hour.</TileNothing>}
      <ul className="tile-rows">
        {rows?.map(({ group, series: [calls, errors, p95] }) => {
          const name = group['function'] ?? '';
          return (
            <TileRow
              key={name}
              href={`/functions/${encodeURIComponent(name)}`}
              end={
                <>
                  {(errors?.total ?? 0) > 0 && <span className="stat-bad">{count(errors!.total!)} failed</span>}
                  <span className="faint tile-wide">p95 {p95?.total === undefined ? '–' : duration(p95.total)}</span>
                  <Sparkline values={calls?.values ?? []} label={`${calls?.total} calls`} />
                  <span className="tile-figure">{count(calls?.total ?? 0)}</span>
                </>
              }
            >
              {name}
            </TileRow>
          );
        })}
      </ul>
    </Tile>
  );
}

export function Queues() {
  const { data, error } = useQuery({
    queryKey: ['home', 'queues'],
    queryFn: ({ signal }) => queueSummaries(signal),
    refetchInterval: often,
  });
  const rows = byUrgency(data ?? []).slice(0, rowsMax);
  const behind = rows.filter(isBehind).length;
  return (
    <Tile
      title="Queues"
      href="/queues"
      error={data ? null : error}
      loading={data ? false : 3}
      note={behind > 0 ? <span className="stat-warn">{behind} behind</span> : undefined}
    >
      {data?.length === 0 && <TileNothing command="lambent queue create orders">No queues yet.</TileNothing>}
      <ul className="tile-rows">
        {rows.map((queue) => (
          <TileRow
            key={queue.name}
            href={`/queues/${encodeURIComponent(queue.name)}`}
            end={
              <span
                className={isBehind(queue) ? 'stat-warn' : 'faint'}
                title={queue.why.map((each) => each.text).join('\n')}
              >
                {queue.dead
                  ? `${count(queue.dead)} dead`
                  : queue.oldestAgeSeconds
                    ? `${count(queue.waiting)} for ${age(queue.oldestAgeSeconds)}`
                    : `${count(queue.waiting)} waiting`}
              </span>
            }
          >
            {queue.name}
          </TileRow>
        ))}
      </ul>
    </Tile>
  );
}

export function Workflows() {
  const { data, error } = useQuery({
    queryKey: ['home', 'machines'],
    queryFn: ({ signal }) => machineSummaries(signal),
    refetchInterval: often,
  });
  const running = data?.reduce((sum, machine) => sum + machine.running, 0) ?? 0;
  const rows = [...(data ?? [])].sort((a, b) => b.failed - a.failed || b.running - a.running).slice(0, rowsMax);
  return (
    <Tile
      title="Workflows"
      href="/machines"
      error={data ? null : error}
      loading={data ? false : 3}
      note={running > 0 ? `${count(running)} running` : undefined}
    >
      {data?.length === 0 && <TileNothing command="lambent deploy order.asl.json">No workflows yet.</TileNothing>}
      <ul className="tile-rows">
        {rows.map((machine) => (
          <TileRow
            key={machine.name}
            href={`/machines/${encodeURIComponent(machine.name)}`}
            end={
              <>
                {machine.failed > 0 && <span className="stat-bad">{count(machine.failed)} failed</span>}
                <span className="faint">{count(machine.running)} running</span>
              </>
            }
          >
            {machine.name}
          </TileRow>
        ))}
      </ul>
    </Tile>
  );
}

export function Schedules() {
  const { data, error } = useQuery({
    queryKey: ['home', 'schedules'],
    queryFn: ({ signal }) => scheduleOverview(signal),
    refetchInterval: 2 * often,
  });
  const missed = data?.schedules.reduce((sum, schedule) => sum + schedule.missedCount, 0) ?? 0;
  return (
    <Tile
      title="Schedules"
      href="/schedules"
      error={data ? null : error}
      loading={data ? false : 3}
      note={missed > 0 ? <span className="stat-warn">{count(missed)} missed</span> : undefined}
    >
      {data?.upcoming.length === 0 && (
        <TileNothing command="lambent schedule create tick --when 'rate(5 minutes)' --function NAME">
          Nothing is due.
        </TileNothing>
      )}
      <ul className="tile-rows">
        {data?.upcoming.slice(0, rowsMax).map((fire) => (
          <TileRow
            key={`${fire.group}/${fire.name}/${fire.at}`}
            end={
              <span className="faint">
                <Time at={fire.at} />
              </span>
            }
            href={`/schedules/${encodeURIComponent(fire.group)}/${encodeURIComponent(fire.name)}`}
          >
            {fire.name}
          </TileRow>
        ))}
      </ul>
    </Tile>
  );
}

export function Deployments() {
  const { data, error } = useQuery({
    queryKey: ['home', 'deployments'],
    queryFn: ({ signal }) => listDeployments(rowsMax, signal),
    refetchInterval: often,
  });
  return (
    <Tile title="Deployed last" href="/functions" error={data ? null : error} loading={data ? false : 3}>
      {data?.length === 0 && (
        <TileNothing command="lambent deploy hello.py --url">Nothing is deployed yet.</TileNothing>
      )}
      <ul className="tile-rows">
        {data?.map((each) => (
          <TileRow
            key={each.function}
            href={`/functions/${encodeURIComponent(each.function)}`}
            end={
              <>
                {each.state !== 'active' && <StatusBadge status={each.state} />}
                <span className="faint">
                  <Time at={each.at} />
                </span>
              </>
            }
          >
            {each.function}
            {each.publishedVersion && <span className="faint"> v{each.publishedVersion}</span>}
          </TileRow>
        ))}
      </ul>
    </Tile>
  );
}
