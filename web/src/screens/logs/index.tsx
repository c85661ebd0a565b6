import { useCallback, useMemo, useState } from 'react';
import { useLocation, useSearch } from 'wouter';
import { logsCommand, type LogSearch } from '../../api/logs';
import { Badge } from '../../ui/Badge';
import { Button } from '../../ui/Button';
import { CopyAs, shellQuote } from '../../ui/CopyAs';
import { EmptyState } from '../../ui/EmptyState';
import { ErrorBox } from '../../ui/ErrorBox';
import { count } from '../../ui/format';
import { Page } from '../../ui/Page';
import { toast, toastError } from '../../ui/Toasts';
import { downloadLinesMax, downloadLogs } from './download';
import { LogFilters } from './LogFilters';
import { LogHistogram } from './LogHistogram';
import { LogList } from './LogList';
import { canFollow, readSearch, toApi, withCondition, writeSearch, type ScreenSearch } from './search';
import { useLogStream, type LogStream } from './useLogStream';
import './logs.css';

export default function Logs() {
  const query = useSearch();
  const [, navigate] = useLocation();
  const search = useMemo(() => readSearch(query), [query]);
  const api = useMemo(() => toApi(search), [search]);
  const change = useCallback(
    (next: ScreenSearch) => {
      const text = writeSearch(next);
      navigate(text ? `/logs?${text}` : '/logs', { replace: true });
    },
    [navigate],
  );
  const isLive = search.live && canFollow(search);
  const stream = useLogStream(api, isLive);
  const onCondition = useCallback(
    (name: string, value: string) => change(withCondition(search, name, value)),
    [search, change],
  );
  const onOnly = useCallback(
    (what: 'function' | 'version' | 'request', value: string) => change({ ...search, [what]: value }),
    [search, change],
  );

  return (
    <Page
      title="Logs"
      badge={<StreamBadge stream={stream} isLive={isLive} />}
      actions={<Actions search={search} api={api} change={change} isLive={isLive} />}
    >
      <div className="log-screen">
        <LogFilters search={search} change={change} />
        {stream.error !== null && <ErrorBox error={stream.error} />}
        <LogHistogram
          lines={stream.lines}
          onPick={(from, to) =>
            change({
              ...search,
              since: new Date(from).toISOString(),
              until: new Date(to).toISOString(),
            })
          }
        />
        {stream.lines.length === 0 && stream.state !== 'loading' && stream.error === null ? (
          <Nothing search={search} hasOlder={stream.hasOlder} isLive={isLive} />
        ) : (
          <LogList stream={stream} showsFunction={search.function === ''} onCondition={onCondition} onOnly={onOnly} />
        )}
      </div>
    </Page>
  );
}

function StreamBadge({ stream, isLive }: { stream: LogStream; isLive: boolean }) {
  if (stream.state === 'reconnecting') return <Badge tone="warn">Reconnecting</Badge>;
  if (isLive && stream.state === 'live')
    return (
      <Badge tone="good" pulse>
        Live
      </Badge>
    );
  return <Badge>{stream.state === 'loading' ? 'Reading' : 'Not live'}</Badge>;
}

function Actions({
  search,
  api,
  change,
  isLive,
}: {
  search: ScreenSearch;
  api: LogSearch;
  change: (search: ScreenSearch) => void;
  isLive: boolean;
}) {
  const [busy, setBusy] = useState(false);
  const download = async (kind: 'jsonl' | 'txt') => {
    setBusy(true);
    try {
      const lines = await downloadLogs(api, kind);
      toast(
        `${count(lines)} lines${lines >= downloadLinesMax ? ', the newest; the command line has no such limit' : ''}`,
      );
    } catch (error) {
      toastError(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <Button
        icon={isLive ? 'pause' : 'play'}
        disabled={!canFollow(search)}
        title={canFollow(search) ? undefined : 'Nothing new comes between two times of the past'}
        onClick={() => change({ ...search, live: !search.live })}
      >
        {isLive ? 'Pause' : 'Go live'}
      </Button>
      <Button kind="quiet" icon="download" busy={busy} onClick={() => void download('jsonl')}>
        JSON lines
      </Button>
      <Button kind="quiet" icon="download" busy={busy} onClick={() => void download('txt')}>
        Text
      </Button>
      <CopyAs
        forms={{
          cli: logsCommand(api, shellQuote, isLive),
          request: { method: 'GET', path: `/v1/logs?${apiQuery(api, isLive)}` },
        }}
      />
    </>
  );
}

function apiQuery({ where, ...plain }: LogSearch, follow: boolean): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(plain)) if (value) parameters.set(name, value);
  for (const each of where ?? []) parameters.append('where', each);
  if (follow) parameters.set('follow', 'true');
  return parameters.toString();
}

function Nothing({ search, hasOlder, isLive }: { search: ScreenSearch; hasOlder: boolean; isLive: boolean }) {
  const isAnything =
    search.text || search.function || search.request || search.level || search.where.length > 0 || search.since;
  return (
    <EmptyState
      icon="log"
      title={isAnything ? 'No line matches' : 'Nothing was written yet'}
      command={isAnything ? undefined : 'lambent invoke NAME --log'}
    >
      {isAnything
        ? hasOlder
          ? 'There are older lines that may match: choose a longer time.'
          : 'A longer time or fewer conditions may find some.'
        : 'What functions write appears here.'}
      {isLive && ' What comes is shown as it comes.'}
    </EmptyState>
  );
}
