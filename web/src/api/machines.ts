// State machines: Step Functions' API, and ours for how many executions go on.
import { call, callJson } from './client';

export interface Machine {
  name: string;
  arn: string;
  type: 'standard' | 'express';
  isDeleting: boolean;
  revision: string;
  running: number;
  failed: number;
  lastStartedAt?: string;
  lastName?: string;
  lastStatus?: string;
  createdAt: string;
  updatedAt: string;
}

export interface MachineDescription {
  stateMachineArn: string;
  name: string;
  status: 'ACTIVE' | 'DELETING';
  definition: string;
  roleArn: string;
  type: 'STANDARD' | 'EXPRESS';
  creationDate: number;
  revisionId?: string;
  description?: string;
  label?: string;
  loggingConfiguration?: unknown;
  tracingConfiguration?: { enabled?: boolean };
}

export interface MachineVersion {
  stateMachineVersionArn: string;
  creationDate: number;
}

export interface MachineAlias {
  stateMachineAliasArn: string;
  name: string;
  description?: string;
  routingConfiguration: Array<{ stateMachineVersionArn: string; weight: number }>;
  creationDate: number;
  updateDate?: number;
}

const states = <T>(operation: string, body: unknown, signal?: AbortSignal) =>
  callJson<T>('states', `AWSStepFunctions.${operation}`, body, signal);

export const listMachines = (after: string | undefined, signal?: AbortSignal) =>
  call<{ machines: Machine[]; next?: string }>('/v1/machines', { query: { after, limit: 100 }, signal });

/** The one machine, with its figures. */
export async function getMachine(name: string, signal?: AbortSignal): Promise<Machine | undefined> {
  // Names are in order: what comes after the name before this one begins with it.
  const before = name.slice(0, -1) + String.fromCharCode(Math.max(0, name.charCodeAt(name.length - 1) - 1));
  const page = await call<{ machines: Machine[] }>('/v1/machines', { query: { after: before, limit: 1000 }, signal });
  return page.machines.find((machine) => machine.name === name);
}

export const describeMachine = (arn: string, signal?: AbortSignal) =>
  states<MachineDescription>('DescribeStateMachine', { stateMachineArn: arn }, signal);

export const deleteMachine = (arn: string) => states<void>('DeleteStateMachine', { stateMachineArn: arn });

export const startExecution = (arn: string, name: string | undefined, input: string) =>
  states<{ executionArn: string }>('StartExecution', { stateMachineArn: arn, input, ...(name ? { name } : {}) });

export const startSync = (arn: string, name: string | undefined, input: string) =>
  states<{ status: string; output?: string; error?: string; cause?: string; executionArn: string }>(
    'StartSyncExecution',
    { stateMachineArn: arn, input, ...(name ? { name } : {}) },
  );

export const listVersions = (arn: string, token: string | undefined, signal?: AbortSignal) =>
  states<{ stateMachineVersions: MachineVersion[]; nextToken?: string }>(
    'ListStateMachineVersions',
    { stateMachineArn: arn, maxResults: 100, ...(token ? { nextToken: token } : {}) },
    signal,
  );

export const publishVersion = (arn: string, revisionId: string | undefined, description: string) =>
  states<{ stateMachineVersionArn: string }>('PublishStateMachineVersion', {
    stateMachineArn: arn,
    ...(revisionId ? { revisionId } : {}),
    ...(description ? { description } : {}),
  });

export const deleteVersion = (arn: string) =>
  states<void>('DeleteStateMachineVersion', { stateMachineVersionArn: arn });

export async function listAliases(arn: string, signal?: AbortSignal): Promise<MachineAlias[]> {
  const { stateMachineAliases: found } = await states<{ stateMachineAliases: Array<{ stateMachineAliasArn: string }> }>(
    'ListStateMachineAliases',
    { stateMachineArn: arn, maxResults: 100 },
    signal,
  );
  return Promise.all(
    found.map(({ stateMachineAliasArn }) =>
      states<MachineAlias>('DescribeStateMachineAlias', { stateMachineAliasArn }, signal),
    ),
  );
}

export const createAlias = (name: string, routing: MachineAlias['routingConfiguration']) =>
  states<void>('CreateStateMachineAlias', { name, routingConfiguration: routing });

export const updateAlias = (arn: string, routing: MachineAlias['routingConfiguration']) =>
  states<void>('UpdateStateMachineAlias', { stateMachineAliasArn: arn, routingConfiguration: routing });

export const deleteAlias = (arn: string) => states<void>('DeleteStateMachineAlias', { stateMachineAliasArn: arn });

export const tagsOf = async (arn: string, signal?: AbortSignal): Promise<Array<{ key: string; value: string }>> =>
  (await states<{ tags: Array<{ key: string; value: string }> }>('ListTagsForResource', { resourceArn: arn }, signal))
    .tags;
