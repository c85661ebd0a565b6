import { useQuery } from '@tanstack/react-query';
import { readBill, type BillLine, type BillQuery } from '../../api/bill';
import { operatorAccount } from '../../api/status';
import { useSession } from '../../session/useSession';
import { Button } from '../../ui/Button';
import { Chart } from '../../ui/Chart';
import { CopyAs, shellQuote } from '../../ui/CopyAs';
import { DataTable, type Column } from '../../ui/DataTable';
import { EmptyState } from '../../ui/EmptyState';
import { count, duration } from '../../ui/format';
import { money } from '../../ui/money';
import { Section } from '../../ui/Page';
import { saveText } from '../../ui/saveFile';
import { Stat } from '../../ui/Stat';
import { useUrlState } from '../../ui/useUrlState';
import { Rates } from './Rates';

const times: Array<[string, string]> = [
  ['', 'This month'],
  ['24h', 'Last 24 hours'],
  ['7d', 'Last 7 days'],
  ['30d', 'Last 30 days'],
  ['90d', 'Last 90 days'],
];
const groups: Array<[string, string]> = [
  ['function', 'By function'],
  ['day', 'By day'],
  ['function,day', 'By function and day'],
  ['function,version', 'By version'],
  ['tag:team', 'By the tag team'],
  ['account', 'By account'],
];

/** What calls cost, and at which prices. */
export function CostTab() {
  const isOperator = useSession()?.account === operatorAccount;
  const [from, setFrom] = useUrlState('from', '');
  const [groupBy, setGroupBy] = useUrlState('of', 'function');
  const query: BillQuery = { from: from || undefined, groupBy, account: groupBy === 'account' ? 'all' : undefined };
  const bill = useQuery({
    queryKey: ['bill', query],
    queryFn: ({ signal }) => readBill(query, signal),
    refetchInterval: 30_000,
  });
  const days = useQuery({
    queryKey: ['bill', 'days', from],
    queryFn: ({ signal }) => readBill({ from: from || undefined, groupBy: 'day' }, signal),
    refetchInterval: 30_000,
  });
  const { data } = bill;
  const amount = (line: BillLine | undefined) => (data?.currency ? money(line?.cost ?? 0, data.currency) : '–');
  return (
    <div className="stack-large">
      <div className="row">
        <select aria-label="Time" value={from} onChange={(event) => setFrom(event.target.value)}>
          {times.map(([value, label]) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </select>
        <select aria-label="Group by" value={groupBy} onChange={(event) => setGroupBy(event.target.value)}>
          {groups
            .filter(([value]) => isOperator || value !== 'account')
            .map(([value, label]) => (
              <option key={value} value={value}>
                {label}
              </option>
            ))}
        </select>
        <span className="grow" />
        <Button
          kind="quiet"
          icon="download"
          disabled={!data}
          onClick={() => data && saveText('lambent-bill.csv', asCsv(data.lines, groupBy.split(',')))}
        >
          CSV
        </Button>
        <CopyAs
          forms={{
            cli: `lambent bill${from ? ` --from ${from}` : ''} --group-by ${shellQuote(groupBy)}${groupBy === 'account' ? ' --account all' : ''}`,
            request: {
              method: 'GET',
              path: `/v1/bill?groupBy=${encodeURIComponent(groupBy)}${from ? `&from=${from}` : ''}${groupBy === 'account' ? '&account=all' : ''}`,
            },
          }}
        />
      </div>
      <div className="grid">
        <Stat
          label="Cost"
          value={data ? amount(data.total) : '…'}
          detail={data && !data.currency ? 'Prices are not set' : undefined}
        />
        <Stat
          label="GB-seconds"
          value={data ? count(Number(Number(data.total.gigabyteSeconds).toPrecision(4))) : '…'}
        />
        <Stat label="Calls" value={data ? count(data.total.invocations) : '…'} />
        <Stat label="Billed time" value={data ? duration(data.total.billedMilliseconds) : '…'} />
      </div>
      <DaysChart lines={days.data?.lines ?? []} currency={data?.currency} />
      <Section title="The bill">
        <DataTable
          label="The bill"
          rows={data?.lines}
          error={bill.error}
          retry={() => void bill.refetch()}
          rowKey={(line) => JSON.stringify(line.group)}
          columns={columnsOf(groupBy.split(','), Number(data?.total.cost ?? 0), amount)}
          empty={<EmptyState icon="cost" title="Nothing was called in this time" command="lambent invoke NAME" />}
        />
        {data && data.linesLeftOut > 0 && (
          <p className="faint">
            {data.linesLeftOut} more lines together: {amount(data.others)}
          </p>
        )}
      </Section>
      <Rates />
    </div>
  );
}

function columnsOf(dimensions: string[], total: number, amount: (line: BillLine) => string): Column<BillLine>[] {
  return [
    ...dimensions.map((dimension): Column<BillLine> => ({
      id: dimension,
      header: dimension,
      cell: (line) => line.group?.[dimension] || '–',
      sortBy: (line) => line.group?.[dimension] ?? '',
    })),
    {
      id: 'calls',
      header: 'Calls',
      number: true,
      cell: (line) => count(line.invocations),
      sortBy: (line) => line.invocations,
    },
    {
      id: 'time',
      header: 'Billed time',
      number: true,
      wideOnly: true,
      cell: (line) => duration(line.billedMilliseconds),
      sortBy: (line) => line.billedMilliseconds,
    },
    {
      id: 'gb',
      header: 'GB-s',
      number: true,
      cell: (line) => count(Number(Number(line.gigabyteSeconds).toPrecision(4))),
      sortBy: (line) => Number(line.gigabyteSeconds),
    },
    {
      id: 'cost',
      header: 'Cost',
      number: true,
      cell: (line) => <span title={line.cost}>{amount(line)}</span>,
      sortBy: (line) => Number(line.cost),
    },
    {
      id: 'share',
      header: 'Share',
      wideOnly: true,
      cell: (line) => (
        <span className="explorer-share">
          <span style={{ width: `${total > 0 ? (Number(line.cost) / total) * 100 : 0}%` }} />
        </span>
      ),
    },
  ];
}

function DaysChart({ lines, currency }: { lines: BillLine[]; currency?: string }) {
  const days = lines
    .map((line) => ({ at: Date.parse(`${line.group?.['day']}T00:00:00Z`) / 1000, line }))
    .filter((day) => !Number.isNaN(day.at))
    .sort((a, b) => a.at - b.at);
  if (days.length < 2) return null;
  return (
    <section className="card" aria-label="By day">
      <Chart
        label={currency ? 'Cost by day' : 'GB-seconds by day'}
        times={days.map((day) => day.at)}
        height={160}
        legend={false}
        format={(value) => (currency ? money(value, currency) : count(value))}
        series={[
          {
            label: currency ? 'cost' : 'GB-seconds',
            kind: 'bars',
            values: days.map((day) => Number(currency ? day.line.cost : day.line.gigabyteSeconds)),
          },
        ]}
      />
    </section>
  );
}

function asCsv(lines: BillLine[], dimensions: string[]): string {
  const quote = (text: string) => (/[",\n]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text);
  const rows = lines.map((line) => [
    ...dimensions.map((dimension) => line.group?.[dimension] ?? ''),
    String(line.invocations),
    String(line.billedMilliseconds),
    line.gigabyteSeconds,
    line.cost,
  ]);
  return (
    [[...dimensions, 'invocations', 'billedMilliseconds', 'gigabyteSeconds', 'cost'], ...rows]
      .map((row) => row.map(quote).join(','))
      .join('\n') + '\n'
  );
}
