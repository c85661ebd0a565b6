import { useMemo } from 'react';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { traceQuery, type Trace } from '../../api/traces';
import { Badge } from '../../ui/Badge';
import { CopyAs } from '../../ui/CopyAs';
import { ErrorBox } from '../../ui/ErrorBox';
import { duration } from '../../ui/format';
import { IdText } from '../../ui/IdText';
import { Facts, Page, Section } from '../../ui/Page';
import { Time } from '../../ui/Time';
import { visible } from '../../ui/text';
import { useUrlState } from '../../ui/useUrlState';
import { Waterfall } from '../../ui/Waterfall';
import { LogLines } from './LogLines';
import { executionHref, SpanDetail } from './SpanDetail';
import { nameOf, requestsOf, waterfallOf } from './spans';
import './Traces.css';

/** One trace: what a request set off, on one axis, with what was logged meanwhile. */
export default function TracePage({ params }: { params: Record<string, string> }) {
  const id = params['id']!;
  const { data, error, refetch } = useQuery(traceQuery(id));
  const title = data?.spans[0] ? visible(nameOf(data.spans[0])) : 'Trace';
  return (
    <Page
      title={title}
      crumbs={[{ label: 'Traces', href: '/traces' }]}
      badge={data && <Badge tone={data.status === 'error' ? 'bad' : 'good'}>{data.status}</Badge>}
      intro={data && <IdText id={data.traceId} label="Copy the trace id" />}
      actions={
        <CopyAs
          forms={{
            cli: `lambent trace ${id}`,
            request: { method: 'GET', path: `/v1/traces/${encodeURIComponent(id)}` },
          }}
        />
      }
    >
      {error && !data && <ErrorBox error={error} retry={() => void refetch()} />}
      {!data && !error && (
        <div className="traces-placeholder card" aria-busy="true">
          <span className="skeleton" />
        </div>
      )}
      {data && <Whole trace={data} />}
    </Page>
  );
}

function Whole({ trace }: { trace: Trace }) {
  const [selected, select] = useUrlState('span');
  const drawn = useMemo(() => waterfallOf(trace), [trace]);
  const requests = useMemo(() => requestsOf(trace), [trace]);
  const functions = useMemo(() => [...new Set(trace.spans.flatMap((span) => span.function ?? []))], [trace]);
  const span = trace.spans.find((each) => each.spanId === selected);
  const execution = trace.spans.find((each) => each.origin === 'execution');
  return (
    <>
      <div className="card">
        <Facts
          facts={[
            ['Began', <Time at={trace.startedAt} />],
            ['Took', duration(trace.durationMilliseconds)],
            ['Spans', trace.spans.length.toLocaleString('en-US')],
            ['Calls', requests.length.toLocaleString('en-US')],
            [
              'Functions',
              functions.length === 0
                ? '–'
                : functions.map((name, index) => (
                    <span key={name}>
                      {index > 0 && ', '}
                      <Link href={`/functions/${encodeURIComponent(name)}`}>{name}</Link>
                    </span>
                  )),
            ],
            !!execution && [
              'Workflow',
              <Link href={executionHref(execution.name) ?? '/machines'}>{visible(nameOf(execution))}</Link>,
            ],
          ]}
        />
      </div>
      {trace.isCut && <p className="soft">There is more than is shown: the first 5,000 calls and spans are here.</p>}
      <div className={span ? 'traces-split traces-split-open' : 'traces-split'}>
        <Waterfall
          label="Spans of the trace"
          spans={drawn.spans}
          length={drawn.length}
          selectedId={selected}
          onSelect={select}
        />
        {span && <SpanDetail trace={trace} span={span} onClose={() => select('')} />}
      </div>
      {trace.linkedFrom.length > 0 && (
        <Section title="Linked from">
          <ul className="row">
            {trace.linkedFrom.map((link) => (
              <li key={link.spanId}>
                <Link href={`/traces/${link.traceId}?span=${link.spanId}`}>{visible(link.name ?? link.traceId)}</Link>
              </li>
            ))}
          </ul>
        </Section>
      )}
      <Section
        title="Log"
        actions={
          requests.length === 1 && <Link href={`/logs?request=${encodeURIComponent(requests[0]!)}`}>Open in Logs</Link>
        }
      >
        {requests.length > 25 && <p className="soft">Of {requests.length} requests the lines of the first 25.</p>}
        <LogLines requests={requests} label="Log lines of the trace" />
      </Section>
    </>
  );
}
