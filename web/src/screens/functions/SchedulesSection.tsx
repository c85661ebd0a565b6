import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { runSchedule, schedulesOfQuery, type TriggerSchedule } from '../../api/functionTriggers';
import { StatusBadge } from '../../ui/Badge';
import { ButtonLink, IconButton } from '../../ui/Button';
import { CopyText, shellQuote } from '../../ui/CopyAs';
import { ErrorBox } from '../../ui/ErrorBox';
import { Section } from '../../ui/Page';
import { Time } from '../../ui/Time';
import { useTriggerChange } from './useTriggerChange';

export function SchedulesSection({ name }: { name: string }) {
  const schedules = useQuery(schedulesOfQuery(name));
  const { run } = useTriggerChange(name);
  return (
    <Section
      title="Schedules"
      actions={
        <ButtonLink kind="quiet" icon="schedule" href="/schedules">
          All schedules
        </ButtonLink>
      }
    >
      {schedules.error && <ErrorBox error={schedules.error} />}
      <div className="card stack">
        {schedules.data?.length === 0 && (
          <>
            <p className="soft">No schedule calls it.</p>
            <CopyText
              text={`lambent schedule create ${name} --when 'rate(5 minutes)' --function ${shellQuote(name)}`}
              label="Copy the command"
            />
          </>
        )}
        {schedules.data?.map((schedule) => (
          <div key={`${schedule.group}/${schedule.name}`} className="trigger-line">
            <div className="grow">
              <div className="row">
                <Link href={`/schedules/${encodeURIComponent(schedule.group)}/${encodeURIComponent(schedule.name)}`}>
                  {schedule.name}
                </Link>
                <StatusBadge status={schedule.state} />
                <code>{schedule.expression}</code> <span className="faint">{schedule.zone}</span>
                {schedule.next[0] && (
                  <span className="soft">
                    next <Time at={schedule.next[0]} />
                  </span>
                )}
              </div>
              {whyNot(schedule) && <p className="trigger-why">{whyNot(schedule)}</p>}
            </div>
            {schedule.state === 'enabled' && (
              <IconButton
                label={`Pause ${schedule.name}`}
                icon="pause"
                onClick={() =>
                  void run(() => runSchedule(schedule.group, schedule.name, 'pause'), `${schedule.name} is paused`)
                }
              />
            )}
            {schedule.state === 'disabled' && (
              <IconButton
                label={`Resume ${schedule.name}`}
                icon="play"
                onClick={() =>
                  void run(() => runSchedule(schedule.group, schedule.name, 'resume'), `${schedule.name} goes on`)
                }
              />
            )}
          </div>
        ))}
      </div>
    </Section>
  );
}

function whyNot(schedule: TriggerSchedule): string | null {
  if (schedule.state === 'disabled') return 'Not running: it is paused.';
  if (schedule.state === 'over') return 'Not running: it has fired for the last time.';
  if (schedule.next.length === 0) return 'Not running: no time fits its expression and its dates.';
  return schedule.missedCount > 0 ? `${schedule.missedCount} times were missed.` : null;
}
