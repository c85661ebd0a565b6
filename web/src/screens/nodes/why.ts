// Why something does not run: what is known of everything that has the name. Pure but for `readWhy`; tests are beside it.
import { ApiError, call, path } from '../../api/client';
import { findables } from '../../api/findables';
import { readScaling, type ScalingController } from '../../api/scaling';

export interface Finding {
  tone: 'bad' | 'warn' | 'good' | 'info';
  text: string;
  href?: string;
  /** The command that changes it. */
  fix?: string;
}

interface FunctionConfiguration {
  State?: string;
  StateReason?: string;
  LastUpdateStatus?: string;
  LastUpdateStatusReason?: string;
}

interface QueueReport {
  waiting: number;
  why: Array<{ code: string; text: string }>;
  consumers: Array<{ name: string; state: string; problem?: string }>;
}

export interface Known {
  name: string;
  configuration: FunctionConfiguration | null;
  reserved: number | null;
  queue: QueueReport | null;
  controllers: ScalingController[];
}

/** Asks only about what there is by that name, so that nothing is looked for in vain. */
export async function readWhy(name: string, signal?: AbortSignal): Promise<Known> {
  const kinds = new Set((await findables(signal)).filter((each) => each.label === name).map((each) => each.kind));
  const only = <T>(kind: string, promise: () => Promise<T>) => (kinds.has(kind) ? orNull(promise()) : null);
  const [configuration, concurrency, queue, scaling] = await Promise.all([
    only('function', () => call<FunctionConfiguration>(path`/2015-03-31/functions/${name}/configuration`, { signal })),
    only('function', () =>
      call<{ ReservedConcurrentExecutions?: number }>(path`/2019-09-30/functions/${name}/concurrency`, { signal }),
    ),
    only('queue', () => call<QueueReport>(path`/v1/queues/${name}`, { signal })),
    only('function', () => readScaling(name, signal)),
  ]);
  // Decisions about a queue are there as soon as something takes its messages.
  const ofQueue = !scaling && (queue?.consumers.length ?? 0) > 0 ? await orNull(readScaling(name, signal)) : null;
  return {
    name,
    configuration,
    reserved: concurrency?.ReservedConcurrentExecutions ?? null,
    queue,
    controllers: (scaling ?? ofQueue)?.controllers ?? [],
  };
}

async function orNull<T>(promise: Promise<T>): Promise<T | null> {
  try {
    return await promise;
  } catch (error) {
    if (error instanceof ApiError && (error.status === 404 || error.status === 400)) return null;
    throw error;
  }
}

const ordinary = new Set(['empty', 'worked-on']);

/** What stands in the way first; when nothing does, that. */
export function findingsOf(known: Known): Finding[] {
  const { name, configuration, queue } = known;
  if (!configuration && !queue) {
    return [
      {
        tone: 'bad',
        text: `There is neither a function nor a queue called ${name}.`,
        fix: `lambent deploy ${name}.py`,
      },
    ];
  }
  const findings: Finding[] = [];
  if (configuration) findings.push(...ofFunction(name, configuration, known.reserved));
  for (const reason of queue?.why ?? []) {
    findings.push({
      tone: ordinary.has(reason.code) ? 'info' : 'warn',
      text: reason.text,
      href: `/queues/${encodeURIComponent(name)}`,
    });
  }
  for (const consumer of (queue?.consumers ?? []).filter((each) => each.problem)) {
    findings.push({ tone: 'warn', text: `The ${consumer.name}: ${consumer.problem}` });
  }
  for (const controller of known.controllers) findings.push(...ofLimit(controller));
  if (!findings.some((finding) => finding.tone === 'bad' || finding.tone === 'warn')) {
    findings.unshift({ tone: 'good', text: `Nothing stands in the way of ${name}: it runs when it is called.` });
  }
  return findings;
}

function ofFunction(name: string, configuration: FunctionConfiguration, reserved: number | null): Finding[] {
  const findings: Finding[] = [];
  const href = `/functions/${encodeURIComponent(name)}`;
  if (configuration.State && configuration.State !== 'Active') {
    findings.push({
      tone: 'bad',
      text: `Its state is ${configuration.State}. ${configuration.StateReason ?? ''}`.trim(),
      href,
    });
  }
  if (configuration.LastUpdateStatus === 'Failed') {
    findings.push({
      tone: 'warn',
      text: `Its last change failed: ${configuration.LastUpdateStatusReason ?? ''} What worked before is called.`,
      href,
    });
  }
  if (reserved === 0) {
    findings.push({
      tone: 'bad',
      text: 'Its reserved concurrency is 0: every call is refused.',
      href,
      fix: `aws lambda delete-function-concurrency --function-name ${name}`,
    });
  }
  return findings;
}

function ofLimit(controller: ScalingController): Finding[] {
  const { limit } = controller.last.decision;
  if (!limit || limit === 'None') return [];
  const sentence = controller.explanation.find((each) => each.startsWith('Without limits'));
  return sentence ? [{ tone: 'warn', text: sentence }] : [];
}

const reasons: Record<string, string> = {
  Idle: 'nothing to do',
  Backlog: 'work waits',
  BehindSchedule: 'work waits too long',
  ArrivalRate: 'as many as arrive',
  GrowingRate: 'arrivals grow',
  CallsInFlight: 'calls in flight',
  GrowingCalls: 'calls grow',
  Settled: 'too small a difference',
  Holding: 'needed a moment ago',
  Falling: 'not needed for a while',
};

const limits: Record<string, string> = {
  Reserved: 'reserved concurrency',
  Account: 'the account',
  Source: 'the source',
  NodeEnvironments: 'environments of the node',
  NodeMemory: 'memory of the node',
  NodeProcessor: 'processors of the node',
};

export function reasonWords(reason: string): string {
  return reasons[reason] ?? reason;
}

export function limitWords(limit: string): string {
  return limits[limit] ?? (limit === 'None' ? '' : limit);
}
