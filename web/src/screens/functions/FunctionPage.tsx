import { useState } from 'react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useLocation } from 'wouter';
import { deleteFunction, functionQuery, type FunctionDescription } from '../../api/functions';
import { aliasesQuery, versionsQuery } from '../../api/functionVersions';
import { mappingsQuery, schedulesOfQuery, urlsQuery } from '../../api/functionTriggers';
import { Button } from '../../ui/Button';
import { CopyAs, shellQuote } from '../../ui/CopyAs';
import { Confirm } from '../../ui/Dialog';
import { ErrorBox } from '../../ui/ErrorBox';
import { Page } from '../../ui/Page';
import { Tabs } from '../../ui/Tabs';
import { toast, toastError } from '../../ui/Toasts';
import { useUrlState } from '../../ui/useUrlState';
import { CodeTab } from './CodeTab';
import { ConfigurationTab } from './ConfigurationTab';
import { ErrorsTab, InvocationsTab, LogsTab } from './EvidenceTabs';
import { FunctionStateBadge, stateOf } from './FunctionState';
import { OverviewTab } from './OverviewTab';
import { TestTab } from './TestTab';
import { TriggersTab } from './TriggersTab';
import { VersionsTab } from './VersionsTab';
import './functions.css';

const crumbs = [{ label: 'Functions', href: '/functions' }];

export default function FunctionPage({ params }: { params: Record<string, string> }) {
  const name = params['name']!;
  const query = useQuery(functionQuery(name));
  const [deleting, setDeleting] = useState(false);
  const [, setTab] = useUrlState('tab', 'overview');
  if (query.error && !query.data) {
    return (
      <Page title={name} crumbs={crumbs}>
        <ErrorBox error={query.error} retry={() => void query.refetch()} />
      </Page>
    );
  }
  const description = query.data;
  const configuration = description?.Configuration;
  const state = configuration && stateOf(configuration, description.Concurrency?.ReservedConcurrentExecutions);
  const reason = configuration?.StateReason ?? configuration?.LastUpdateStatusReason;
  return (
    <Page
      title={name}
      crumbs={crumbs}
      badge={state && <FunctionStateBadge state={state} reason={reason} />}
      intro={configuration ? summaryOf(description) : '\u00a0'}
      actions={
        <>
          <CopyAs
            forms={{
              cli: `lambent invoke ${shellQuote(name)} --data '{}'`,
              request: {
                method: 'POST',
                path: `/2015-03-31/functions/${encodeURIComponent(name)}/invocations`,
                body: {},
              },
            }}
          />
          <Button icon="trash" kind="quiet" onClick={() => setDeleting(true)}>
            Delete
          </Button>
          <Button icon="play" kind="primary" onClick={() => setTab('test')}>
            Test
          </Button>
        </>
      }
    >
      {configuration && (state === 'failed' || state === 'update-failed') && (
        <ErrorBox error={new Error(reason ?? 'The server gave no reason.')} />
      )}
      {description && (
        <Tabs
          label="Parts of the function"
          tabs={[
            { id: 'overview', label: 'Overview', content: () => <OverviewTab name={name} description={description} /> },
            { id: 'code', label: 'Code', content: () => <CodeTab name={name} description={description} /> },
            { id: 'test', label: 'Test', content: () => <TestTab name={name} /> },
            {
              id: 'configuration',
              label: 'Configuration',
              content: () => <ConfigurationTab name={name} description={description} />,
            },
            { id: 'triggers', label: 'Triggers', content: () => <TriggersTab name={name} /> },
            { id: 'versions', label: 'Versions', content: () => <VersionsTab name={name} description={description} /> },
            { id: 'invocations', label: 'Invocations', content: () => <InvocationsTab name={name} /> },
            { id: 'logs', label: 'Logs', content: () => <LogsTab name={name} /> },
            { id: 'errors', label: 'Errors', content: () => <ErrorsTab name={name} /> },
          ]}
        />
      )}
      {!description && <div className="function-page-wait" aria-busy="true" />}
      <DeleteFunction name={name} open={deleting} onClose={() => setDeleting(false)} />
    </Page>
  );
}

function summaryOf({ Configuration: configuration }: FunctionDescription): string {
  const parts = [
    configuration.Runtime,
    configuration.Handler,
    `${configuration.MemorySize} MB`,
    `${configuration.Timeout} s`,
  ];
  return [configuration.Description, parts.join(' · ')].filter(Boolean).join(' — ');
}

/** Says what goes with a function, and what stays behind without it. */
function DeleteFunction({ name, open, onClose }: { name: string; open: boolean; onClose: () => void }) {
  const [, navigate] = useLocation();
  const queries = useQueryClient();
  const versions = useQuery({ ...versionsQuery(name), enabled: open });
  const aliases = useQuery({ ...aliasesQuery(name), enabled: open });
  const urls = useQuery({ ...urlsQuery(name), enabled: open });
  const mappings = useQuery({ ...mappingsQuery(name), enabled: open });
  const schedules = useQuery({ ...schedulesOfQuery(name), enabled: open });
  const remove = async () => {
    try {
      await deleteFunction(name);
    } catch (error) {
      toastError(error);
      throw error;
    }
    toast(`${name} is deleted`);
    navigate('/functions');
    queries.removeQueries({ queryKey: ['function', name] });
    void queries.invalidateQueries({ queryKey: ['functions'] });
  };
  const gone = [
    plural(versions.data?.length, 'version'),
    plural(aliases.data?.length, 'alias', 'aliases'),
    plural(urls.data?.length, 'address', 'addresses'),
    'its permissions and its configuration of asynchronous calls',
  ].filter((part) => part !== null);
  const left = [
    ...(mappings.data ?? []).map(
      (mapping) =>
        `the queue ${mapping.EventSourceArn.split(':').at(-1)} keeps its messages, and nothing works them off`,
    ),
    ...(schedules.data ?? []).map(
      (schedule) => `the schedule ${schedule.group}/${schedule.name} fires into nothing and is counted as missed`,
    ),
  ];
  return (
    <Confirm
      open={open}
      onClose={onClose}
      title={`Delete ${name}?`}
      action="Delete the function"
      typed={name}
      onConfirm={remove}
    >
      <p>With it go: {gone.join(', ')}. Its records of calls and its log stay as long as those of others.</p>
      {left.length > 0 && (
        <>
          <p>
            <strong>What calls it now stays behind:</strong>
          </p>
          <ul className="function-left">
            {left.map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ul>
        </>
      )}
      <CopyAs
        forms={{
          cli: `lambent rm ${shellQuote(name)}`,
          request: { method: 'DELETE', path: `/2015-03-31/functions/${encodeURIComponent(name)}` },
        }}
      />
    </Confirm>
  );
}

function plural(count: number | undefined, one: string, many = `${one}s`): string | null {
  if (count === undefined) return `its ${many}`;
  return count === 0 ? null : `${count} ${count === 1 ? one : many}`;
}
