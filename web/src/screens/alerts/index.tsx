import { useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import { listAlerts, type Alert } from '../../api/alerts';
import { Badge, type Tone } from '../../ui/Badge';
import { Button } from '../../ui/Button';
import { CopyAs } from '../../ui/CopyAs';
import { DataTable, type Column } from '../../ui/DataTable';
import { EmptyState } from '../../ui/EmptyState';
import { Page } from '../../ui/Page';
import { Time } from '../../ui/Time';
import { figure } from '../../ui/figure';
import { AlertForm, useMetricCatalog } from './AlertForm';
import { describe, unitOf } from './rules';
import './alerts.css';

const tones: Record<Alert['state'], Tone> = { ok: 'good', alert: 'bad', 'no-data': 'neutral' };
const words: Record<Alert['state'], string> = { ok: 'ok', alert: 'alert', 'no-data': 'no data' };
const order: Alert['state'][] = ['alert', 'no-data', 'ok'];

export function AlertBadge({ state }: { state: Alert['state'] }) {
  return (
    <Badge tone={tones[state]} pulse={state === 'alert'}>
      {words[state]}
    </Badge>
  );
}

export default function Alerts() {
  const [making, setMaking] = useState(false);
  const catalog = useMetricCatalog();
  const { data, error, refetch } = useQuery({
    queryKey: ['alerts'],
    queryFn: ({ signal }) => listAlerts(signal),
    refetchInterval: 5000,
  });
  const metrics = catalog.data?.metrics ?? [];
  const columns: Column<Alert>[] = [
    { id: 'name', header: 'Name', cell: (alert) => alert.name, sortBy: (alert) => alert.name },
    {
      id: 'state',
      header: 'State',
      cell: (alert) => <AlertBadge state={alert.state} />,
      sortBy: (alert) => order.indexOf(alert.state),
    },
    { id: 'rule', header: 'Tells of', grow: true, cell: (alert) => describe(alert, metrics) },
    {
      id: 'value',
      header: 'Value',
      number: true,
      cell: (alert) => figure(alert.value, unitOf(alert.metric, alert.statistic ?? '', metrics)),
    },
    {
      id: 'since',
      header: 'Since',
      cell: (alert) => <Time at={alert.since} />,
      sortBy: (alert) => alert.since,
      wideOnly: true,
    },
    { id: 'told', header: 'Tells', wideOnly: true, cell: (alert) => <span className="faint">{toldOf(alert)}</span> },
  ];
  const rows =
    data && [...data].sort((a, b) => order.indexOf(a.state) - order.indexOf(b.state) || a.name.localeCompare(b.name));
  return (
    <Page
      title="Alerts"
      intro="Looked at once a minute; each change of state is told exactly once."
      actions={
        <>
          <CopyAs forms={{ cli: 'lambent alert ls', request: { method: 'GET', path: '/v1/alerts' } }} />
          <Button kind="primary" icon="plus" onClick={() => setMaking(true)}>
            New alert
          </Button>
        </>
      }
    >
      <DataTable
        label="Alerts"
        columns={columns}
        rows={rows}
        rowKey={(alert) => alert.name}
        error={error}
        retry={() => void refetch()}
        href={(alert) => `/alerts/${encodeURIComponent(alert.name)}`}
        empty={
          <EmptyState
            icon="alert"
            title="Nobody is told of anything yet"
            command="lambent alert create errors --metric error-rate --above 0.05 --samples 20 --for 3m"
          >
            An alert looks at a figure and tells by webhook or e-mail when it is wrong, and when it is right again.
          </EmptyState>
        }
      />
      {making && <AlertForm onClose={() => setMaking(false)} />}
    </Page>
  );
}

export function toldOf(alert: Alert): string {
  const told = [...alert.webhooks, ...alert.emails];
  return told.length > 0 ? told.join(', ') : 'webhooks for alerts';
}
