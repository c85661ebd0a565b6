// Queues: SQS's API where it has a call, ours for what it cannot tell.
import { call, callJson, path } from './client';

export interface QueueConsumer {
  name: string;
  state: 'enabled' | 'disabled';
  running: number;
  limit: number;
  problem?: string;
}

export interface Queue {
  name: string;
  arn: string;
  url: string;
  fifo: boolean;
  priorities: boolean;
  waiting: number;
  inFlight: number;
  delayed: number;
  deadLetterQueue?: string;
  dead?: number;
  oldestAgeSeconds?: number;
  arrivalsPerSecond: number;
  receivesPerSecond: number;
  drainPerSecond: number;
  sent: number;
  received: number;
  deleted: number;
  emptyReceives: number;
  filtered: number;
  visibilityTimeoutSeconds: number;
  consumers: QueueConsumer[];
  why: Array<{ code: string; text: string }>;
}

export interface QueueGroup {
  group?: string;
  priority?: number;
  waiting: number;
  inFlight: number;
  delayed: number;
  oldestAgeSeconds: number;
  nextVisibleAt?: string;
}

export interface PeekedMessage {
  sequence: string;
  id: string;
  state: 'visible' | 'in-flight' | 'delayed';
  body: string;
  bodyLength: number;
  sentAt: string;
  visibleAt: string;
  receiveCount: number;
  firstReceivedAt?: string;
  receivedAt?: string;
  group?: string;
  priority?: number;
  deduplicationId?: string;
  deadLetterSource?: string;
  traceHeader?: string;
  attributes?: Record<string, { type: string; text?: string; base64?: string }>;
}

export interface Push {
  queue: string;
  mode: 'multicast' | 'unicast';
  state: 'enabled' | 'paused';
  subscribers: Array<{ name: string; url: string; headers?: Record<string, string> }>;
  retries: number;
  retryDelaySeconds: number;
  concurrency: number;
  errorQueue: string;
  running: number;
  attempts: number;
  failedAttempts: number;
  delivered: number;
  givenUp: number;
  lastProblem?: string;
}

export interface PushedMessage {
  id: string;
  sentAt?: string;
  nextAt?: string;
  rounds: number;
  problem?: string;
  subscribers: Array<{
    name: string;
    state: string;
    tries: number;
    status?: number;
    problem?: string;
    lastTriedAt?: string;
    nextAt?: string;
  }>;
}

export interface Mapping {
  UUID: string;
  EventSourceArn: string;
  FunctionArn: string;
  State: string;
  BatchSize: number;
  MaximumBatchingWindowInSeconds?: number;
  LastProcessingResult?: string;
  StateTransitionReason?: string;
  ScalingConfig?: { MaximumConcurrency?: number };
  FilterCriteria?: { Filters?: Array<{ Pattern?: string }> };
  FunctionResponseTypes?: string[];
}

export interface MoveTask {
  TaskHandle?: string;
  Status: 'RUNNING' | 'COMPLETED' | 'CANCELLING' | 'CANCELLED' | 'FAILED';
  SourceArn: string;
  DestinationArn?: string;
  MaxNumberOfMessagesPerSecond?: number;
  ApproximateNumberOfMessagesMoved: number;
  ApproximateNumberOfMessagesToMove?: number;
  FailureReason?: string;
  StartedTimestamp: number;
}

export interface NewMessage {
  body: string;
  attributes: Array<{ name: string; type: string; value: string }>;
  delaySeconds?: number;
  group?: string;
  deduplicationId?: string;
  priority?: number;
}

const sqs = <T>(operation: string, body: unknown, signal?: AbortSignal) =>
  callJson<T>('sqs', `AmazonSQS.${operation}`, body, signal);

export const listQueues = (after: string | undefined, signal?: AbortSignal) =>
  call<{ queues: Queue[]; next?: string }>('/v1/queues', { query: { after }, signal });

export const getQueue = (name: string, signal?: AbortSignal) => call<Queue>(path`/v1/queues/${name}`, { signal });

export const getGroups = (name: string, signal?: AbortSignal) =>
  call<{ groups: QueueGroup[]; isComplete: boolean }>(path`/v1/queues/${name}/groups`, { signal });

export const peek = (name: string, query: { after?: string; group?: string; limit?: number }, signal?: AbortSignal) =>
  call<{ messages: PeekedMessage[]; next?: string }>(path`/v1/queues/${name}/messages`, { query, signal });

export const peekOne = (name: string, sequence: string, signal?: AbortSignal) =>
  call<PeekedMessage>(path`/v1/queues/${name}/messages/${sequence}`, { signal });

export const getAttributes = async (url: string, signal?: AbortSignal): Promise<Record<string, string>> =>
  (
    await sqs<{ Attributes?: Record<string, string> }>(
      'GetQueueAttributes',
      { QueueUrl: url, AttributeNames: ['All'] },
      signal,
    )
  ).Attributes ?? {};

export const setAttributes = (url: string, attributes: Record<string, string>) =>
  sqs<void>('SetQueueAttributes', { QueueUrl: url, Attributes: attributes });

export const createQueue = (name: string, attributes: Record<string, string>, tags: Record<string, string>) =>
  sqs<{ QueueUrl: string }>('CreateQueue', { QueueName: name, Attributes: attributes, tags });

export const purgeQueue = (url: string) => sqs<void>('PurgeQueue', { QueueUrl: url });

export const deleteQueue = (url: string) => sqs<void>('DeleteQueue', { QueueUrl: url });

export const sendMessage = (url: string, message: NewMessage) =>
  sqs<{ MessageId: string }>('SendMessage', sendBody(url, message));

/** The body of a SendMessage, which a command to copy shows too. */
export function sendBody(url: string, message: NewMessage): Record<string, unknown> {
  const attributes = message.attributes
    .filter((each) => each.name !== '')
    .map(({ name, type, value }) => [
      name,
      type.startsWith('Binary') ? { DataType: type, BinaryValue: value } : { DataType: type, StringValue: value },
    ]);
  if (message.priority !== undefined) {
    attributes.push(['lambent.priority', { DataType: 'Number', StringValue: String(message.priority) }]);
  }
  return {
    QueueUrl: url,
    MessageBody: message.body,
    ...(attributes.length > 0 ? { MessageAttributes: Object.fromEntries(attributes) } : {}),
    ...(message.delaySeconds ? { DelaySeconds: message.delaySeconds } : {}),
    ...(message.group ? { MessageGroupId: message.group } : {}),
    ...(message.deduplicationId ? { MessageDeduplicationId: message.deduplicationId } : {}),
  };
}

export const deadLetterSources = async (url: string, signal?: AbortSignal): Promise<string[]> =>
  ((await sqs<{ queueUrls?: string[] }>('ListDeadLetterSourceQueues', { QueueUrl: url }, signal)).queueUrls ?? []).map(
    (each) => each.split('/').at(-1)!,
  );

export const startMove = (sourceArn: string, perSecond?: number, destinationArn?: string) =>
  sqs<{ TaskHandle: string }>('StartMessageMoveTask', {
    SourceArn: sourceArn,
    ...(perSecond ? { MaxNumberOfMessagesPerSecond: perSecond } : {}),
    ...(destinationArn ? { DestinationArn: destinationArn } : {}),
  });

export const listMoves = async (sourceArn: string, signal?: AbortSignal): Promise<MoveTask[]> =>
  (await sqs<{ Results?: MoveTask[] }>('ListMessageMoveTasks', { SourceArn: sourceArn, MaxResults: 10 }, signal))
    .Results ?? [];

export const cancelMove = (handle: string) => sqs<void>('CancelMessageMoveTask', { TaskHandle: handle });

export const listMappings = async (arn: string, signal?: AbortSignal): Promise<Mapping[]> =>
  (
    await call<{ EventSourceMappings: Mapping[] }>('/2015-03-31/event-source-mappings', {
      query: { EventSourceArn: arn, MaxItems: 100 },
      signal,
    })
  ).EventSourceMappings;

export const createMapping = (queueArn: string, functionName: string, batchSize: number, partial: boolean) =>
  call<Mapping>('/2015-03-31/event-source-mappings', {
    body: {
      EventSourceArn: queueArn,
      FunctionName: functionName,
      BatchSize: batchSize,
      ...(partial ? { FunctionResponseTypes: ['ReportBatchItemFailures'] } : {}),
    },
  });

export const enableMapping = (id: string, enabled: boolean) =>
  call<Mapping>(path`/2015-03-31/event-source-mappings/${id}`, { method: 'PUT', body: { Enabled: enabled } });

export const deleteMapping = (id: string) =>
  call<Mapping>(path`/2015-03-31/event-source-mappings/${id}`, { method: 'DELETE' });

export const getPush = (name: string, signal?: AbortSignal) => call<Push>(path`/v1/queues/${name}/push`, { signal });

export const enablePush = (name: string, enabled: boolean) =>
  call<Push>(`${path`/v1/queues/${name}/push`}/${enabled ? 'resume' : 'pause'}`, { method: 'POST' });

export const deletePush = (name: string) => call<void>(path`/v1/queues/${name}/push`, { method: 'DELETE' });

export const pushedMessages = (name: string, after: string | undefined, signal?: AbortSignal) =>
  call<{ messages: PushedMessage[]; next?: string }>(path`/v1/queues/${name}/push/messages`, {
    query: { after },
    signal,
  });

export const acknowledge = (name: string, id: string, subscriber: string) =>
  call<void>(path`/v1/queues/${name}/push/messages/${id}/${subscriber}`, { method: 'DELETE' });
