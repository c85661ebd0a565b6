import { useState } from 'react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from 'wouter';
import { changeError, errorAlertsQuery, errorQuery, type ErrorDetail } from '../../api/errors';
import { Badge } from '../../ui/Badge';
import { Button, ButtonLink } from '../../ui/Button';
import { CopyAs, shellQuote } from '../../ui/CopyAs';
import { DataTable, type Column } from '../../ui/DataTable';
import { ErrorBox } from '../../ui/ErrorBox';
import { Facts, Page, Section } from '../../ui/Page';
import { Time } from '../../ui/Time';
import { toast, toastError } from '../../ui/Toasts';
import { visible } from '../../ui/text';
import { useUrlState } from '../../ui/useUrlState';
import { ReplayMany } from '../invocations/ReplayMany';
import { ResolveDialog } from './ResolveDialog';
import { HourBars } from './HourBars';
import { Samples } from './Samples';
import { StackView } from './StackView';
import { stateOf } from './state';
import './Errors.css';

const hourChoices: Array<[string, string]> = [
  ['24', '24 hours'],
  ['72', '3 days'],
  ['168', '7 days'],
  ['336', '14 days'],
];

/** One bug: where it is thrown, how often, in which versions, and calls that it broke. */
export default function ErrorGroupPage({ params }: { params: Record<string, string> }) {
  const id = params['id']!;
  const [hours, setHours] = useUrlState('hours', '24');
  const { data, error, refetch } = useQuery({ ...errorQuery(id, Number(hours) || 24), refetchInterval: 5000 });
  const state = data && stateOf(data.error, Date.now());
  return (
    <Page
      title={data ? visible(data.error.type) : 'Error'}
      crumbs={[{ label: 'Errors', href: '/errors' }]}
      badge={
        state && (
          <Badge tone={state.tone} title={state.detail}>
            {state.name}
            {state.detail && state.name !== 'new' ? ` · ${state.detail}` : ''}
          </Badge>
        )
      }
      intro={data && <span className="errors-title-message">{visible(data.error.message)}</span>}
      actions={data && <Actions detail={data} />}
    >
      {error && !data && <ErrorBox error={error} retry={() => void refetch()} />}
      {!data && !error && (
        <div className="card errors-placeholder" aria-busy="true">
          <span className="skeleton" />
        </div>
      )}
      {data && <Whole detail={data} hours={hours} setHours={setHours} />}
    </Page>
  );
}

function Actions({ detail }: { detail: ErrorDetail }) {
  const { error: group } = detail;
  const queries = useQueryClient();
  const [open, setOpen] = useState<'resolve' | 'replay' | null>(null);
  const change = useMutation({
    mutationFn: ({ action, version }: { action: 'resolve' | 'ignore' | 'reopen'; version?: string }) =>
      changeError(group.id, action, version),
    onSuccess: (_, { action }) => {
      toast({ resolve: 'Resolved', ignore: 'Ignored', reopen: 'Open again' }[action]);
      return Promise.all([
        queries.invalidateQueries({ queryKey: ['error', group.id] }),
        queries.invalidateQueries({ queryKey: ['errors'] }),
      ]);
    },
    onError: toastError,
  });
  const id = shellQuote(group.id);
  return (
    <>
      <CopyAs
        forms={{
          cli: `lambent error show ${id}\nlambent error resolve ${id}\nlambent error ignore ${id}`,
          request: { method: 'GET', path: `/v1/errors/${encodeURIComponent(group.id)}` },
        }}
      />
      <Button icon="retry" onClick={() => setOpen('replay')}>
        Replay
      </Button>
      {group.status !== 'open' && (
        <Button busy={change.isPending} onClick={() => change.mutate({ action: 'reopen' })}>
          Reopen
        </Button>
      )}
      {group.status === 'open' && (
        <Button busy={change.isPending} onClick={() => change.mutate({ action: 'ignore' })}>
          Ignore
        </Button>
      )}
      {group.status !== 'resolved' && (
        <Button kind="primary" icon="check" onClick={() => setOpen('resolve')}>
          Resolve
        </Button>
      )}
      {open === 'resolve' && (
        <ResolveDialog
          detail={detail}
          onClose={() => setOpen(null)}
          onResolve={(version) => change.mutateAsync({ action: 'resolve', version })}
        />
      )}
      {open === 'replay' && <ReplayMany filter={{ error: group.id, since: '7d' }} onClose={() => setOpen(null)} />}
    </>
  );
}

function Whole({ detail, hours, setHours }: { detail: ErrorDetail; hours: string; setHours: (hours: string) => void }) {
  const { error: group } = detail;
  const alerts = useQuery(errorAlertsQuery);
  const watching = (alerts.data ?? []).filter(
    (alert) => !alert.target || group.functions.some((name) => alert.target!.endsWith(name)),
  );
  return (
    <>
      <div className="card">
        <Facts
          facts={[
            ['Happened', `${group.count.toLocaleString('en-US')} times`],
            ['First seen', <Time at={group.firstSeen} />],
            ['Last seen', <Time at={group.lastSeen} />],
            ['Where', <code>{visible(group.culprit)}</code>],
            ['Kind', group.kind.replace(/-/g, ' ')],
            !!group.changedAt && ['State since', <Time at={group.changedAt} />],
            [
              'Alerts',
              watching.length === 0 ? (
                <Link href="/alerts">none: make one</Link>
              ) : (
                watching.map((alert, index) => (
                  <span key={alert.name}>
                    {index > 0 && ', '}
                    <Link href={`/alerts/${encodeURIComponent(alert.name)}`}>{alert.name}</Link>
                  </span>
                ))
              ),
            ],
          ]}
        />
      </div>
      <Section
        title="Occurrences"
        actions={
          <select aria-label="How far back" value={hours} onChange={(event) => setHours(event.target.value)}>
            {hourChoices.map(([value, text]) => (
              <option key={value} value={value}>
                Last {text}
              </option>
            ))}
          </select>
        }
      >
        <div className="card errors-chart">
          <HourBars counts={group.counts} hours={detail.hours} height={90} />
          <div className="row faint errors-axis">
            <span className="grow">
              <Time at={detail.hours[0]} />
            </span>
            <span>now</span>
          </div>
        </div>
      </Section>
      <Section
        title="Stack"
        actions={
          <ButtonLink href={`/invocations?error=${encodeURIComponent(group.id)}`} kind="quiet" icon="invocation">
            All calls with it
          </ButtonLink>
        }
      >
        {detail.frames.length > 0 ? (
          <StackView frames={detail.frames} />
        ) : (
          <p className="soft">There is no stack: {noStack[group.kind] ?? 'none was given with it'}.</p>
        )}
      </Section>
      <Samples detail={detail} />
      <Section title="Versions">
        <DataTable
          label="Versions it was seen in"
          columns={versionColumns}
          rows={detail.versions}
          rowKey={(row) => `${row.function}:${row.version}`}
        />
      </Section>
    </>
  );
}

const noStack: Record<string, string> = {
  timeout: 'the time was over while the handler ran',
  'out-of-memory': 'the process was ended for want of memory',
  exit: 'the process ended by itself',
};

const versionColumns: Column<ErrorDetail['versions'][number]>[] = [
  {
    id: 'version',
    header: 'Version',
    grow: true,
    cell: (row) => (
      <Link href={`/functions/${encodeURIComponent(row.function)}`}>
        {visible(row.function)}:{visible(row.version)}
      </Link>
    ),
    sortBy: (row) => `${row.function}:${row.version}`,
  },
  {
    id: 'count',
    header: 'Count',
    number: true,
    cell: (row) => row.count.toLocaleString('en-US'),
    sortBy: (row) => row.count,
  },
  {
    id: 'first',
    header: 'First seen',
    wideOnly: true,
    cell: (row) => <Time at={row.firstSeen} />,
    sortBy: (row) => row.firstSeen,
  },
  { id: 'last', header: 'Last seen', cell: (row) => <Time at={row.lastSeen} />, sortBy: (row) => row.lastSeen },
];
