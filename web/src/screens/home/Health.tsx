import type { ReactNode } from 'react';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { listAlerts } from '../../api/alerts';
import { operatorAccount, readNode, readStatus } from '../../api/status';
import { useSession } from '../../session/useSession';
import { bytes, count, percent } from '../../ui/format';
import { Icon } from '../../ui/Icon';
import { eventLines, queueSummaries, scheduleOverview } from './overview';
import { age, stuckThings } from './stuck';

const often = 5000;
const nearShare = 0.8;

/** How the server is, in one row: each figure leads to where more of it is. */
export function Health() {
  const isOperator = useSession()?.account === operatorAccount;
  const status = useQuery({
    queryKey: ['status'],
    queryFn: ({ signal }) => readStatus(signal),
    refetchInterval: often,
  });
  const node = useQuery({
    queryKey: ['node'],
    queryFn: ({ signal }) => readNode(signal),
    refetchInterval: often,
    enabled: isOperator,
  });
  const logs = status.data?.logs;
  const full = node.data ? 1 - node.data.diskFreeBytes / node.data.diskBytes : 0;
  return (
    <div className="health">
      <Figure
        label="Server"
        href="/nodes"
        failed={status.error !== null}
        tone={status.error ? 'bad' : undefined}
        value={status.error ? 'Away' : status.data ? 'Up' : null}
        detail={
          status.data && (
            <span title={`since ${status.data.startedAt}`}>
              for {age((Date.now() - Date.parse(status.data.startedAt)) / 1000)}
            </span>
          )
        }
      />
      <Figure
        label="In flight"
        href="/invocations"
        value={status.data && count(status.data.callsInFlight)}
        detail={status.data && `${count(status.data.functions)} functions`}
      />
      {isOperator && (
        <>
          <Figure
            label="Environments"
            href="/nodes"
            value={
              node.data &&
              count(node.data.environments.busy + node.data.environments.idle + node.data.environments.starting)
            }
            detail={node.data && `${node.data.environments.busy} busy, ${node.data.environments.waiting} warm`}
          />
          <Figure
            label="CPU and memory"
            href="/nodes"
            value={
              node.data &&
              (node.data.processorShare === undefined ? '–' : percent(Math.round(node.data.processorShare * 100) / 100))
            }
            detail={node.data && `${bytes(node.data.memoryFreeBytes ?? 0)} free`}
          />
          <Figure
            label="Disk"
            href="/nodes"
            tone={full > 0.97 ? 'bad' : full > nearShare ? 'warn' : undefined}
            value={node.data && bytes(node.data.diskFreeBytes)}
            detail={node.data && <span title={`The server’s files: ${bytes(node.data.storeBytes)}`}>free</span>}
          />
        </>
      )}
      <Figure
        label="Log"
        href="/logs"
        tone={logs?.state === 'at-limit' ? 'bad' : logs?.state === 'near-limit' ? 'warn' : undefined}
        value={logs && percent(logs.bytes / logs.bytesMax)}
        detail={
          logs && (logs.linesDropped > 0 ? `${count(logs.linesDropped)} lines dropped` : `of ${bytes(logs.bytesMax)}`)
        }
      />
      <StuckFigure />
    </div>
  );
}

function StuckFigure() {
  const queues = useQuery({
    queryKey: ['home', 'queues'],
    queryFn: ({ signal }) => queueSummaries(signal),
    refetchInterval: often,
  });
  const lines = useQuery({
    queryKey: ['home', 'lines'],
    queryFn: ({ signal }) => eventLines(signal),
    refetchInterval: often,
  });
  const schedules = useQuery({
    queryKey: ['home', 'schedules'],
    queryFn: ({ signal }) => scheduleOverview(signal),
    refetchInterval: 2 * often,
  });
  const alerts = useQuery({
    queryKey: ['alerts'],
    queryFn: ({ signal }) => listAlerts(signal),
    refetchInterval: 2 * often,
  });
  const raised = (alerts.data ?? []).filter((alert) => alert.state === 'alert');
  const stuck = [
    ...raised.map((alert) => ({ text: `alert ${alert.name}`, href: `/alerts/${encodeURIComponent(alert.name)}` })),
    ...stuckThings(queues.data, lines.data, schedules.data),
  ];
  const oldest = Math.max(
    0,
    ...(queues.data ?? []).map((queue) => queue.oldestAgeSeconds ?? 0),
    ...(lines.data ?? []).map((line) => line.oldestSeconds ?? 0),
  );
  return (
    <>
      <Figure
        label="Oldest waiting"
        href="/queues"
        tone={oldest > 60 ? 'warn' : undefined}
        value={queues.data && (oldest > 0 ? age(oldest) : 'Nothing')}
        detail="in any queue"
      />
      <Figure
        label="Stuck"
        href={stuck[0]?.href ?? '/queues'}
        tone={stuck.length > 0 ? 'bad' : undefined}
        value={queues.data && count(stuck.length)}
        detail={
          queues.data &&
          (stuck[0] ? <span title={stuck.map((each) => each.text).join('\n')}>{stuck[0].text}</span> : 'all moves')
        }
      />
    </>
  );
}

function Figure({
  label,
  href,
  value,
  detail,
  tone,
  failed,
}: {
  label: string;
  href: string;
  value: ReactNode;
  detail?: ReactNode;
  tone?: 'bad' | 'warn';
  failed?: boolean;
}) {
  return (
    <Link href={href} className="health-figure">
      <span className="health-label">
        {(failed || tone) && <Icon name="error" size={12} />}
        {label}
      </span>
      <span className={`health-value ${tone ? `stat-${tone}` : ''}`}>
        {value ?? <span className="skeleton health-skeleton" />}
      </span>
      <span className="health-detail ellipsis">{detail ?? '\u00a0'}</span>
    </Link>
  );
}
