import { Link } from 'wouter';
import type { Span, Trace } from '../../api/traces';
import { Badge } from '../../ui/Badge';
import { ButtonLink, IconButton } from '../../ui/Button';
import { duration } from '../../ui/format';
import { Facts } from '../../ui/Page';
import { visible } from '../../ui/text';
import { requestOf } from './spans';
import './SpanDetail.css';

/** All that is known of a span, and where it leads. */
export function SpanDetail({ trace, span, onClose }: { trace: Trace; span: Span; onClose?: () => void }) {
  const request = requestOf(trace, span);
  const attributes = Object.entries((span.attributes ?? {}) as Record<string, unknown>);
  const events = Array.isArray(span.events) ? (span.events as Array<Record<string, unknown>>) : [];
  const machine = span.origin === 'execution' ? executionOf(span) : undefined;
  return (
    <section className="span-detail card stack" aria-label={`Span ${span.name}`}>
      <div className="row">
        <h2 className="grow span-detail-name">{visible(span.name)}</h2>
        {span.status === 'error' && <Badge tone="bad">failed</Badge>}
        {span.isOpen && <Badge tone="info" pulse>goes on</Badge>}
        {onClose && <IconButton label="Close" icon="cross" onClick={onClose} />}
      </div>
      {span.message && <p className="span-detail-message">{visible(span.message)}</p>}
      <div className="row">
        {request && <ButtonLink href={`/invocations/${encodeURIComponent(request)}`} icon="invocation">Invocation</ButtonLink>}
        {request && <ButtonLink href={`/logs?request=${encodeURIComponent(request)}`} icon="log">Logs</ButtonLink>}
        {machine && <ButtonLink href={machine} icon="workflow">Execution</ButtonLink>}
      </div>
      <Facts facts={[
        ['Begins after', duration(span.offsetMilliseconds)],
        ['Takes', duration(span.durationMilliseconds)],
        ['Kind', `${span.origin}, ${span.kind}`],
        span.function ? ['Function', <Link href={`/functions/${encodeURIComponent(span.function)}`}>{span.function}{span.version && `:${span.version}`}</Link>] : null,
        ['Span', <span className="mono">{span.spanId}</span>],
        span.link ? ['Linked with', <Link className="mono" href={`/traces/${span.link.traceId}?span=${span.link.spanId}`}>{span.link.traceId.slice(0, 12)}…</Link>] : null,
      ]} />
      {span.isClamped && <p className="soft">Its clock was behind its parent’s: its beginning was moved.</p>}
      {span.isOrphan && <p className="soft">The span above it is not here.</p>}
      {attributes.length > 0 && (
        <div className="stack">
          <h3>Attributes</h3>
          <dl className="span-detail-attributes">
            {attributes.map(([name, value]) => (
              <div key={name}>
                <dt>{visible(name)}</dt>
                <dd className="mono">{visible(typeof value === 'string' ? value : JSON.stringify(value))}</dd>
              </div>
            ))}
          </dl>
        </div>
      )}
      {events.length > 0 && (
        <div className="stack">
          <h3>Events</h3>
          <dl className="span-detail-attributes">
            {events.map((event, index) => (
              <div key={index}>
                <dt>{visible(String(event['name'] ?? 'event'))}</dt>
                <dd className="mono">{visible(JSON.stringify(withoutName(event)))}</dd>
              </div>
            ))}
          </dl>
        </div>
      )}
    </section>
  );
}

function withoutName({ name: _, ...rest }: Record<string, unknown>): Record<string, unknown> {
  return rest;
}

/** Where an execution is shown, by the ARN among its attributes. */
export function executionOf(span: Span): string | undefined {
  for (const value of Object.values((span.attributes ?? {}) as Record<string, unknown>)) {
    const href = typeof value === 'string' ? executionHref(value) : undefined;
    if (href) return href;
  }
  return undefined;
}

/** arn:aws:states:REGION:ACCOUNT:execution:MACHINE:NAME as a screen's address. */
export function executionHref(arn: string): string | undefined {
  const match = /^arn:[^:]*:states:[^:]*:[^:]*:(?:execution|express):([^:]+):([^:]+)/.exec(arn);
  return match ? `/executions/${encodeURIComponent(match[1]!)}/${encodeURIComponent(match[2]!)}` : undefined;
}
