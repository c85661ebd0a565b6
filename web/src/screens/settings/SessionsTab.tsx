import { useState } from 'react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useLocation } from 'wouter';
import { endAllSessions, endSession, listSessions, type BrowserSession } from '../../api/accounts';
import { end, logOut } from '../../session/session';
import { Badge } from '../../ui/Badge';
import { Button } from '../../ui/Button';
import { CopyAs, CopyText } from '../../ui/CopyAs';
import { DataTable, type Column } from '../../ui/DataTable';
import { Confirm } from '../../ui/Dialog';
import { EmptyState } from '../../ui/EmptyState';
import { Section } from '../../ui/Page';
import { Time } from '../../ui/Time';
import { toast, toastError } from '../../ui/Toasts';
import { browserName } from './browserName';

/** Browsers that are logged in to the account. */
export function SessionsTab() {
  const queries = useQueryClient();
  const [, navigate] = useLocation();
  const [endingAll, setEndingAll] = useState(false);
  const { data, error, refetch } = useQuery({
    queryKey: ['sessions'],
    queryFn: ({ signal }) => listSessions(signal),
    refetchInterval: 10_000,
  });
  const leave = () => {
    queries.clear();
    navigate('/login', { replace: true });
  };
  const endOne = async (session: BrowserSession) => {
    try {
      if (session.current) {
        await logOut();
        leave();
        return;
      }
      await endSession(session.id);
      toast('The session is ended');
      await queries.invalidateQueries({ queryKey: ['sessions'] });
    } catch (failure) {
      toastError(failure);
    }
  };
  const endAll = async () => {
    try {
      await endAllSessions();
      end();
      leave();
    } catch (failure) {
      toastError(failure);
    }
  };
  const columns: Column<BrowserSession>[] = [
    {
      id: 'browser',
      header: 'Browser',
      grow: true,
      cell: (session) => (
        <span title={session.userAgent}>
          {browserName(session.userAgent)} {session.current && <Badge tone="accent">this one</Badge>}
        </span>
      ),
    },
    { id: 'begun', header: 'Begun', cell: (session) => <Time at={session.begunAt} /> },
    { id: 'used', header: 'Last used', cell: (session) => <Time at={session.lastUsedAt} /> },
    { id: 'ends', header: 'Ends unused', wideOnly: true, cell: (session) => <Time at={session.expiresAt} /> },
    {
      id: 'end',
      header: 'End it',
      cell: (session) => (
        <Button kind="quiet" icon="logout" onClick={() => void endOne(session)}>
          {session.current ? 'Log out' : 'End'}
        </Button>
      ),
    },
  ];
  return (
    <Section
      title="Sessions"
      actions={
        <>
          <CopyAs forms={{ cli: 'lambent dashboard', request: { method: 'GET', path: '/v1/sessions' } }} />
          <Button kind="danger" icon="logout" onClick={() => setEndingAll(true)}>
            End all
          </Button>
        </>
      }
    >
      <DataTable
        label="Sessions"
        columns={columns}
        rows={data}
        rowKey={(session) => session.id}
        error={error}
        retry={() => void refetch()}
        empty={<EmptyState icon="settings" title="Nobody is logged in" command="lambent dashboard" />}
      />
      <p className="soft">Another browser logs in with an address that works once:</p>
      <CopyText text="lambent dashboard" label="Copy the command" />
      <Confirm
        open={endingAll}
        title="End all sessions"
        action="End all"
        typed={(data?.length ?? 0) > 1 ? 'end all' : undefined}
        onConfirm={endAll}
        onClose={() => setEndingAll(false)}
      >
        <p>
          {data?.length ?? 0} {data?.length === 1 ? 'browser is' : 'browsers are'} logged out, this one too, and login
          addresses that were not used yet are worth nothing. Access keys stay.
        </p>
      </Confirm>
    </Section>
  );
}
