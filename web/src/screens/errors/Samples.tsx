import { useState } from 'react';
import { useMutation } from '@tanstack/react-query';
import { Link } from 'wouter';
import type { ErrorDetail, ErrorSample } from '../../api/errors';
import { replay } from '../../api/invocations';
import { Button } from '../../ui/Button';
import { DataTable, type Column } from '../../ui/DataTable';
import { Dialog } from '../../ui/Dialog';
import { Section } from '../../ui/Page';
import { toast, toastError } from '../../ui/Toasts';
import { visible } from '../../ui/text';
import { Moment } from '../invocations/Moment';

/** Occurrences that were kept, each with its call and the same call again. */
export function Samples({ detail }: { detail: ErrorDetail }) {
  const [shown, show] = useState<ErrorSample | null>(null);
  const again = useMutation({
    mutationFn: (id: string) => replay(id, {}),
    onSuccess: (replayed) =>
      toast(
        replayed.outcome === 'success' ? 'It succeeds now' : `It fails again: ${replayed.outcome}`,
        replayed.outcome === 'success' ? 'good' : 'bad',
      ),
    onError: toastError,
  });
  const columns: Column<ErrorSample>[] = [
    { id: 'time', header: 'Time', cell: (row) => <Moment at={row.at} /> },
    {
      id: 'number',
      header: 'Occurrence',
      number: true,
      wideOnly: true,
      cell: (row) => row.number.toLocaleString('en-US'),
    },
    { id: 'version', header: 'Version', wideOnly: true, cell: (row) => `${row.function}:${row.version}` },
    {
      id: 'message',
      header: 'Message',
      grow: true,
      cell: (row) => <span title={row.message}>{visible(row.message)}</span>,
    },
    {
      id: 'request',
      header: 'Call',
      cell: (row) =>
        row.requestId && (
          <Link className="mono" href={`/invocations/${encodeURIComponent(row.requestId)}`}>
            …{row.requestId.slice(-8)}
          </Link>
        ),
    },
    {
      id: 'actions',
      header: 'Actions',
      cell: (row) => (
        <span className="errors-actions">
          {row.stack && (
            <Button kind="quiet" icon="code" onClick={() => show(row)}>
              Stack
            </Button>
          )}
          {row.requestId && (
            <Button
              kind="quiet"
              icon="retry"
              busy={again.isPending && again.variables === row.requestId}
              onClick={() => again.mutate(row.requestId!)}
            >
              Replay
            </Button>
          )}
        </span>
      ),
    },
  ];
  return (
    <Section title="Samples">
      <DataTable
        label="Occurrences that were kept"
        columns={columns}
        rows={detail.samples}
        rowKey={(row) => `${row.number}`}
      />
      <Dialog open={shown !== null} wide onClose={() => show(null)} title={shown ? visible(shown.type) : ''}>
        <pre tabIndex={0} aria-label="Stack">
          {shown && visible(shown.stack)}
        </pre>
      </Dialog>
    </Section>
  );
}
