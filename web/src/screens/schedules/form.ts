// A schedule as a form, as a request, and as a command. Pure.
import type { Misfire, Overlap, Schedule, ScheduleRequest, ScheduleSettings } from '../../api/schedules';
import { shellQuote, type CommandForms } from '../../ui/CopyAs';
import { draftOf, expressionOf, newDraft, type Draft } from './expression';
import { targetOf } from './targets';

export interface Form {
  group: string;
  name: string;
  when: Draft;
  zone: string;
  startAt: string;
  endAt: string;
  window: string;
  runs: string;
  kind: 'function' | 'queue' | 'stateMachine';
  target: string;
  input: string;
  messageGroup: string;
  retries: string;
  ageSeconds: string;
  deadLetterQueue: string;
  misfire: Misfire;
  overlap: Overlap;
  enabled: boolean;
  deleteWhenOver: boolean;
  description: string;
}

export const newForm = (zone: string): Form => ({
  group: 'default',
  name: '',
  when: newDraft,
  zone,
  startAt: '',
  endAt: '',
  window: '',
  runs: '',
  kind: 'function',
  target: '',
  input: '',
  messageGroup: '',
  retries: '',
  ageSeconds: '',
  deadLetterQueue: '',
  misfire: 'fire-last',
  overlap: 'allow',
  enabled: true,
  deleteWhenOver: false,
  description: '',
});

export function formOf(schedule: Schedule, settings: ScheduleSettings): Form {
  const target = targetOf(schedule.target);
  const { RetryPolicy: retry, DeadLetterConfig: dead, SqsParameters: sqs, Input: input } = settings.Target;
  return {
    group: schedule.group,
    name: schedule.name,
    when: draftOf(schedule.expression),
    zone: schedule.zone,
    startAt: schedule.startAt ?? '',
    endAt: schedule.endAt ?? '',
    window: text(schedule.windowMinutes),
    runs: text(schedule.runs),
    kind: target.kind === 'other' ? 'function' : target.kind,
    target: target.qualifier ? `${target.name}:${target.qualifier}` : target.name,
    input: input ?? '',
    messageGroup: sqs?.MessageGroupId ?? '',
    // AWS says what holds when nothing was said; only what differs is a choice.
    retries: retry?.MaximumRetryAttempts === 185 ? '' : text(retry?.MaximumRetryAttempts),
    ageSeconds: retry?.MaximumEventAgeInSeconds === 86_400 ? '' : text(retry?.MaximumEventAgeInSeconds),
    deadLetterQueue: dead?.Arn?.split(':').at(-1) ?? '',
    misfire: schedule.misfire,
    overlap: schedule.overlap,
    enabled: schedule.state !== 'disabled',
    deleteWhenOver: settings.ActionAfterCompletion === 'DELETE',
    description: settings.Description ?? '',
  };
}

export function requestOf(form: Form, mustBeNew: boolean): ScheduleRequest {
  const request: ScheduleRequest = {
    expression: expressionOf(form.when),
    zone: form.zone,
    enabled: form.enabled,
    misfire: form.misfire,
    overlap: form.overlap,
    [form.kind]: form.target,
  };
  if (form.startAt) request.startAt = new Date(form.startAt).toISOString();
  if (form.endAt) request.endAt = new Date(form.endAt).toISOString();
  if (form.window) request.windowMinutes = Number(form.window);
  if (form.runs) request.runs = Number(form.runs);
  if (form.input) request.input = form.input;
  if (form.messageGroup) request.messageGroup = form.messageGroup;
  if (form.retries) request.retries = Number(form.retries);
  if (form.ageSeconds) request.ageSeconds = Number(form.ageSeconds);
  if (form.deadLetterQueue) request.deadLetterQueue = form.deadLetterQueue;
  if (form.deleteWhenOver) request.deleteWhenOver = true;
  if (form.description) request.description = form.description;
  if (mustBeNew) request.mustBeNew = true;
  return request;
}

/** What is wrong with the form before the server is asked, or null. */
export function problemOf(form: Form): string | null {
  if (!/^[\w.-]{1,64}$/.test(form.name)) return 'A name has 1 to 64 letters, digits, hyphens, underscores and dots.';
  if (!form.target) return 'A schedule has a target.';
  if (form.when.kind === 'weekly' && form.when.weekdays.length === 0) return 'Choose a day of the week.';
  if (form.kind !== 'queue' && form.input && !isJson(form.input)) return 'The input of a function or workflow is JSON.';
  if (form.kind === 'queue' && form.overlap !== 'allow')
    return 'Whether a message is still worked on is not known: overlap is for functions and workflows.';
  if (form.kind === 'queue' && form.target.endsWith('.fifo') && !form.messageGroup)
    return 'A FIFO queue needs a message group.';
  return null;
}

export function formsOf(form: Form, isNew: boolean): CommandForms {
  const word = { function: '--function', queue: '--queue', stateMachine: '--machine' }[form.kind];
  const options: Array<[string, string]> = [
    ['--when', expressionOf(form.when)],
    [word, form.target],
    ['--zone', form.zone === 'UTC' ? '' : form.zone],
    ['--start', form.startAt && new Date(form.startAt).toISOString()],
    ['--end', form.endAt && new Date(form.endAt).toISOString()],
    ['--window', form.window],
    ['--runs', form.runs],
    ['--input', form.input],
    ['--message-group', form.messageGroup],
    ['--dead-letter', form.deadLetterQueue],
    ['--retries', form.retries],
    ['--misfire', form.misfire === 'fire-last' ? '' : form.misfire],
    ['--overlap', form.overlap === 'allow' ? '' : form.overlap],
    ['--description', form.description],
    ['--group', form.group === 'default' ? '' : form.group],
  ];
  const flags = [!form.enabled && '--disabled', form.deleteWhenOver && '--delete-when-over', !isNew && '--replace'];
  return {
    cli: [
      'lambent schedule create',
      shellQuote(form.name || 'NAME'),
      ...options.filter(([, value]) => value !== '').map(([name, value]) => `${name} ${shellQuote(value)}`),
      ...flags.filter(Boolean),
    ].join(' '),
    request: {
      method: 'PUT',
      path: `/v1/schedules/${encodeURIComponent(form.group)}/${encodeURIComponent(form.name || 'NAME')}`,
      body: requestOf(form, isNew),
    },
  };
}

const text = (value: number | undefined) => (value === undefined ? '' : String(value));

function isJson(input: string): boolean {
  try {
    // What the server fills in stands for a text or a number.
    JSON.parse(input.replace(/"?<aws\.scheduler\.[a-z-]+>"?/g, '"x"'));
    return true;
  } catch {
    return false;
  }
}
