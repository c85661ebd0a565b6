import { useState } from 'react';
import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { useLocation } from 'wouter';
import { alertHistory, deleteAlert, getAlert, testAlert, type Alert } from '../../api/alerts';
import type { MetricDefinition } from '../../api/metrics';
import { Button } from '../../ui/Button';
import { CopyAs, shellQuote } from '../../ui/CopyAs';
import { DataTable } from '../../ui/DataTable';
import { Confirm } from '../../ui/Dialog';
import { EmptyState } from '../../ui/EmptyState';
import { ErrorBox } from '../../ui/ErrorBox';
import { Facts, Page, Section } from '../../ui/Page';
import { Time } from '../../ui/Time';
import { toast, toastError } from '../../ui/Toasts';
import { figure } from '../../ui/figure';
import { AlertForm, useMetricCatalog } from './AlertForm';
import { AlertPreview } from './AlertPreview';
import { AlertBadge, toldOf } from './index';
import { describe, unitOf } from './rules';
import './alerts.css';

export default function AlertPage({ params }: { params: Record<string, string> }) {
  const name = params['name'] ?? '';
  const catalog = useMetricCatalog();
  const [editing, setEditing] = useState(false);
  const {
    data: alert,
    error,
    refetch,
  } = useQuery({
    queryKey: ['alerts', name],
    queryFn: ({ signal }) => getAlert(name, signal),
    refetchInterval: 5000,
  });
  const metrics = catalog.data?.metrics ?? [];
  return (
    <Page
      title={name}
      crumbs={[{ label: 'Alerts', href: '/alerts' }]}
      badge={alert && <AlertBadge state={alert.state} />}
      actions={alert && <Actions alert={alert} onEdit={() => setEditing(true)} />}
    >
      {error && !alert ? <ErrorBox error={error} retry={() => void refetch()} /> : null}
      {alert && (
        <>
          <Standing alert={alert} metrics={metrics} />
          <section className="card stack" aria-label="What it looks at">
            <h2>The last day</h2>
            <AlertPreview rule={alert} catalog={metrics} />
          </section>
          <History name={name} unit={unitOf(alert.metric, alert.statistic ?? '', metrics)} />
        </>
      )}
      {editing && alert && catalog.data && <AlertForm alert={alert} onClose={() => setEditing(false)} />}
    </Page>
  );
}

function Standing({ alert, metrics }: { alert: Alert; metrics: MetricDefinition[] }) {
  return (
    <div className="card">
      <Facts
        facts={[
          ['Tells of', describe(alert, metrics)],
          ['Value', figure(alert.value, unitOf(alert.metric, alert.statistic ?? '', metrics))],
          ['Since', <Time key="since" at={alert.since} />],
          ['Values needed', String(alert.samples)],
          [
            'When there are none',
            { 'no-data': 'says nothing', ok: 'all is well', alert: 'that is wrong' }[alert.noData],
          ],
          ['Tells', toldOf(alert)],
        ]}
      />
    </div>
  );
}

function Actions({ alert, onEdit }: { alert: Alert; onEdit: () => void }) {
  const queries = useQueryClient();
  const [, navigate] = useLocation();
  const [deleting, setDeleting] = useState(false);
  const [testing, setTesting] = useState(false);
  const test = async () => {
    setTesting(true);
    try {
      const { told } = await testAlert(alert.name);
      toast(
        told > 0 ? `A test is on its way to ${told}` : 'Nobody would be told: no webhook wants alerts',
        told > 0 ? 'good' : 'bad',
      );
      await queries.invalidateQueries({ queryKey: ['alerts', alert.name] });
    } catch (error) {
      toastError(error);
    } finally {
      setTesting(false);
    }
  };
  const remove = async () => {
    try {
      await deleteAlert(alert.name);
      toast(`${alert.name} is deleted`);
      navigate('/alerts');
    } catch (error) {
      toastError(error);
    }
  };
  return (
    <>
      <CopyAs
        forms={{
          cli: `lambent alert test ${shellQuote(alert.name)}`,
          request: { method: 'POST', path: `/v1/alerts/${encodeURIComponent(alert.name)}/test` },
        }}
      />
      <Button icon="alert" busy={testing} onClick={() => void test()}>
        Send a test
      </Button>
      <Button icon="edit" onClick={onEdit}>
        Change
      </Button>
      <Button kind="danger" icon="trash" onClick={() => setDeleting(true)}>
        Delete
      </Button>
      <Confirm
        open={deleting}
        title={`Delete ${alert.name}`}
        action="Delete"
        onConfirm={remove}
        onClose={() => setDeleting(false)}
      >
        <p>Nobody is told of it any more, and its history goes with it.</p>
      </Confirm>
    </>
  );
}

function History({ name, unit }: { name: string; unit: string }) {
  const { data, error, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery({
    queryKey: ['alerts', name, 'history'],
    queryFn: ({ pageParam, signal }) => alertHistory(name, pageParam, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next,
    refetchInterval: 10_000,
  });
  return (
    <Section title="History">
      <DataTable
        label="History"
        rows={data?.pages.flatMap((page) => page.changes)}
        rowKey={(change) => change.id}
        error={error}
        retry={() => void refetch()}
        more={{ available: hasNextPage, loading: isFetchingNextPage, load: () => void fetchNextPage() }}
        columns={[
          { id: 'at', header: 'When', cell: (change) => <Time at={change.at} /> },
          {
            id: 'to',
            header: 'Became',
            cell: (change) => <AlertBadge state={change.to} />,
          },
          { id: 'value', header: 'Value', number: true, cell: (change) => figure(change.value, unit) },
          {
            id: 'text',
            header: 'What was told',
            grow: true,
            cell: (change) => <span title={change.text}>{change.text}</span>,
          },
        ]}
        empty={<EmptyState icon="alert" title="Its state has not changed yet" />}
      />
    </Section>
  );
}
