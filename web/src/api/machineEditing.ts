// What the designer asks of the server: state machines as Step Functions' API has them, and what they can call.
import { currentSession } from '../session/session';
import type { Diagnostic } from '../asl/locations';
import type { GraphAnswer } from '../graph/overlay';
import { call, callJson, path } from './client';

export type MachineType = 'STANDARD' | 'EXPRESS';

export interface DescribedMachine {
  stateMachineArn: string;
  name: string;
  type: MachineType;
  definition: string;
  roleArn: string;
  revisionId: string;
}

export interface Tag {
  key: string;
  value: string;
}

const states = <T>(operation: string, body: unknown, signal?: AbortSignal): Promise<T> =>
  callJson<T>('states', `AWSStepFunctions.${operation}`, body, signal);

/** What is named in an account, as its ARN. */
export function arnOf(service: 'lambda' | 'states' | 'scheduler', rest: string): string {
  const session = currentSession();
  return `arn:aws:${service}:${session?.region ?? 'us-east-1'}:${session?.account ?? '000000000000'}:${rest}`;
}

export function machineArn(name: string): string {
  return arnOf('states', `stateMachine:${name}`);
}

/** The role that AWS's API demands; it is given back and not used here. */
export function defaultRole(): string {
  return `arn:aws:iam::${currentSession()?.account ?? '000000000000'}:role/workflow`;
}

export function describeMachine(name: string, signal?: AbortSignal): Promise<DescribedMachine> {
  return states('DescribeStateMachine', { stateMachineArn: machineArn(name) }, signal);
}

export async function tagsOf(name: string, signal?: AbortSignal): Promise<Tag[]> {
  return (await states<{ tags: Tag[] }>('ListTagsForResource', { resourceArn: machineArn(name) }, signal)).tags;
}

export async function validateDefinition(
  definition: string, type: MachineType, signal?: AbortSignal,
): Promise<Diagnostic[]> {
  const answer = await states<{ diagnostics: Diagnostic[] }>(
    'ValidateStateMachineDefinition', { definition, type, severity: 'WARNING', maxResults: 100 }, signal);
  return answer.diagnostics;
}

export function createMachine(
  machine: { name: string; definition: string; type: MachineType; roleArn: string; tags: Tag[] },
): Promise<{ stateMachineArn: string }> {
  return states('CreateStateMachine', machine);
}

export function updateMachine(name: string, definition: string): Promise<{ revisionId: string }> {
  return states('UpdateStateMachine', { stateMachineArn: machineArn(name), definition });
}

/** Makes the tags of a machine what they are to be. */
export async function setTags(name: string, before: readonly Tag[], after: readonly Tag[]): Promise<void> {
  const resourceArn = machineArn(name);
  const gone = before.filter((tag) => !after.some((other) => other.key === tag.key)).map((tag) => tag.key);
  const set = after.filter((tag) => !before.some((other) => other.key === tag.key && other.value === tag.value));
  if (gone.length > 0) await states('UntagResource', { resourceArn, tagKeys: gone });
  if (set.length > 0) await states('TagResource', { resourceArn, tags: set });
}

export function startExecution(name: string, input: string): Promise<{ executionArn: string }> {
  return states('StartExecution', { stateMachineArn: machineArn(name), input });
}

export function executionGraph(machine: string, name: string, signal?: AbortSignal): Promise<GraphAnswer> {
  return call(path`/v1/executions/${machine}/${name}/graph`, { signal });
}

export interface StateTest {
  definition: string;
  stateName: string;
  input: string;
  variables?: string;
  mock?: { result?: string; errorOutput?: { error?: string; cause?: string } };
}

export interface StateTestAnswer {
  status: 'SUCCEEDED' | 'FAILED' | 'RETRIABLE' | 'CAUGHT_ERROR';
  output?: string;
  error?: string;
  cause?: string;
  nextState?: string;
  inspectionData?: Record<string, unknown>;
}

export function testState(test: StateTest): Promise<StateTestAnswer> {
  return states('TestState', { ...test, roleArn: defaultRole(), inspectionLevel: 'TRACE' });
}

export interface MachineSchedule {
  name: string;
  group: string;
  expression: string;
  zone: string;
  /** enabled, disabled or over. */
  state: string;
  target: string;
  /** Its next times. */
  next: string[];
}

/** Schedules that start a machine, by itself or by one of its versions and aliases. */
export async function schedulesOf(machine: string, signal?: AbortSignal): Promise<MachineSchedule[]> {
  const answer = await call<{ schedules: MachineSchedule[] }>('/v1/schedules', { signal });
  const arn = machineArn(machine);
  return answer.schedules.filter(({ target }) => target === arn || target.startsWith(`${arn}:`));
}

export function createSchedule(
  name: string, machine: string, schedule: { expression: string; zone: string; input: string },
): Promise<{ ScheduleArn: string }> {
  return call(path`/schedules/${name}`, {
    service: 'scheduler',
    method: 'POST',
    body: {
      ScheduleExpression: schedule.expression,
      ScheduleExpressionTimezone: schedule.zone || 'UTC',
      FlexibleTimeWindow: { Mode: 'OFF' },
      Target: { Arn: machineArn(machine), RoleArn: defaultRole(), Input: schedule.input || '{}' },
    },
  });
}

/** What a Task may call, by name. */
export interface Callables {
  functions: string[];
  queues: { name: string; url: string }[];
  machines: string[];
  activities: string[];
}

export async function callables(signal?: AbortSignal): Promise<Callables> {
  const [functions, queues, machines, activities] = await Promise.allSettled([
    call<{ Functions: { FunctionName: string }[] }>('/2015-03-31/functions', { query: { MaxItems: 1000 }, signal }),
    callJson<{ QueueUrls?: string[] }>('sqs', 'AmazonSQS.ListQueues', { MaxResults: 1000 }, signal),
    states<{ stateMachines: { name: string }[] }>('ListStateMachines', { maxResults: 1000 }, signal),
    states<{ activities: { activityArn: string }[] }>('ListActivities', { maxResults: 1000 }, signal),
  ]);
  return {
    functions: valueOf(functions)?.Functions.map((known) => known.FunctionName) ?? [],
    queues: (valueOf(queues)?.QueueUrls ?? []).map((url) => ({ url, name: url.slice(url.lastIndexOf('/') + 1) })),
    machines: valueOf(machines)?.stateMachines.map((known) => known.name) ?? [],
    activities: valueOf(activities)?.activities.map((known) => known.activityArn) ?? [],
  };
}

function valueOf<T>(part: PromiseSettledResult<T>): T | null {
  return part.status === 'fulfilled' ? part.value : null;
}
