import { useId, useState, type FormEvent } from 'react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from 'wouter';
import { createAccount, deleteAccount, limitAccount, listAccounts, type Account } from '../../api/accounts';
import { operatorAccount } from '../../api/status';
import { Button, IconButton } from '../../ui/Button';
import { CopyAs, shellQuote } from '../../ui/CopyAs';
import { DataTable, type Column } from '../../ui/DataTable';
import { Confirm, Dialog } from '../../ui/Dialog';
import { ErrorBox } from '../../ui/ErrorBox';
import { count } from '../../ui/format';
import { Section } from '../../ui/Page';
import { Time } from '../../ui/Time';
import { toast } from '../../ui/Toasts';
import { SecretDialog } from './SecretDialog';

/** Tenants. Only the operator's account sees them. */
export function AccountsTab() {
  const queries = useQueryClient();
  const { data, error, refetch } = useQuery({ queryKey: ['accounts'], queryFn: ({ signal }) => listAccounts(signal) });
  const [making, setMaking] = useState(false);
  const [limiting, setLimiting] = useState<Account | null>(null);
  const [deleting, setDeleting] = useState<Account | null>(null);
  const [failure, setFailure] = useState<unknown>(null);
  const refresh = () => queries.invalidateQueries({ queryKey: ['accounts'] });
  const remove = async () => {
    setFailure(null);
    try {
      await deleteAccount(deleting!.id);
      toast(`${deleting!.name} is deleted`);
    } catch (refused) {
      setFailure(refused);
    }
    await refresh();
  };
  const columns: Column<Account>[] = [
    { id: 'name', header: 'Name', cell: (account) => account.name, sortBy: (account) => account.name },
    { id: 'id', header: 'Id', cell: (account) => <span className="mono">{account.id}</span> },
    {
      id: 'limit',
      header: 'Calls at a time',
      number: true,
      sortBy: (account) => account.concurrency,
      cell: (account) => (
        <Button kind="quiet" icon="edit" title="Change the limit" onClick={() => setLimiting(account)}>
          {count(account.concurrency)}
        </Button>
      ),
    },
    {
      id: 'made',
      header: 'Made',
      wideOnly: true,
      cell: (account) => <Time at={account.createdAt} />,
      sortBy: (account) => account.createdAt,
    },
    {
      id: 'keys',
      header: 'Keys',
      cell: (account) => <Link href={`/settings?tab=keys&account=${account.id}`}>Keys</Link>,
    },
    {
      id: 'delete',
      header: 'Delete',
      cell: (account) =>
        account.id !== operatorAccount && (
          <IconButton label={`Delete ${account.name}`} icon="trash" onClick={() => setDeleting(account)} />
        ),
    },
  ];
  return (
    <Section
      title="Accounts"
      actions={
        <>
          <CopyAs forms={{ cli: 'lambent account ls', request: { method: 'GET', path: '/v1/accounts' } }} />
          <Button kind="primary" icon="plus" onClick={() => setMaking(true)}>
            New account
          </Button>
        </>
      }
    >
      {failure !== null && <ErrorBox error={failure} />}
      <DataTable
        label="Accounts"
        columns={columns}
        rows={data}
        rowKey={(account) => account.id}
        error={error}
        retry={() => void refetch()}
      />
      <p className="soft">An account is a tenant: its own functions, names, keys, limits and logs.</p>
      {making && <NewAccount onClose={() => setMaking(false)} refresh={refresh} />}
      {limiting && <Limit account={limiting} onClose={() => setLimiting(null)} refresh={refresh} />}
      <Confirm
        open={deleting !== null}
        title={`Delete the account ${deleting?.name ?? ''}`}
        action="Delete the account"
        typed={deleting?.name}
        onConfirm={remove}
        onClose={() => setDeleting(null)}
      >
        <p>
          Its keys and its sessions end with it. It goes only when it has nothing left: no functions, queues, buckets
          and the like.
        </p>
        {deleting && (
          <p className="soft">
            From a terminal: <code>lambent account rm {deleting.id}</code>
          </p>
        )}
      </Confirm>
    </Section>
  );
}

function NewAccount({ onClose, refresh }: { onClose: () => void; refresh: () => Promise<void> }) {
  const formId = useId();
  const [name, setName] = useState('');
  const [id, setId] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const [made, setMade] = useState<{ accessKeyId: string; secretAccessKey: string } | null>(null);
  const create = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setError(null);
    try {
      setMade(await createAccount(name.trim(), id.trim()));
      await refresh();
    } catch (failure) {
      setError(failure);
    } finally {
      setBusy(false);
    }
  };
  if (made) {
    return (
      <SecretDialog
        title={`${name} and its first key`}
        accessKeyId={made.accessKeyId}
        secret={made.secretAccessKey}
        onClose={onClose}
      />
    );
  }
  return (
    <Dialog
      open
      onClose={onClose}
      title="New account"
      footer={
        <>
          <CopyAs
            forms={{
              cli: `lambent account create ${shellQuote(name || 'NAME')}${id ? ` --id ${id}` : ''} --save`,
              request: { method: 'POST', path: '/v1/accounts', body: { name: name || 'NAME', id: id || undefined } },
            }}
          />
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" form={formId} busy={busy}>
            Create
          </Button>
        </>
      }
    >
      <form id={formId} className="stack" onSubmit={(event) => void create(event)}>
        <label className="settings-field">
          Name
          <input
            required
            value={name}
            autoComplete="off"
            spellCheck={false}
            onChange={(event) => setName(event.target.value)}
          />
        </label>
        <label className="settings-field">
          Id, if it matters
          <input
            value={id}
            pattern="[0-9]{12}"
            title="Twelve digits"
            placeholder="Chosen by the server"
            onChange={(event) => setId(event.target.value)}
          />
        </label>
        {error !== null && <ErrorBox error={error} />}
      </form>
    </Dialog>
  );
}

function Limit({ account, onClose, refresh }: { account: Account; onClose: () => void; refresh: () => Promise<void> }) {
  const formId = useId();
  const [limit, setLimit] = useState(String(account.concurrency));
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const save = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setError(null);
    try {
      await limitAccount(account.id, Number(limit));
      await refresh();
      toast(`${account.name} has ${count(Number(limit))} calls at a time`);
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
      title={`Calls at a time of ${account.name}`}
      footer={
        <>
          <CopyAs
            forms={{
              cli: `lambent account limit ${account.id} --concurrency ${limit}`,
              request: {
                method: 'PUT',
                path: `/v1/accounts/${account.id}/concurrency`,
                body: { concurrency: Number(limit) },
              },
            }}
          />
          <Button onClick={onClose}>Keep</Button>
          <Button kind="primary" type="submit" form={formId} busy={busy}>
            Set
          </Button>
        </>
      }
    >
      <form id={formId} className="stack" onSubmit={(event) => void save(event)}>
        <label className="settings-field">
          Of all functions of the account together
          <input
            type="number"
            required
            min="1"
            max="100000"
            value={limit}
            onChange={(event) => setLimit(event.target.value)}
          />
        </label>
        <p className="soft">What is reserved or provisioned already stays.</p>
        {error !== null && <ErrorBox error={error} />}
      </form>
    </Dialog>
  );
}
