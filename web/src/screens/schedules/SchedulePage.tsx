import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, useLocation } from 'wouter';
import {
  deleteSchedule,
  getSchedule,
  getSettings,
  runSchedule,
  switchSchedule,
  type Schedule,
  type ScheduleSettings,
} from '../../api/schedules';
import { ActionButton } from '../../ui/ActionButton';
import { StatusBadge } from '../../ui/Badge';
import { Button } from '../../ui/Button';
import { CopyAs, shellQuote } from '../../ui/CopyAs';
import { ErrorBox } from '../../ui/ErrorBox';
import { Figures } from '../../ui/Figures';
import { count, duration } from '../../ui/format';
import { JsonView } from '../../ui/JsonView';
import { Facts, Page, Section } from '../../ui/Page';
import { Tabs } from '../../ui/Tabs';
import { Time } from '../../ui/Time';
import { useAction } from '../../ui/useAction';
import { Calendar } from './Calendar';
import { inWords } from './expression';
import { formOf } from './form';
import { MissedTable } from './MissedTable';
import { ScheduleForm } from './ScheduleForm';
import { targetOf } from './targets';
import './schedules.css';

const crumbs = [{ label: 'Schedules', href: '/schedules' }];

export default function SchedulePage({ params }: { params: Record<string, string> }) {
  const [group, name] = [params['group']!, params['name']!];
  const [editing, setEditing] = useState(false);
  const {
    data: schedule,
    error,
    refetch,
  } = useQuery({
    queryKey: ['schedule', group, name],
    queryFn: ({ signal }) => getSchedule(group, name, signal),
    refetchInterval: 3000,
  });
  const { data: settings } = useQuery({
    queryKey: ['schedule-settings', group, name],
    queryFn: ({ signal }) => getSettings(group, name, signal),
  });
  if (error && !schedule) {
    return (
      <Page title={name} crumbs={crumbs}>
        <ErrorBox error={error} retry={() => void refetch()} />
      </Page>
    );
  }
  return (
    <Page
      title={name}
      crumbs={crumbs}
      badge={schedule && <StatusBadge status={schedule.state} />}
      intro={settings?.Description}
      actions={
        schedule && (
          <Actions
            schedule={schedule}
            canEdit={settings !== undefined && targetOf(schedule.target).kind !== 'other'}
            edit={() => setEditing(true)}
          />
        )
      }
    >
      <Figures
        label="How the schedule stands"
        figures={[
          { label: 'Next', value: <Time at={schedule?.next[0]} />, detail: schedule && whyNoNext(schedule) },
          {
            label: 'Last',
            value: <Time at={schedule?.lastAt} />,
            detail: schedule && <LastResult schedule={schedule} />,
          },
          {
            label: 'Fired',
            value: schedule ? count(schedule.fired) : '–',
            detail: schedule?.runs && `of ${count(schedule.runs)} at most`,
          },
          {
            label: 'Missed',
            value: schedule ? count(schedule.missedCount) : '–',
            tone: schedule?.missedCount ? 'warn' : undefined,
          },
          {
            label: 'Tried again',
            value: schedule ? count(schedule.held) : '–',
            tone: schedule?.held ? 'warn' : undefined,
            detail: schedule?.held ? 'no target took it yet' : undefined,
          },
          {
            label: 'Waiting',
            value: schedule ? count(schedule.waiting?.length ?? 0) : '–',
            detail: schedule?.waiting?.length ? 'for the one before to end' : undefined,
          },
        ]}
      />
      <Tabs
        label="Parts of the schedule"
        tabs={[
          { id: 'overview', label: 'Overview', content: () => <Overview schedule={schedule} settings={settings} /> },
          { id: 'calendar', label: 'Calendar', content: () => <Calendar only={{ group, name }} /> },
          {
            id: 'missed',
            label: 'Missed',
            count: schedule?.missedCount,
            content: () => <MissedTable rows={schedule?.missed} single />,
          },
        ]}
      />
      {editing && schedule && settings && (
        <ScheduleForm initial={formOf(schedule, settings)} isNew={false} onClose={() => setEditing(false)} />
      )}
    </Page>
  );
}

function whyNoNext(schedule: Schedule): string | undefined {
  if (schedule.next.length > 0) return undefined;
  if (schedule.state === 'disabled') return 'it is paused';
  return schedule.state === 'over' ? 'its last time is over' : 'it has no time to come';
}

/** Where the last occurrence can be looked at. */
function LastResult({ schedule }: { schedule: Schedule }) {
  const target = targetOf(schedule.target);
  if (schedule.lastExecution) {
    return (
      <Link href={`/executions/${encodeURIComponent(target.name)}/${encodeURIComponent(schedule.lastExecution)}`}>
        the execution
      </Link>
    );
  }
  if (schedule.lastId && target.kind === 'function')
    return <Link href={`/events/${encodeURIComponent(schedule.lastId)}`}>what became of it</Link>;
  return schedule.lastId && target.kind === 'queue' ? (
    <Link href={`/queues/${encodeURIComponent(target.name)}`}>sent to {target.name}</Link>
  ) : null;
}

function Actions({ schedule, canEdit, edit }: { schedule: Schedule; canEdit: boolean; edit: () => void }) {
  const [, navigate] = useLocation();
  const { busy, run } = useAction();
  const { group, name } = schedule;
  const isOn = schedule.state !== 'disabled';
  const of = group === 'default' ? '' : ` --group ${shellQuote(group)}`;
  const path = `/v1/schedules/${encodeURIComponent(group)}/${encodeURIComponent(name)}`;
  return (
    <>
      <ActionButton
        label="Run now"
        icon="play"
        kind="primary"
        title={`Fire ${name} now?`}
        action="Fire it"
        done={`Fired ${name}`}
        act={() => runSchedule(group, name)}
        forms={{
          cli: `lambent schedule run ${shellQuote(name)}${of}`,
          request: { method: 'POST', path: `${path}/run` },
        }}
      >
        <p>{targetOf(schedule.target).name} gets what it gets at each time, now and besides those times.</p>
      </ActionButton>
      <Button
        icon={isOn ? 'pause' : 'play'}
        busy={busy}
        onClick={() => void run(`${isOn ? 'Paused' : 'Resumed'} ${name}`, () => switchSchedule(group, name, !isOn))}
      >
        {isOn ? 'Pause' : 'Resume'}
      </Button>
      <Button icon="edit" disabled={!canEdit} onClick={edit}>
        Edit
      </Button>
      <ActionButton
        label="Delete"
        icon="trash"
        kind="danger"
        title={`Delete ${name}?`}
        action="Delete the schedule"
        done={`Deleted ${name}`}
        act={() => deleteSchedule(group, name)}
        onDone={() => navigate('/schedules')}
        forms={{
          cli: `lambent schedule rm ${shellQuote(name)}${of} --yes`,
          request: {
            method: 'DELETE',
            path: `/schedules/${encodeURIComponent(name)}?groupName=${encodeURIComponent(group)}`,
            service: 'scheduler',
          },
        }}
      >
        <p>
          {name} fires no more, and what was listed of it is gone. What it handed over already goes on.
          {schedule.held > 0 && ` ${schedule.held} hand-overs are tried no more.`}
        </p>
      </ActionButton>
      <CopyAs
        forms={{
          cli: isOn
            ? `lambent schedule pause ${shellQuote(name)}${of}`
            : `lambent schedule resume ${shellQuote(name)}${of}`,
          request: { method: 'POST', path: `${path}/${isOn ? 'pause' : 'resume'}` },
        }}
      />
    </>
  );
}

const misfireWords = { 'fire-last': 'the last one fires', 'fire-all': 'the last hundred fire', skip: 'none fires' };
const overlapWords = { allow: 'it fires all the same', skip: 'it is listed as missed', queue: 'it waits its turn' };

function Overview({ schedule, settings }: { schedule: Schedule | undefined; settings: ScheduleSettings | undefined }) {
  if (!schedule) return <div className="card" aria-busy="true" style={{ height: 260 }} />;
  const target = targetOf(schedule.target);
  const retry = settings?.Target.RetryPolicy;
  const dead = settings?.Target.DeadLetterConfig?.Arn?.split(':').at(-1);
  return (
    <div className="grid-two">
      <div className="stack-large">
        <Section title="Settings">
          <div className="card">
            <Facts
              facts={[
                [
                  'When',
                  <span key="when">
                    {inWords(schedule.expression)} <code className="faint">{schedule.expression}</code>
                  </span>,
                ],
                ['Clock', schedule.zone],
                [
                  'Target',
                  target.href ? (
                    <Link key="target" href={target.href}>
                      {target.word} {target.name}
                      {target.qualifier && `:${target.qualifier}`}
                    </Link>
                  ) : (
                    <code key="target">{target.name}</code>
                  ),
                ],
                schedule.windowMinutes !== undefined && ['Window', `somewhere within ${schedule.windowMinutes} min`],
                schedule.startAt && ['Not before', <Time key="start" at={schedule.startAt} />],
                schedule.endAt && ['Not after', <Time key="end" at={schedule.endAt} />],
                ['While no server ran', misfireWords[schedule.misfire]],
                ['While the one before runs', overlapWords[schedule.overlap]],
                [
                  'Handing over is tried',
                  retry
                    ? `${(retry.MaximumRetryAttempts ?? 185) + 1} times, for ${duration((retry.MaximumEventAgeInSeconds ?? 86_400) * 1000)}`
                    : '186 times, for 1 d',
                ],
                dead && [
                  'Dead letters',
                  <Link key="dead" href={`/queues/${encodeURIComponent(dead)}`}>
                    {dead}
                  </Link>,
                ],
                settings?.ActionAfterCompletion === 'DELETE' && ['After its last time', 'it is deleted'],
                ['Made', <Time key="made" at={settings?.CreationDate} />],
                ['Changed', <Time key="changed" at={settings?.LastModificationDate} />],
              ]}
            />
          </div>
        </Section>
        <Section title="Input">
          {settings?.Target.Input ? (
            <JsonView label="the input" value={settings.Target.Input} />
          ) : (
            <p className="soft">
              None of its own: {target.word === 'function' ? 'the function gets an event' : 'it hands over an event'}{' '}
              that tells of the schedule and the time.
            </p>
          )}
        </Section>
      </div>
      <Section title="Next times">
        <div className="card">
          {schedule.next.length === 0 ? (
            <p className="soft">None: {whyNoNext(schedule)}.</p>
          ) : (
            <ol className="schedules-next">
              {schedule.next.map((at) => (
                <li key={at}>
                  <span>
                    {new Date(at).toLocaleString('en-GB', {
                      weekday: 'short',
                      day: 'numeric',
                      month: 'short',
                      hour: '2-digit',
                      minute: '2-digit',
                      second: '2-digit',
                    })}
                  </span>
                  <span className="faint">
                    <Time at={at} />
                  </span>
                </li>
              ))}
            </ol>
          )}
        </div>
      </Section>
    </div>
  );
}
