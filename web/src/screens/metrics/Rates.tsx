import { useId, useState, type FormEvent } from 'react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { readRates, setRates, type Rate } from '../../api/bill';
import { operatorAccount } from '../../api/status';
import { useSession } from '../../session/useSession';
import { Button } from '../../ui/Button';
import { CopyAs } from '../../ui/CopyAs';
import { DataTable } from '../../ui/DataTable';
import { Dialog } from '../../ui/Dialog';
import { EmptyState } from '../../ui/EmptyState';
import { ErrorBox } from '../../ui/ErrorBox';
import { Section } from '../../ui/Page';
import { Time } from '../../ui/Time';
import { toast } from '../../ui/Toasts';

/** The prices of an AWS region, for comparison; the operator's own come instead of them. */
const suggestion = { perGigabyteSecond: '0.0000166667', perMillionRequests: '0.20', currency: 'USD' };

/** Prices, and since when each counts. The operator sets them. */
export function Rates() {
  const isOperator = useSession()?.account === operatorAccount;
  const [editing, setEditing] = useState(false);
  const { data, error, refetch } = useQuery({ queryKey: ['rates'], queryFn: ({ signal }) => readRates(signal) });
  const history = data && [...data.history].reverse();
  return (
    <Section
      title="Prices"
      actions={
        isOperator && (
          <Button icon="edit" onClick={() => setEditing(true)}>
            Set prices
          </Button>
        )
      }
    >
      <DataTable<Rate>
        label="Prices"
        rows={history}
        error={error}
        retry={() => void refetch()}
        rowKey={(rate) => rate.from}
        columns={[
          { id: 'from', header: 'Since', cell: (rate) => <Time at={rate.from} /> },
          { id: 'gb', header: 'Per GB-second', number: true, cell: (rate) => plain(rate.perGigabyteSecond) },
          { id: 'calls', header: 'Per million calls', number: true, cell: (rate) => plain(rate.perMillionRequests) },
          { id: 'currency', header: 'Currency', cell: (rate) => rate.currency },
          { id: 'now', header: 'Counts', cell: (rate) => (rate.from === data?.current?.from ? 'now' : '') },
        ]}
        empty={
          <EmptyState
            icon="cost"
            title="No prices are set"
            command="lambent rates set --gb-second 0.0000166667 --million-requests 0.20 --currency USD"
          >
            Without prices a bill shows time alone.
          </EmptyState>
        }
      />
      {editing && <RatesDialog current={data?.current} onClose={() => setEditing(false)} />}
    </Section>
  );
}

function RatesDialog({ current, onClose }: { current?: Rate; onClose: () => void }) {
  const queries = useQueryClient();
  const formId = useId();
  const [perSecond, setPerSecond] = useState(current ? plain(current.perGigabyteSecond) : suggestion.perGigabyteSecond);
  const [perMillion, setPerMillion] = useState(
    current ? plain(current.perMillionRequests) : suggestion.perMillionRequests,
  );
  const [currency, setCurrency] = useState(current?.currency ?? suggestion.currency);
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const save = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setError(null);
    try {
      await setRates({ perGigabyteSecond: Number(perSecond), perMillionRequests: Number(perMillion), currency });
      await queries.invalidateQueries();
      toast('The prices count from now on');
      onClose();
    } catch (failure) {
      setError(failure);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title="Set prices"
      footer={
        <>
          <CopyAs
            forms={{
              cli: `lambent rates set --gb-second ${perSecond} --million-requests ${perMillion} --currency ${currency}`,
              request: {
                method: 'PUT',
                path: '/v1/rates',
                body: { perGigabyteSecond: Number(perSecond), perMillionRequests: Number(perMillion), currency },
              },
            }}
          />
          <Button onClick={onClose}>Keep</Button>
          <Button kind="primary" type="submit" form={formId} busy={busy}>
            Set prices
          </Button>
        </>
      }
    >
      <form id={formId} className="stack" onSubmit={(event) => void save(event)}>
        <p className="soft">They count from now on; what was called earlier keeps its prices.</p>
        <label className="stack explorer-field">
          Price of a GB-second
          <input
            required
            inputMode="decimal"
            pattern="[0-9]+(\.[0-9]{1,10})?"
            title="A number with up to 10 decimals"
            value={perSecond}
            onChange={(event) => setPerSecond(event.target.value)}
          />
        </label>
        <label className="stack explorer-field">
          Price of a million calls
          <input
            required
            inputMode="decimal"
            pattern="[0-9]+(\.[0-9]{1,10})?"
            title="A number with up to 10 decimals"
            value={perMillion}
            onChange={(event) => setPerMillion(event.target.value)}
          />
        </label>
        <label className="stack explorer-field">
          Currency
          <input
            required
            pattern="[A-Z]{3}"
            title="Three capital letters, such as EUR"
            value={currency}
            maxLength={3}
            onChange={(event) => setCurrency(event.target.value.toUpperCase())}
          />
        </label>
        {error !== null && <ErrorBox error={error} />}
      </form>
    </Dialog>
  );
}

/** Without an exponent, as it was set. */
function plain(value: number): string {
  return value.toFixed(10).replace(/\.?0+$/, '');
}
