import { useMemo, useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { invocationQuery, ratesQuery, type InvocationDetail } from '../../api/invocations';
import { traceQuery } from '../../api/traces';
import { Badge } from '../../ui/Badge';
import { Button } from '../../ui/Button';
import { CopyAs, shellQuote } from '../../ui/CopyAs';
import { DataTable } from '../../ui/DataTable';
import { ErrorBox } from '../../ui/ErrorBox';
import { duration } from '../../ui/format';
import { IdText } from '../../ui/IdText';
import { Facts, Page, Section } from '../../ui/Page';
import { Time } from '../../ui/Time';
import { visible } from '../../ui/text';
import { LogLines } from '../traces/LogLines';
import { executionHref } from '../traces/SpanDetail';
import { AttemptTable } from './AttemptTable';
import { CallErrorView } from './CallErrorView';
import { CallWaterfall } from './CallWaterfall';
import { costOf, money } from './cost';
import { invocationColumns, shortOf } from './columns';
import { errorOf } from './errorOf';
import { OutcomeBadge } from './OutcomeBadge';
import { PayloadView } from './PayloadView';
import { RunAgain } from './RunAgain';
import { SaveTestEvent } from './SaveTestEvent';
import './Invocations.css';

const notKept =
  'The event was not kept. Failures are, and calls that are slower than those before; ' +
  'lambent up --calls all keeps every one.';

/** One call: where its time went, what came in and out, what it logged, and the same again. */
export default function InvocationPage({ params }: { params: Record<string, string> }) {
  const id = params['id']!;
  const { data, error, refetch } = useQuery(invocationQuery(id));
  const newest = data?.attempts[0];
  return (
    <Page
      title={data ? `${data.function}${newest ? `:${newest.version}` : ''}` : 'Invocation'}
      crumbs={[{ label: 'Invocations', href: '/invocations' }]}
      badge={newest && <OutcomeBadge outcome={newest.outcome} />}
      intro={<IdText id={id} label="Copy the request id" />}
      actions={data && <Actions detail={data} />}
    >
      {error && !data && <ErrorBox error={error} retry={() => void refetch()} />}
      {!data && !error && (
        <div className="card invocation-placeholder" aria-busy="true">
          <span className="skeleton" />
        </div>
      )}
      {data && <Whole detail={data} />}
    </Page>
  );
}

function Actions({ detail }: { detail: InvocationDetail }) {
  const [running, setRunning] = useState<'same' | 'edited' | null>(null);
  const [saving, setSaving] = useState(false);
  const cannot = detail.whyNotReplayable;
  const body = detail.input && !detail.input.missing ? (detail.input.json ?? detail.input.text ?? null) : {};
  return (
    <>
      <CopyAs
        forms={{
          cli: `lambent replay ${shellQuote(detail.id)}\nlambent replay ${shellQuote(detail.id)} --local`,
          request: {
            method: 'POST',
            body: JSON.stringify(body),
            path: `/2015-03-31/functions/${encodeURIComponent(detail.invokedArn ?? detail.function)}/invocations`,
          },
        }}
      />
      <Button
        kind="quiet"
        icon="plus"
        disabled={!detail.input || !!detail.input.missing}
        onClick={() => setSaving(true)}
      >
        Save as test event
      </Button>
      <Button
        icon="edit"
        disabled={!detail.input}
        title={detail.input ? undefined : cannot}
        onClick={() => setRunning('edited')}
      >
        Edit and re-run
      </Button>
      <Button
        kind="primary"
        icon="retry"
        disabled={cannot !== undefined}
        title={cannot && `It cannot be repeated as it was: ${cannot}`}
        onClick={() => setRunning('same')}
      >
        Re-run
      </Button>
      {running && <RunAgain detail={detail} edited={running === 'edited'} onClose={() => setRunning(null)} />}
      {saving && <SaveTestEvent detail={detail} onClose={() => setSaving(false)} />}
    </>
  );
}

function Whole({ detail }: { detail: InvocationDetail }) {
  const rates = useQuery(ratesQuery);
  const trace = useQuery(traceQuery(detail.id));
  const failure = useMemo(() => errorOf(detail.output), [detail.output]);
  const newest = detail.attempts[0];
  const before = newest
    ? newest.phases.queue + newest.phases.place + newest.phases.fetch + newest.phases.start + newest.phases.init
    : 0;
  const isCold = newest !== undefined && newest.phases.start + newest.phases.init > 0;
  const isFailed = newest !== undefined && newest.outcome !== 'success';
  return (
    <>
      <div className="card">
        <Facts
          facts={[
            newest && ['Began', <Time at={newest.startedAt} />],
            newest && ['Handler', duration(newest.durationMilliseconds)],
            newest && [
              'Before it',
              before > 0 ? (
                <>
                  {duration(before)} {isCold && <Badge tone="info">cold start</Badge>}
                </>
              ) : (
                'nothing'
              ),
            ],
            newest && ['Billed', duration(newest.billedMilliseconds)],
            newest && (rates.data?.length ?? 0) > 0 && ['Cost', money(costOf(newest, rates.data!))],
            newest && ['Memory', `${newest.maxMemoryUsedMegabytes} of ${newest.memoryMegabytes} MB`],
            [
              'Function',
              <Link href={`/functions/${encodeURIComponent(detail.function)}`}>{visible(detail.function)}</Link>,
            ],
            newest && ['Source', <Source detail={detail} origin={newest.origin} />],
            newest && ['Environment', <span className="mono">{newest.environment.slice(0, 12)}…</span>],
            trace.data && [
              'Trace',
              <Link className="mono" href={`/traces/${trace.data.traceId}`}>
                {trace.data.traceId.slice(0, 12)}…
              </Link>,
            ],
            !!detail.errorGroup && [
              'Error',
              <Link href={`/errors/${encodeURIComponent(detail.errorGroup)}`}>{detail.errorGroup}</Link>,
            ],
            !!detail.replayOf && [
              'Replay of',
              <Link className="mono" href={`/invocations/${encodeURIComponent(detail.replayOf)}`}>
                …{detail.replayOf.slice(-8)}
              </Link>,
            ],
          ]}
        />
      </div>
      {isFailed && <CallErrorView detail={detail} failure={failure} />}
      <CallWaterfall detail={detail} trace={trace.data} isLoading={trace.isPending} />
      <div className="grid-two">
        <Section title="Event">
          <PayloadView payload={detail.input} label="Event" absent={notKept} />
        </Section>
        <Section title={isFailed ? 'Answer (an error)' : 'Answer'}>
          <PayloadView payload={detail.output} label="Answer" absent="The answer was not kept." />
        </Section>
      </div>
      {detail.attempts.length > 1 && <AttemptTable attempts={detail.attempts} />}
      {detail.replays.length > 0 && (
        <Section title="Replays">
          <DataTable
            label="Replays"
            columns={invocationColumns(rates.data ?? [])}
            rows={detail.replays}
            rowKey={(row) => `${row.id}/${row.startedAt}`}
            href={(row) => `/invocations/${encodeURIComponent(row.id)}`}
          />
        </Section>
      )}
      <Section title="Log" actions={<Link href={`/logs?request=${encodeURIComponent(detail.id)}`}>Open in Logs</Link>}>
        <LogLines requests={[detail.id]} label="Log lines of the request" />
      </Section>
    </>
  );
}

/** Where a call came from, as a place to go to when it is one. */
function Source({ detail, origin }: { detail: InvocationDetail; origin: string }) {
  const from = detail.cameFrom;
  const execution = from ? executionHref(from) : undefined;
  if (execution)
    return (
      <>
        workflow <Link href={execution}>{visible(shortOf(from!))}</Link>
      </>
    );
  if (origin === 'queue' && from)
    return (
      <>
        queue <Link href={`/queues/${encodeURIComponent(shortOf(from))}`}>{visible(shortOf(from))}</Link>
      </>
    );
  if (origin === 'event') {
    return (
      <>
        <Link href={`/events/${encodeURIComponent(detail.id)}`}>event</Link>
        {from && ` from ${visible(shortOf(from))}`}
      </>
    );
  }
  return (
    <>
      {origin}
      {from && ` from ${visible(shortOf(from))}`}
    </>
  );
}
