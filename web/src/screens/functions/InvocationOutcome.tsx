import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { call } from '../../api/client';
import type { InvocationResult, InvocationType } from '../../api/functions';
import { Badge } from '../../ui/Badge';
import { CopyText } from '../../ui/CopyAs';
import { bytes, duration } from '../../ui/format';
import { JsonView } from '../../ui/JsonView';
import { Facts } from '../../ui/Page';
import { visible } from '../../ui/text';
import { reportOf } from './testEvents';

/** What a call gave: its answer, its log, its figures, and where more of it is. */
export function InvocationOutcome({ result, type }: { result: InvocationResult; type: InvocationType }) {
  if (type === 'DryRun') {
    return <p><Badge tone="good">allowed</Badge> The function would take this call. Nothing was run.</p>;
  }
  const id = result.eventId ?? result.requestId;
  if (type === 'Event') {
    return (
      <div className="stack">
        <p className="row">
          <Badge tone="info">accepted</Badge>
          {id && <Link href={`/events/${encodeURIComponent(id)}`}>Where the event stands</Link>}
        </p>
        <CopyText text={`lambent events get ${id}`} label="Copy the command" />
      </div>
    );
  }
  return <Answer result={result} id={id} />;
}

function Answer({ result, id }: { result: InvocationResult; id: string | null }) {
  const report = reportOf(result.log);
  // The trace is written a moment after the answer.
  const trace = useQuery({
    queryKey: ['trace-of', id],
    queryFn: ({ signal }) => call<{ traceId: string }>(`/v1/traces/${encodeURIComponent(id!)}`, { signal }),
    enabled: id !== null, retry: 2, retryDelay: 700, staleTime: Infinity,
  });
  return (
    <div className="stack" aria-live="polite">
      <div className="row">
        {result.functionError ? <Badge tone="bad">failed: {result.functionError}</Badge> : <Badge tone="good">succeeded</Badge>}
        {report?.initMilliseconds !== null && report !== null && <Badge tone="info">cold start</Badge>}
        <span className="grow" />
        {id && <Link href={`/invocations/${encodeURIComponent(id)}`}>Invocation</Link>}
        {trace.data && <Link href={`/traces/${trace.data.traceId}`}>Trace</Link>}
        {id && <Link href={`/logs?request=${encodeURIComponent(id)}`}>Log</Link>}
      </div>
      <Facts facts={[
        report && ['Duration', duration(report.durationMilliseconds)],
        report && ['Billed', duration(report.billedMilliseconds)],
        report && report.initMilliseconds !== null && ['Start of the environment', duration(report.initMilliseconds)],
        report && ['Memory', `${report.usedMegabytes} of ${report.memoryMegabytes} MB`],
        ['Until it was here', duration(result.roundTripMilliseconds)],
        ['Version', result.version ?? '$LATEST'],
        id !== null && ['Request', <code key="id">{id}</code>],
      ]} />
      <h3>Answer <span className="faint">{bytes(new TextEncoder().encode(result.payload).length)}</span></h3>
      <JsonView value={result.payload} label="Answer" />
      {result.log && (
        <>
          <h3>End of the log</h3>
          <pre className="function-log-tail">{visible(result.log.trimEnd())}</pre>
        </>
      )}
    </div>
  );
}
