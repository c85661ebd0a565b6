import { useMemo } from 'react';
import { Link } from 'wouter';
import type { Attempt, InvocationDetail } from '../../api/invocations';
import type { Trace } from '../../api/traces';
import { duration } from '../../ui/format';
import { Section } from '../../ui/Page';
import { useUrlState } from '../../ui/useUrlState';
import { Waterfall } from '../../ui/Waterfall';
import type { WaterfallSpan } from '../../ui/WaterfallModel';
import { SpanDetail } from '../traces/SpanDetail';
import { spansOfRequest, waterfallOf } from '../traces/spans';
import '../traces/Traces.css';
import './CallWaterfall.css';

/** Where the time of a call went. Its trace tells the most; when that is gone the call's record tells the phases. */
export function CallWaterfall({
  detail,
  trace,
  isLoading,
}: {
  detail: InvocationDetail;
  trace: Trace | undefined;
  isLoading: boolean;
}) {
  const [selected, select] = useUrlState('span');
  const own = useMemo(() => (trace ? spansOfRequest(trace, detail.id) : []), [trace, detail.id]);
  const drawn = useMemo(
    () => (trace && own.length > 0 ? waterfallOf(trace, own) : ofRecord(detail)),
    [trace, own, detail],
  );
  const span = own.find((each) => each.spanId === selected);
  const newest = detail.attempts[0];
  return (
    <Section
      title="Time"
      actions={trace && <Link href={`/traces/${trace.traceId}`}>Whole trace ({trace.spans.length} spans)</Link>}
    >
      {newest && <PhaseStrip attempt={newest} />}
      {isLoading && !trace ? (
        <div className="card call-waterfall-placeholder" aria-busy="true">
          <span className="skeleton" />
        </div>
      ) : (
        <div className={span ? 'traces-split traces-split-open' : 'traces-split'}>
          <Waterfall
            label="Spans of the call"
            spans={drawn.spans}
            length={drawn.length}
            selectedId={selected}
            onSelect={select}
            maxHeight={420}
          />
          {span && trace && <SpanDetail trace={trace} span={span} onClose={() => select('')} />}
        </div>
      )}
    </Section>
  );
}

/** The phases with their names and shares, for the question that is asked most. */
function PhaseStrip({ attempt }: { attempt: Attempt }) {
  const parts = [...Object.entries(attempt.phases), ['handler', attempt.durationMilliseconds] as const];
  return (
    <dl className="phase-strip">
      {parts.map(([name, milliseconds]) => (
        <div key={name} className={milliseconds > 0 ? undefined : 'phase-strip-none'}>
          <dt>
            <span className={`waterfall-dot waterfall-phase-${name}`} aria-hidden="true" />
            {name}
          </dt>
          <dd>{milliseconds > 0 ? duration(milliseconds) : '–'}</dd>
        </div>
      ))}
    </dl>
  );
}

function ofRecord(detail: InvocationDetail): { spans: WaterfallSpan[]; length: number } {
  const spans: WaterfallSpan[] = [];
  const first = detail.attempts.at(-1);
  if (!first) return { spans, length: 0 };
  const begin = Date.parse(first.startedAt) - beforeHandler(first);
  [...detail.attempts].reverse().forEach((attempt, index) => {
    const offset = Date.parse(attempt.startedAt) - beforeHandler(attempt) - begin;
    const base = { group: detail.function, isOpen: false };
    spans.push({
      ...base,
      id: `${index}`,
      name: detail.function,
      origin: 'call',
      offset,
      duration: beforeHandler(attempt) + attempt.durationMilliseconds,
      isError: attempt.outcome !== 'success',
    });
    let at = offset;
    for (const [name, length] of [
      ...Object.entries(attempt.phases),
      ['handler', attempt.durationMilliseconds] as const,
    ]) {
      if (length > 0)
        spans.push({
          ...base,
          id: `${index}/${name}`,
          parentId: `${index}`,
          name,
          origin: 'phase',
          offset: at,
          duration: length,
          isError: false,
        });
      at += length;
    }
  });
  return { spans, length: Math.max(...spans.map((span) => span.offset + span.duration)) };
}

function beforeHandler({ phases }: Attempt): number {
  return phases.queue + phases.place + phases.fetch + phases.start + phases.init;
}
