import { useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import {
  loadOf,
  readDecisions,
  replayDecisions,
  replayOne,
  type ScalingHistory,
  type ScalingRecord,
} from '../../api/scaling';
import { Button, IconButton } from '../../ui/Button';
import { Chart } from '../../ui/Chart';
import { DataTable, type Column } from '../../ui/DataTable';
import { ErrorBox } from '../../ui/ErrorBox';
import { count } from '../../ui/format';
import { Section } from '../../ui/Page';
import { ClockTime } from '../../ui/Time';
import { toast, toastError } from '../../ui/Toasts';
import { limitWords, reasonWords } from './why';

/** What the scale controller decided over time, drawn and in words; any of it can be decided again. */
export function Decisions({ name }: { name: string }) {
  const [busy, setBusy] = useState(false);
  const { data, error, refetch } = useQuery({
    queryKey: ['decisions', name],
    queryFn: ({ signal }) => readDecisions(name, signal),
    refetchInterval: 5000,
  });
  const replay = async () => {
    setBusy(true);
    try {
      const { replayed, differing } = await replayDecisions(name);
      toast(
        differing.length === 0
          ? `${count(replayed)} decisions come out the same`
          : `${differing.length} of ${replayed} come out differently`,
        differing.length === 0 ? 'good' : 'bad',
      );
    } catch (failure) {
      toastError(failure);
    } finally {
      setBusy(false);
    }
  };
  if (error) return <ErrorBox error={error} retry={() => void refetch()} />;
  return (
    <Section
      title="Decisions"
      actions={
        <Button icon="retry" busy={busy} onClick={() => void replay()}>
          Decide all again
        </Button>
      }
    >
      {data?.controllers.map((history) => (
        <History
          key={`${history.controller}${history.function}${history.version}${history.source}`}
          history={history}
        />
      ))}
    </Section>
  );
}

/** More of them are shown when somebody asks. */
const shownMax = 8;

function History({ history }: { history: ScalingHistory }) {
  const [all, setAll] = useState(false);
  const rows = [...history.decisions].reverse();
  const times = history.decisions.map((record) => Date.parse(record.at) / 1000);
  const title = history.source
    ? `${history.controller} ${history.source}`
    : `Calls${history.version ? ` of version ${history.version}` : ''}`;
  return (
    <div className="card stack">
      <h3>{title}</h3>
      <Chart
        label={`Decisions: ${title}`}
        times={times}
        height={170}
        format={count}
        series={[
          {
            label: 'environments wanted',
            values: history.decisions.map((record) => record.decision.environments),
            colour: 1,
          },
          {
            label: 'calls in flight',
            values: history.decisions.map((record) => loadOf(record)?.callsInFlight ?? null),
            colour: 2,
          },
          {
            label: 'environments there',
            values: history.decisions.map((record) => loadOf(record)?.environmentsReady ?? null),
            colour: 3,
          },
          ...(history.source
            ? [
                {
                  label: 'messages waiting',
                  values: history.decisions.map((record) => loadOf(record)?.backlog ?? null),
                  colour: 4 as const,
                },
              ]
            : []),
        ]}
      />
      <DataTable<ScalingRecord>
        label={`Decisions: ${title}`}
        rows={all ? rows : rows.slice(0, shownMax)}
        columns={columnsOf(history)}
        rowKey={(record) => String(record.number)}
      />
      {!all && rows.length > shownMax && (
        <Button kind="quiet" icon="down" onClick={() => setAll(true)}>
          All {count(rows.length)} that are kept
        </Button>
      )}
    </div>
  );
}

function columnsOf(history: ScalingHistory): Column<ScalingRecord>[] {
  return [
    { id: 'at', header: 'At', cell: (record) => <ClockTime at={record.at} /> },
    { id: 'environments', header: 'Environments', number: true, cell: (record) => record.decision.environments },
    { id: 'wanted', header: 'Without limits', number: true, wideOnly: true, cell: (record) => record.decision.wanted },
    { id: 'flight', header: 'In flight', number: true, cell: (record) => loadOf(record)?.callsInFlight ?? '–' },
    {
      id: 'rate',
      header: 'Arrive/s',
      number: true,
      wideOnly: true,
      cell: (record) => count(Number(record.decision.ratePerSecond.toPrecision(3))),
    },
    {
      id: 'why',
      header: 'Because',
      grow: true,
      cell: (record) =>
        reasonWords(record.decision.reason) +
        (limitWords(record.decision.limit) ? `; held by ${limitWords(record.decision.limit)}` : ''),
    },
    {
      id: 'again',
      header: 'Again',
      cell: (record) => <IconButton label="Decide it again" icon="retry" onClick={() => void again(history, record)} />,
    },
  ];
}

async function again(history: ScalingHistory, record: ScalingRecord): Promise<void> {
  try {
    const { differing } = await replayOne(history, record);
    const other = differing[0]?.now;
    if (other) toast(`It would be ${other.environments} environments now: ${reasonWords(other.reason)}`, 'bad');
    else toast('The same numbers lead to the same decision');
  } catch (error) {
    toastError(error);
  }
}
