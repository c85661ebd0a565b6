// A function's settings as they are edited: one flat draft, what differs from what holds, and the requests that change it.
import type { ConfigurationUpdate, FunctionDescription } from '../../api/functions';
import type { Change } from '../../ui/Changes';
import { looksSecret, type KeyValue } from '../../ui/KeyValues';

export interface Settings {
  description: string;
  runtime: string;
  handler: string;
  memory: string;
  timeout: string;
  storage: string;
  variables: KeyValue[];
  layers: string[];
  logFormat: string;
  applicationLogLevel: string;
  systemLogLevel: string;
  deadLetterTarget: string;
  /** Empty: not reserved. */
  reserved: string;
  tags: KeyValue[];
}

export interface SettingsUpdate {
  configuration: ConfigurationUpdate | null;
  /** Undefined: as it is; null: no longer reserved. */
  reserved: number | null | undefined;
  setTags: Record<string, string>;
  removedTags: string[];
}

export function settingsOf({ Configuration: configuration, Tags, Concurrency }: FunctionDescription): Settings {
  return {
    description: configuration.Description ?? '',
    runtime: configuration.Runtime,
    handler: configuration.Handler,
    memory: String(configuration.MemorySize),
    timeout: String(configuration.Timeout),
    storage: String(configuration.EphemeralStorage?.Size ?? 512),
    variables: entriesOf(configuration.Environment?.Variables),
    layers: configuration.Layers?.map((layer) => layer.Arn) ?? [],
    logFormat: configuration.LoggingConfig?.LogFormat ?? 'Text',
    applicationLogLevel: configuration.LoggingConfig?.ApplicationLogLevel ?? '',
    systemLogLevel: configuration.LoggingConfig?.SystemLogLevel ?? '',
    deadLetterTarget: configuration.DeadLetterConfig?.TargetArn ?? '',
    reserved: Concurrency ? String(Concurrency.ReservedConcurrentExecutions) : '',
    tags: entriesOf(Tags),
  };
}

type Numbers = 'memory' | 'timeout' | 'storage';
const bounds: Record<Numbers, [number, number]> = { memory: [128, 10_240], timeout: [1, 900], storage: [512, 10_240] };

/** What is wrong, by the setting. */
export function problemsOf(settings: Settings): Partial<Record<keyof Settings, string>> {
  const problems: Partial<Record<keyof Settings, string>> = {};
  for (const [name, [least, most]] of Object.entries(bounds) as Array<[Numbers, [number, number]]>) {
    const value = Number(settings[name]);
    if (settings[name] === '' || !Number.isInteger(value) || value < least || value > most) {
      problems[name] = `A whole number from ${least.toLocaleString('en-US')} to ${most.toLocaleString('en-US')}.`;
    }
  }
  if (settings.handler.trim() === '') problems.handler = 'Where the code begins.';
  if (settings.reserved !== '' && !/^\d{1,6}$/.test(settings.reserved)) problems.reserved = 'A whole number, or nothing.';
  const names = settings.variables.map((entry) => entry.key).filter((key) => key !== '');
  const odd = names.find((name) => !/^[a-zA-Z]\w+$/.test(name));
  if (odd !== undefined) problems.variables = `${odd}: a name begins with a letter and has letters, digits and _, at least two.`;
  else if (new Set(names).size < names.length) problems.variables = 'Two variables have the same name.';
  const tags = settings.tags.map((entry) => entry.key).filter((key) => key !== '');
  if (new Set(tags).size < tags.length) problems.tags = 'Two tags have the same name.';
  return problems;
}

const labels: Array<[Exclude<keyof Settings, 'variables' | 'layers' | 'tags'>, string]> = [
  ['description', 'Description'], ['runtime', 'Runtime'], ['handler', 'Handler'], ['memory', 'Memory, MB'], ['timeout', 'Timeout, s'],
  ['storage', '/tmp, MB'], ['logFormat', 'Log format'], ['applicationLogLevel', 'Log level of the function'],
  ['systemLogLevel', 'Log level of the platform'], ['deadLetterTarget', 'Dead-letter target'], ['reserved', 'Reserved concurrency'],
];

/** What differs, for people; values of secrets are not in it. */
export function changesOf(before: Settings, after: Settings): Change[] {
  const plain = labels.filter(([name]) => before[name] !== after[name])
    .map(([name, field]): Change => ({ field, before: before[name] || null, after: after[name] || null }));
  const layers: Change[] = same(before.layers, after.layers)
    ? [] : [{ field: 'Layers', before: before.layers.join(', ') || null, after: after.layers.join(', ') || null }];
  return [
    ...plain, ...layers,
    ...entryChanges('Variable', before.variables, after.variables, true),
    ...entryChanges('Tag', before.tags, after.tags, false),
  ];
}

/** The requests that bring it about. Only what differs is sent, so that two who edit different things do not disturb each other. */
export function updateOf(before: Settings, after: Settings): SettingsUpdate {
  const update: ConfigurationUpdate = {};
  if (before.description !== after.description) update.Description = after.description;
  if (before.runtime !== after.runtime) update.Runtime = after.runtime;
  if (before.handler !== after.handler) update.Handler = after.handler.trim();
  if (before.memory !== after.memory) update.MemorySize = Number(after.memory);
  if (before.timeout !== after.timeout) update.Timeout = Number(after.timeout);
  if (before.storage !== after.storage) update.EphemeralStorage = { Size: Number(after.storage) };
  if (!same(before.layers, after.layers)) update.Layers = after.layers.filter((layer) => layer.trim() !== '');
  if (before.deadLetterTarget !== after.deadLetterTarget) update.DeadLetterConfig = { TargetArn: after.deadLetterTarget.trim() };
  if (entryChanges('', before.variables, after.variables, false).length > 0) update.Environment = { Variables: recordOf(after.variables) };
  if ((['logFormat', 'applicationLogLevel', 'systemLogLevel'] as const).some((name) => before[name] !== after[name])) {
    // Levels are of JSON alone, and refused with text.
    const isJson = after.logFormat === 'JSON';
    update.LoggingConfig = {
      LogFormat: after.logFormat,
      ...(isJson && after.applicationLogLevel ? { ApplicationLogLevel: after.applicationLogLevel } : {}),
      ...(isJson && after.systemLogLevel ? { SystemLogLevel: after.systemLogLevel } : {}),
    };
  }
  const [tagsBefore, tagsAfter] = [recordOf(before.tags), recordOf(after.tags)];
  return {
    configuration: Object.keys(update).length > 0 ? update : null,
    reserved: before.reserved === after.reserved ? undefined : after.reserved === '' ? null : Number(after.reserved),
    setTags: Object.fromEntries(Object.entries(tagsAfter).filter(([key, value]) => tagsBefore[key] !== value)),
    removedTags: Object.keys(tagsBefore).filter((key) => !(key in tagsAfter)),
  };
}

function entryChanges(kind: string, before: KeyValue[], after: KeyValue[], masks: boolean): Change[] {
  const [old, now] = [recordOf(before), recordOf(after)];
  const shown = (name: string, value: string | undefined, hidden: string) =>
    (value === undefined ? null : masks && looksSecret(name) ? hidden : value || '""');
  return [...new Set([...Object.keys(old), ...Object.keys(now)])].filter((name) => old[name] !== now[name]).sort()
    .map((name) => ({
      field: `${kind} ${name}`, before: shown(name, old[name], '••••••'), after: shown(name, now[name], '•••••• (another)'),
    }));
}

function entriesOf(record: Record<string, string> | undefined): KeyValue[] {
  return Object.entries(record ?? {}).map(([key, value]) => ({ key, value }));
}

/** Lines without a name are not there. */
function recordOf(entries: KeyValue[]): Record<string, string> {
  return Object.fromEntries(entries.filter((entry) => entry.key.trim() !== '').map((entry) => [entry.key.trim(), entry.value]));
}

function same(one: string[], other: string[]): boolean {
  return one.length === other.length && one.every((value, index) => value === other[index]);
}
