// Schedules: our API, which says when they fire; EventBridge Scheduler's where only it tells all settings.
import { call, path } from './client';

export type ScheduleState = 'enabled' | 'disabled' | 'over';
export type Misfire = 'fire-last' | 'fire-all' | 'skip';
export type Overlap = 'allow' | 'skip' | 'queue';

export interface Schedule {
  group: string;
  name: string;
  arn: string;
  expression: string;
  zone: string;
  state: ScheduleState;
  target: string;
  startAt?: string;
  endAt?: string;
  windowMinutes?: number;
  runs?: number;
  misfire: Misfire;
  overlap: Overlap;
  fired: number;
  lastAt?: string;
  lastId?: string;
  lastExecution?: string;
  missedCount: number;
  held: number;
  waiting?: string[];
  next: string[];
  missed?: Missed[];
}

export interface Missed {
  group: string;
  name: string;
  firstAt: string;
  lastAt: string;
  count: number;
  reason: 'late' | 'overlap' | 'refused';
  detail?: string;
}

export interface ScheduleList {
  schedules: Schedule[];
  upcoming: Array<{ group: string; name: string; at: string }>;
  missed: Missed[];
  isComplete: boolean;
}

export type OccurrenceState = 'fired' | 'missed' | 'held' | 'waiting' | 'coming';

/** Occurrences of one schedule with one fate on one day. */
export interface CalendarDay {
  group: string;
  name: string;
  day: string;
  state: OccurrenceState;
  count: number;
  firstAt: string;
  lastAt: string;
  times: string[];
  reason?: Missed['reason'];
  detail?: string;
}

export interface ScheduleRequest {
  expression: string;
  zone: string;
  startAt?: string;
  endAt?: string;
  windowMinutes?: number;
  enabled: boolean;
  function?: string;
  queue?: string;
  stateMachine?: string;
  input?: string;
  messageGroup?: string;
  deadLetterQueue?: string;
  retries?: number;
  ageSeconds?: number;
  description?: string;
  deleteWhenOver?: boolean;
  runs?: number;
  misfire: Misfire;
  overlap: Overlap;
  mustBeNew?: boolean;
}

/** What GetSchedule says besides. */
export interface ScheduleSettings {
  Description?: string;
  ActionAfterCompletion?: 'NONE' | 'DELETE';
  CreationDate?: number;
  LastModificationDate?: number;
  Target: {
    Arn: string;
    Input?: string;
    SqsParameters?: { MessageGroupId?: string };
    DeadLetterConfig?: { Arn?: string };
    RetryPolicy?: { MaximumRetryAttempts?: number; MaximumEventAgeInSeconds?: number };
  };
}

export const listSchedules = (signal?: AbortSignal) => call<ScheduleList>('/v1/schedules', { signal });

export const getSchedule = (group: string, name: string, signal?: AbortSignal) =>
  call<Schedule>(path`/v1/schedules/${group}/${name}`, { signal });

export const getSettings = (group: string, name: string, signal?: AbortSignal) =>
  call<ScheduleSettings>(path`/schedules/${name}`, { service: 'scheduler', query: { groupName: group }, signal });

export const putSchedule = (group: string, name: string, body: ScheduleRequest) =>
  call<Schedule>(path`/v1/schedules/${group}/${name}`, { method: 'PUT', body });

export const deleteSchedule = (group: string, name: string) =>
  call<void>(path`/schedules/${name}`, { service: 'scheduler', method: 'DELETE', query: { groupName: group } });

export const switchSchedule = (group: string, name: string, on: boolean) =>
  call<Schedule>(`${path`/v1/schedules/${group}/${name}`}/${on ? 'resume' : 'pause'}`, { method: 'POST' });

export const runSchedule = (group: string, name: string) =>
  call<{ id: string }>(`${path`/v1/schedules/${group}/${name}`}/run`, { method: 'POST' });

export const createGroup = (name: string) =>
  call<void>(path`/schedule-groups/${name}`, { service: 'scheduler', method: 'POST', body: {} });

export const listGroups = async (signal?: AbortSignal): Promise<string[]> =>
  (
    await call<{ ScheduleGroups: Array<{ Name: string }> }>('/schedule-groups', { service: 'scheduler', signal })
  ).ScheduleGroups.map((group) => group.Name);

export const calendar = (
  query: { from: string; to: string; zone: string; group?: string; name?: string },
  signal?: AbortSignal,
) => call<{ days: CalendarDay[]; isComplete: boolean }>('/v1/schedules/calendar', { query, signal });

export const preview = (
  body: { expression: string; zone?: string; startAt?: string; endAt?: string; runs?: number; count?: number },
  signal?: AbortSignal,
) => call<{ times: string[] }>('/v1/schedules/preview', { body, signal });
