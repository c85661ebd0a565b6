// Spans of the API as the waterfall draws them. Pure.
import type { Span, Trace } from '../../api/traces';
import type { WaterfallSpan } from '../../ui/WaterfallModel';

const groupNames: Partial<Record<Span['origin'], string>> = {
  message: 'queue',
  request: 'outside',
  execution: 'workflow',
  state: 'workflow',
  attempt: 'workflow',
};

/** Whose a span is: its function, or what kind of thing it is part of. */
export function groupOf(span: Span): string {
  return span.function ?? groupNames[span.origin] ?? 'other';
}

/** An execution by its machine and its own name instead of its ARN. */
export function nameOf(span: Span): string {
  const arn = span.origin === 'execution' ? /^arn:[^:]*:states:[^:]*:[^:]*:[a-z]+:(.+)$/.exec(span.name) : null;
  return arn ? arn[1]!.replace(':', ' / ') : span.name;
}

/** All spans of a trace; those that are one call's alone begin at its own beginning. */
export function waterfallOf(trace: Trace, spans: Span[] = trace.spans): { spans: WaterfallSpan[]; length: number } {
  const first = spans.reduce((least, span) => Math.min(least, span.offsetMilliseconds), Infinity);
  const begin = spans === trace.spans ? 0 : Number.isFinite(first) ? first : 0;
  const ids = new Set(spans.map((span) => span.spanId));
  const inherited = groupsByParent(spans);
  const parents = parentsWithin(spans);
  const drawn = spans.map((span): WaterfallSpan => ({
    id: span.spanId,
    parentId:
      parents.get(span.spanId) ??
      (span.parentSpanId !== undefined && ids.has(span.parentSpanId) ? span.parentSpanId : undefined),
    name: nameOf(span),
    group: inherited.get(span.spanId)!,
    origin: span.origin,
    offset: span.offsetMilliseconds - begin,
    duration: span.durationMilliseconds,
    isError: span.status === 'error',
    isOpen: span.isOpen,
  }));
  const end = drawn.reduce((most, span) => Math.max(most, span.offset + span.duration), 0);
  return { spans: drawn, length: spans === trace.spans ? Math.max(trace.durationMilliseconds, end) : end };
}

/**
 * What a handler did is drawn below it. Its spans name the call as their parent, because that is the id that a function
 * knows; the handler is a part of the call that only the server knows of.
 */
function parentsWithin(spans: Span[]): Map<string, string> {
  const handlers = new Map<string, Span>();
  for (const span of spans) {
    if (span.origin === 'phase' && span.name === 'handler' && span.parentSpanId) handlers.set(span.parentSpanId, span);
  }
  const parents = new Map<string, string>();
  for (const span of spans) {
    const handler =
      span.origin === 'phase' || span.parentSpanId === undefined ? undefined : handlers.get(span.parentSpanId);
    if (!handler) continue;
    const end = handler.offsetMilliseconds + handler.durationMilliseconds;
    if (span.offsetMilliseconds >= handler.offsetMilliseconds - clockMilliseconds && span.offsetMilliseconds <= end) {
      parents.set(span.spanId, handler.spanId);
    }
  }
  return parents;
}

/** Clocks of code count in whole milliseconds. */
const clockMilliseconds = 2;

/** A span that does not say whose it is, is its parent's. */
function groupsByParent(spans: Span[]): Map<string, string> {
  const groups = new Map<string, string>();
  for (const span of spans) {
    const own = span.function ?? groupNames[span.origin];
    groups.set(span.spanId, own ?? (span.parentSpanId && groups.get(span.parentSpanId)) ?? 'other');
  }
  return groups;
}

/** The attempts of a request with all that is below them. */
export function spansOfRequest(trace: Trace, requestId: string): Span[] {
  const within = new Set<string>();
  // Parents come before their children.
  return trace.spans.filter((span) => {
    const isPart = span.requestId === requestId || (span.parentSpanId !== undefined && within.has(span.parentSpanId));
    if (isPart) within.add(span.spanId);
    return isPart;
  });
}

/** Requests of a trace, each once, in the order in which they began. */
export function requestsOf(trace: Trace): string[] {
  return [...new Set(trace.spans.flatMap((span) => span.requestId ?? []))];
}

/** The request that a span belongs to: its own, or that of the nearest span above it that has one. */
export function requestOf(trace: Trace, span: Span): string | undefined {
  const byId = new Map(trace.spans.map((each) => [each.spanId, each]));
  for (let at: Span | undefined = span, steps = 0; at && steps < 1000; steps++) {
    if (at.requestId) return at.requestId;
    at = at.parentSpanId === undefined ? undefined : byId.get(at.parentSpanId);
  }
  return undefined;
}
