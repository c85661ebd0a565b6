import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { callsOf, errorsOf, linesOf, type CallEntry, type ErrorEntry, type LogLine } from '../../api/functionFigures';
import { Badge, StatusBadge } from '../../ui/Badge';
import { ButtonLink } from '../../ui/Button';
import { CopyAs, shellQuote } from '../../ui/CopyAs';
import { DataTable } from '../../ui/DataTable';
import { EmptyState } from '../../ui/EmptyState';
import { ErrorBox } from '../../ui/ErrorBox';
import { count, duration } from '../../ui/format';
import { Sparkline } from '../../ui/Sparkline';
import { visible } from '../../ui/text';
import { ClockTime, Time } from '../../ui/Time';
import './EvidenceTabs.css';

const newest = 20;
const newestLines = 200;

export function InvocationsTab({ name }: { name: string }) {
  const calls = useQuery(callsOf(name, newest));
  return (
    <div className="stack">
      <div className="row">
        <p className="soft grow">The newest {newest}.</p>
        <CopyAs
          forms={{
            cli: `lambent ls invocations ${shellQuote(name)}`,
            request: { method: 'GET', path: `/v1/invocations?function=${encodeURIComponent(name)}` },
          }}
        />
        <ButtonLink href={`/invocations?function=${encodeURIComponent(name)}`} icon="invocation">
          All of them
        </ButtonLink>
      </div>
      <CallTable calls={calls.data} error={calls.error} name={name} wide />
    </div>
  );
}

export function CallTable({
  calls,
  error,
  name,
  wide,
}: {
  calls?: CallEntry[];
  error: unknown;
  name: string;
  wide?: boolean;
}) {
  return (
    <DataTable<CallEntry>
      label="Invocations"
      rows={calls}
      rowKey={(call) => `${call.id}${call.startedAt}`}
      error={error}
      href={(call) => `/invocations/${encodeURIComponent(call.id)}`}
      columns={[
        { id: 'at', header: 'Begun', cell: (call) => <Time at={call.startedAt} /> },
        { id: 'outcome', header: 'Outcome', cell: (call) => <OutcomeBadge outcome={call.outcome} /> },
        { id: 'duration', header: 'Duration', number: true, cell: (call) => duration(call.durationMilliseconds) },
        {
          id: 'start',
          header: 'Cold start',
          number: true,
          wideOnly: true,
          cell: (call) =>
            call.startMilliseconds === undefined ? <span className="faint">–</span> : duration(call.startMilliseconds),
        },
        {
          id: 'origin',
          header: 'Called by',
          wideOnly: true,
          cell: (call) => (
            <>
              {call.origin}
              {wide && call.cameFrom && <span className="faint"> {visible(call.cameFrom)}</span>}
            </>
          ),
        },
        ...(wide
          ? [
              { id: 'version', header: 'Version', wideOnly: true, cell: (call: CallEntry) => call.version },
              {
                id: 'id',
                header: 'Request',
                wideOnly: true,
                cell: (call: CallEntry) => <code className="faint">{call.id}</code>,
              },
            ]
          : []),
      ]}
      empty={
        <EmptyState
          icon="invocation"
          title="Calls will be here"
          command={`lambent invoke ${shellQuote(name)} --data '{}'`}
        />
      }
    />
  );
}

export function OutcomeBadge({ outcome }: { outcome: string }) {
  if (outcome === 'success') return <Badge tone="good">success</Badge>;
  return <Badge tone="bad">{outcome.replace(/-/g, ' ')}</Badge>;
}

export function ErrorsTab({ name }: { name: string }) {
  const errors = useQuery(errorsOf(name, 100));
  return (
    <div className="stack">
      <div className="row">
        <p className="soft grow">In groups, those seen last first. The lines are the last 24 hours.</p>
        <ButtonLink href={`/errors?function=${encodeURIComponent(name)}`} icon="error">
          All of them
        </ButtonLink>
      </div>
      <ErrorTable errors={errors.data?.errors} error={errors.error} wide />
    </div>
  );
}

export function ErrorTable({ errors, error, wide }: { errors?: ErrorEntry[]; error: unknown; wide?: boolean }) {
  return (
    <DataTable<ErrorEntry>
      label="Errors"
      rows={errors}
      rowKey={(group) => group.id}
      error={error}
      href={(group) => `/errors/${encodeURIComponent(group.id)}`}
      columns={[
        {
          id: 'what',
          header: 'Error',
          grow: true,
          cell: (group) => (
            <span title={visible(group.message)}>
              {visible(group.type)}
              <span className="faint"> {visible(group.message)}</span>
            </span>
          ),
        },
        { id: 'status', header: 'Status', wideOnly: !wide, cell: (group) => <StatusBadge status={group.status} /> },
        ...(wide
          ? [
              {
                id: 'culprit',
                header: 'Where',
                wideOnly: true,
                cell: (group: ErrorEntry) => <code>{visible(group.culprit)}</code>,
              },
              {
                id: 'line',
                header: 'Last day',
                wideOnly: true,
                cell: (group: ErrorEntry) => (
                  <Sparkline label="Occurrences by the hour" values={[]} bad={group.counts} />
                ),
              },
            ]
          : []),
        { id: 'count', header: 'Count', number: true, cell: (group) => count(group.count) },
        { id: 'last', header: 'Last seen', cell: (group) => <Time at={group.lastSeen} /> },
      ]}
      empty={
        <EmptyState icon="check" title="No error is known">
          What fails is put into groups here.
        </EmptyState>
      }
    />
  );
}

export function LogsTab({ name }: { name: string }) {
  const lines = useQuery(linesOf(name, newestLines));
  return (
    <div className="stack">
      <div className="row">
        <p className="soft grow">The newest {newestLines} lines.</p>
        <CopyAs
          forms={{
            cli: `lambent logs ${shellQuote(name)} --follow`,
            request: { method: 'GET', path: `/v1/logs?function=${encodeURIComponent(name)}&follow=true` },
          }}
        />
        <ButtonLink href={`/logs?function=${encodeURIComponent(name)}`} icon="log">
          Search and follow
        </ButtonLink>
      </div>
      {lines.error && <ErrorBox error={lines.error} retry={() => void lines.refetch()} />}
      {lines.data?.length === 0 ? (
        <EmptyState icon="log" title="Lines will be here" command={`lambent invoke ${shellQuote(name)} --data '{}'`}>
          What the function writes to its output, and the platform about each call.
        </EmptyState>
      ) : (
        <Lines lines={lines.data ?? []} />
      )}
    </div>
  );
}

/** Newest last, as a terminal has it; the end is in view. */
function Lines({ lines }: { lines: LogLine[] }) {
  return (
    <div className="function-lines" role="log" aria-label="Log lines" tabIndex={0}>
      {lines.map((line, index) => (
        <div
          key={index}
          className={`function-line ${line.level === 'error' || line.level === 'fatal' ? 'function-line-bad' : ''}`}
        >
          <ClockTime at={line.time} />
          {line.requestId ? (
            <Link href={`/invocations/${encodeURIComponent(line.requestId)}`} className="mono" title={line.requestId}>
              {line.requestId.slice(0, 8)}
            </Link>
          ) : (
            <span className="faint mono">{'–'.padEnd(8)}</span>
          )}
          <span className="function-line-text">{visible(line.text)}</span>
        </div>
      ))}
    </div>
  );
}
