import { describe, expect, it } from 'vitest';
import type { Span, Trace } from '../../api/traces';
import { requestOf, requestsOf, spansOfRequest, waterfallOf } from './spans';

function span(spanId: string, offset: number, rest: Partial<Span> = {}): Span {
  return {
    spanId, name: spanId, origin: 'custom', kind: 'internal', startedAt: '', offsetMilliseconds: offset, durationMilliseconds: 10,
    status: 'unset', depth: 0, isOpen: false, isClamped: false, isOrphan: false, ...rest,
  };
}

const trace: Trace = {
  traceId: 't', xrayTraceId: 'x', startedAt: '', durationMilliseconds: 100, status: 'ok', isCut: false, linkedFrom: [],
  spans: [
    span('first', 0, { origin: 'call', function: 'a', requestId: 'r1' }),
    span('query', 2, { parentSpanId: 'first' }),
    span('message', 10, { origin: 'message', parentSpanId: 'first' }),
    span('second', 40, { origin: 'call', function: 'b', requestId: 'r2', parentSpanId: 'message' }),
    span('handler', 45, { origin: 'phase', function: 'b', parentSpanId: 'second' }),
  ],
};

describe('spans of a trace', () => {
  it('are drawn with the group of their parent where they say none', () => {
    const { spans, length } = waterfallOf(trace);
    expect(spans.map((each) => each.group)).toEqual(['a', 'a', 'queue', 'b', 'b']);
    expect(length).toBe(100);
  });

  it('of one request begin at its own beginning', () => {
    const { spans, length } = waterfallOf(trace, spansOfRequest(trace, 'r2'));
    expect(spans.map((each) => [each.id, each.offset, each.parentId])).toEqual([['second', 0, undefined], ['handler', 5, 'second']]);
    expect(length).toBe(15);
  });

  it('of a handler are drawn below it, and what went on after it is not', () => {
    const spans = [
      span('call', 0, { origin: 'call' }), span('handler', 5, { origin: 'phase', parentSpanId: 'call' }),
      span('query', 6, { parentSpanId: 'call' }), span('later', 60, { parentSpanId: 'call' }), span('init', 0, { origin: 'phase', parentSpanId: 'call' }),
    ];
    expect(waterfallOf({ ...trace, spans }).spans.map((each) => each.parentId)).toEqual([undefined, 'call', 'handler', 'call', 'call']);
  });

  it('lead to their requests', () => {
    expect(requestsOf(trace)).toEqual(['r1', 'r2']);
    expect(requestOf(trace, trace.spans[4]!)).toBe('r2');
    expect(requestOf(trace, trace.spans[2]!)).toBe('r1');
  });
});
