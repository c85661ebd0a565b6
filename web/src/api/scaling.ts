// What the scale controller decided, and from which numbers: /v1/scaling.
import { call, path } from './client';

export interface ScalingDecision {
  concurrency: number;
  environments: number;
  wanted: number;
  reason: string;
  limit: string;
  limitedTo: number;
  ratePerSecond: number;
  rateCalls: number;
  extraCalls: number;
  messagesPerPlace: number;
}

interface Load {
  callsInFlight: number;
  environmentsReady: number;
  environmentsStarting: number;
  /** Of a queue. */
  backlog?: number;
  oldestSeconds?: number;
  /** Of calls whose callers wait. */
  callsWaiting?: number;
}

export interface ScalingRecord {
  number: number;
  at: string;
  isChange: boolean;
  queue?: { load: Load };
  http?: { load: Load };
  decision: ScalingDecision;
}

export interface ScalingController {
  /** calls, or the kind of source. */
  controller: string;
  function: string;
  version?: string;
  source?: string;
  explanation: string[];
  last: ScalingRecord;
}

export interface ScalingHistory {
  controller: string;
  function: string;
  version?: string;
  source?: string;
  decisions: ScalingRecord[];
}

export interface ScalingReplay {
  replayed: number;
  differing: Array<{
    controller: string;
    function: string;
    source?: string;
    number: number;
    at: string;
    recorded: ScalingDecision;
    now: ScalingDecision;
  }>;
}

/** Of a function or a queue. */
export function readScaling(name: string, signal?: AbortSignal): Promise<{ controllers: ScalingController[] }> {
  return call(path`/v1/scaling/${name}`, { signal });
}

export function readDecisions(name: string, signal?: AbortSignal): Promise<{ controllers: ScalingHistory[] }> {
  return call(path`/v1/scaling/${name}/decisions`, { signal });
}

/** Decides again from the kept numbers. */
export function replayDecisions(name: string): Promise<ScalingReplay> {
  return call(path`/v1/scaling/${name}/replay`);
}

/** One decision, decided again. */
export function replayOne(history: ScalingHistory, record: ScalingRecord): Promise<ScalingReplay> {
  return call('/v1/scaling', { body: { controllers: [{ ...history, decisions: [record] }] } });
}

export function loadOf(record: ScalingRecord): Load | undefined {
  return record.queue?.load ?? record.http?.load;
}
