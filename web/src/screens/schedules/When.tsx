import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useDeferredValue } from 'react';
import { preview } from '../../api/schedules';
import { Field } from '../../ui/Field';
import { Time } from '../../ui/Time';
import { expressionOf, inWords, type Draft } from './expression';

const weekdays: Array<[number, string]> = [
  [1, 'Mon'],
  [2, 'Tue'],
  [3, 'Wed'],
  [4, 'Thu'],
  [5, 'Fri'],
  [6, 'Sat'],
  [0, 'Sun'],
];
const zones = typeof Intl.supportedValuesOf === 'function' ? ['UTC', ...Intl.supportedValuesOf('timeZone')] : ['UTC'];
const previewed = 5;

/** Builds an expression, and shows what the server makes of it. */
export function When({
  draft,
  zone,
  startAt,
  endAt,
  runs,
  onChange,
  onZone,
}: {
  draft: Draft;
  zone: string;
  startAt: string;
  endAt: string;
  runs: string;
  onChange: (draft: Draft) => void;
  onZone: (zone: string) => void;
}) {
  const set = (part: Partial<Draft>) => onChange({ ...draft, ...part });
  const expression = expressionOf(draft);
  return (
    <>
      <div className="fields">
        <Field label="It fires">
          <select
            value={draft.kind}
            onChange={(event) => set({ kind: event.target.value as Draft['kind'], custom: expression })}
          >
            <option value="rate">every so many minutes, hours or days</option>
            <option value="daily">every day</option>
            <option value="weekly">on days of the week</option>
            <option value="monthly">on a day of the month</option>
            <option value="once">once</option>
            <option value="custom">by an expression</option>
          </select>
        </Field>
        {draft.kind === 'rate' && (
          <>
            <Field label="Every">
              <input
                type="number"
                min={1}
                value={draft.every}
                onChange={(event) => set({ every: event.target.value })}
              />
            </Field>
            <Field label="Unit">
              <select value={draft.unit} onChange={(event) => set({ unit: event.target.value as Draft['unit'] })}>
                <option value="minutes">minutes</option>
                <option value="hours">hours</option>
                <option value="days">days</option>
              </select>
            </Field>
          </>
        )}
        {['daily', 'weekly', 'monthly'].includes(draft.kind) && (
          <Field label="At">
            <input type="time" value={draft.time} onChange={(event) => set({ time: event.target.value || '00:00' })} />
          </Field>
        )}
        {draft.kind === 'monthly' && (
          <Field label="On day">
            <select value={draft.monthDay} onChange={(event) => set({ monthDay: event.target.value })}>
              {Array.from({ length: 31 }, (_, index) => (
                <option key={index}>{index + 1}</option>
              ))}
              <option value="L">the last</option>
              <option value="LW">the last weekday</option>
            </select>
          </Field>
        )}
        {draft.kind === 'once' && (
          <Field label="At">
            <input
              type="datetime-local"
              step={1}
              value={draft.at}
              onChange={(event) => set({ at: event.target.value })}
            />
          </Field>
        )}
        {draft.kind === 'custom' && (
          <Field label="Expression" hint="rate(…), at(…), cron(…), five fields of cron, or six with seconds first">
            <input
              className="mono"
              value={draft.custom}
              spellCheck={false}
              onChange={(event) => set({ custom: event.target.value })}
            />
          </Field>
        )}
        <Field label="Time zone" hint="Whose clock is meant">
          <input
            list="schedule-zones"
            value={zone}
            spellCheck={false}
            onChange={(event) => onZone(event.target.value)}
          />
        </Field>
        <datalist id="schedule-zones">
          {zones.map((each) => (
            <option key={each} value={each} />
          ))}
        </datalist>
      </div>
      {draft.kind === 'weekly' && (
        <div className="row" role="group" aria-label="Days of the week">
          {weekdays.map(([day, name]) => (
            <label key={day} className="schedules-weekday">
              <input
                type="checkbox"
                checked={draft.weekdays.includes(day)}
                onChange={(event) =>
                  set({
                    weekdays: event.target.checked
                      ? [...draft.weekdays, day].sort()
                      : draft.weekdays.filter((each) => each !== day),
                  })
                }
              />
              {name}
            </label>
          ))}
        </div>
      )}
      <Preview expression={expression} zone={zone} startAt={startAt} endAt={endAt} runs={runs} />
    </>
  );
}

function Preview({
  expression,
  ...rest
}: {
  expression: string;
  zone: string;
  startAt: string;
  endAt: string;
  runs: string;
}) {
  const asked = useDeferredValue(
    JSON.stringify({
      expression,
      zone: rest.zone || 'UTC',
      startAt: rest.startAt || undefined,
      endAt: rest.endAt || undefined,
      runs: rest.runs ? Number(rest.runs) : undefined,
      count: previewed,
    }),
  );
  const { data, error } = useQuery({
    queryKey: ['schedule-preview', asked],
    queryFn: ({ signal }) => preview(JSON.parse(asked) as Parameters<typeof preview>[0], signal),
    placeholderData: keepPreviousData,
    enabled: expression !== '',
  });
  return (
    <div className="schedules-preview" aria-live="polite">
      <p>
        <strong>{inWords(expression)}</strong> <code className="faint">{expression}</code>
      </p>
      {error ? (
        <p className="field-error">{error.message}</p>
      ) : data?.times.length === 0 ? (
        <p className="field-error">It would never fire.</p>
      ) : (
        <ol>
          {Array.from({ length: previewed }, (_, index) => {
            const at = data?.times[index];
            return (
              <li key={index}>
                {at ? (
                  <>
                    {clockOf(at, rest.zone)}{' '}
                    <span className="faint">
                      <Time at={at} />
                    </span>
                  </>
                ) : (
                  '\u00a0'
                )}
              </li>
            );
          })}
        </ol>
      )}
    </div>
  );
}

/** By the clock of the schedule's own zone. */
function clockOf(at: string, zone: string): string {
  const options: Intl.DateTimeFormatOptions = {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  };
  try {
    return new Date(at).toLocaleString('en-GB', { ...options, timeZone: zone || 'UTC', timeZoneName: 'short' });
  } catch {
    return new Date(at).toLocaleString('en-GB', options);
  }
}
