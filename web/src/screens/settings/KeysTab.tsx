import { useState } from 'react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { createKey, deleteKey, listAccounts, listKeys, type AccessKey, type NewKey } from '../../api/accounts';
import { operatorAccount } from '../../api/status';
import { useSession } from '../../session/useSession';
import { Button, IconButton } from '../../ui/Button';
import { CopyAs } from '../../ui/CopyAs';
import { DataTable, type Column } from '../../ui/DataTable';
import { Confirm } from '../../ui/Dialog';
import { EmptyState } from '../../ui/EmptyState';
import { Section } from '../../ui/Page';
import { Time } from '../../ui/Time';
import { toast, toastError } from '../../ui/Toasts';
import { useUrlState } from '../../ui/useUrlState';
import { SecretDialog } from './SecretDialog';

/** Access keys of the account; the operator may look after those of every account. */
export function KeysTab() {
  const own = useSession()?.account ?? '';
  const isOperator = own === operatorAccount;
  const [chosen, choose] = useUrlState('account');
  const account = isOperator && chosen ? chosen : own;
  const queries = useQueryClient();
  const accounts = useQuery({
    queryKey: ['accounts'],
    queryFn: ({ signal }) => listAccounts(signal),
    enabled: isOperator,
  });
  const keys = useQuery({ queryKey: ['keys', account], queryFn: ({ signal }) => listKeys(account, signal) });
  const [made, setMade] = useState<NewKey | null>(null);
  const [deleting, setDeleting] = useState<AccessKey | null>(null);
  const [busy, setBusy] = useState(false);
  const refresh = () => queries.invalidateQueries({ queryKey: ['keys', account] });
  const create = async () => {
    setBusy(true);
    try {
      setMade(await createKey(account));
      await refresh();
    } catch (error) {
      toastError(error);
    } finally {
      setBusy(false);
    }
  };
  const remove = async () => {
    try {
      await deleteKey(account, deleting!.accessKeyId);
      toast('Requests signed with it fail from now on');
      await refresh();
    } catch (error) {
      toastError(error);
    }
  };
  const columns: Column<AccessKey>[] = [
    { id: 'id', header: 'Access key id', grow: true, cell: (key) => <span className="mono">{key.accessKeyId}</span> },
    { id: 'made', header: 'Made', cell: (key) => <Time at={key.createdAt} /> },
    {
      id: 'delete',
      header: 'Delete',
      cell: (key) => <IconButton label={`Delete ${key.accessKeyId}`} icon="trash" onClick={() => setDeleting(key)} />,
    },
  ];
  return (
    <Section
      title="Access keys"
      actions={
        <>
          {isOperator && (accounts.data?.length ?? 0) > 1 && (
            <select
              aria-label="Account"
              value={account}
              onChange={(event) => choose(event.target.value === own ? '' : event.target.value)}
            >
              {accounts.data!.map((each) => (
                <option key={each.id} value={each.id}>
                  {each.name} {each.id}
                </option>
              ))}
            </select>
          )}
          <CopyAs
            forms={{
              cli: `lambent account key create ${account}`,
              request: { method: 'POST', path: `/v1/accounts/${account}/keys` },
            }}
          />
          <Button kind="primary" icon="plus" busy={busy} onClick={() => void create()}>
            New key
          </Button>
        </>
      }
    >
      <DataTable
        label="Access keys"
        columns={columns}
        rows={keys.data}
        rowKey={(key) => key.accessKeyId}
        error={keys.error}
        retry={() => void keys.refetch()}
        empty={
          <EmptyState
            icon="settings"
            title="The account has no key"
            command={`lambent account key create ${account}`}
          />
        }
      />
      <p className="soft">A key may do everything in its account and nothing outside of it. Up to 10 of an account.</p>
      {made && (
        <SecretDialog
          title="The new key"
          accessKeyId={made.accessKeyId}
          secret={made.secretAccessKey}
          onClose={() => setMade(null)}
        />
      )}
      <Confirm
        open={deleting !== null}
        title={`Delete ${deleting?.accessKeyId ?? ''}`}
        action="Delete the key"
        typed={deleting?.accessKeyId}
        onConfirm={remove}
        onClose={() => setDeleting(null)}
      >
        <p>Every program that signs with it is refused from the next request on. It cannot be had back.</p>
        {deleting && (
          <p className="soft">
            From a terminal:{' '}
            <code>
              lambent account key rm {account} {deleting.accessKeyId}
            </code>
          </p>
        )}
      </Confirm>
    </Section>
  );
}
