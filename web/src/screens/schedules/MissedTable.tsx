import type { Missed } from '../../api/schedules';
import { Badge } from '../../ui/Badge';
import { DataTable, type Column } from '../../ui/DataTable';
import { EmptyState } from '../../ui/EmptyState';
import { count } from '../../ui/format';
import { Time } from '../../ui/Time';

export const reasonWords: Record<Missed['reason'], string> = {
  late: 'No server ran when it was due.',
  overlap: 'The one before was still being worked on.',
  refused: 'Its target did not take it.',
};

/** Times that did not fire, the newest first, and why. */
export function MissedTable({ rows, single }: { rows: Missed[] | undefined; single?: boolean }) {
  const columns: Column<Missed>[] = [
    ...(single
      ? []
      : [
          {
            id: 'name',
            header: 'Schedule',
            cell: (row: Missed) => (row.group === 'default' ? row.name : `${row.group}/${row.name}`),
          },
        ]),
    {
      id: 'when',
      header: 'When',
      cell: (row) =>
        row.count > 1 ? (
          <>
            <Time at={row.firstAt} /> to <Time at={row.lastAt} />
          </>
        ) : (
          <Time at={row.lastAt} />
        ),
    },
    { id: 'count', header: 'Times', number: true, cell: (row) => count(row.count) },
    {
      id: 'reason',
      header: 'Reason',
      cell: (row) => <Badge tone={row.reason === 'refused' ? 'bad' : 'warn'}>{row.reason}</Badge>,
    },
    {
      id: 'why',
      header: 'Why',
      grow: true,
      cell: (row) => <span title={row.detail}>{row.detail ?? reasonWords[row.reason]}</span>,
    },
  ];
  return (
    <DataTable
      label="Missed times"
      columns={columns}
      rows={rows}
      rowKey={(row) => `${row.group}/${row.name}/${row.firstAt}/${row.reason}`}
      href={single ? undefined : (row) => `/schedules/${encodeURIComponent(row.group)}/${encodeURIComponent(row.name)}`}
      empty={
        <EmptyState icon="check" title="Nothing was missed">
          Times that do not fire are listed here with the reason.
        </EmptyState>
      }
    />
  );
}
