import type { MachineState, StateEdge } from './document';

/** What kind of work a Task does, for its icon and its words. */
export type Calls = 'function' | 'queue' | 'topic' | 'bus' | 'execution' | 'http' | 'event' | 'activity' | 'other';

export interface CalledThing {
  calls: Calls;
  /** What is called, such as "pay" or "POST https://example.com"; null when the definition does not say it. */
  name: string | null;
  /** "", ".sync", ".sync:2", ".waitForTaskToken". */
  pattern: string;
}

const SERVICES: Record<string, Calls> = {
  'lambda:invoke': 'function', 'sqs:sendMessage': 'queue', 'sns:publish': 'topic', 'events:putEvents': 'bus',
  'states:startExecution': 'execution', 'http:invoke': 'http', 'lambent:waitForEvent': 'event',
  'lambent:sendEvent': 'event',
};

/** What a Task calls, read from its resource and what it is given. */
export function calledBy(state: MachineState): CalledThing {
  const resource = typeof state.fields.Resource === 'string' ? state.fields.Resource : '';
  const parts = resource.split(':');
  if (parts[2] === 'lambda' && parts[5] === 'function') {
    return { calls: 'function', name: parts.slice(6).join(':') || null, pattern: '' };
  }

  if (parts[2] === 'states' && parts[5] === 'activity') {
    return { calls: 'activity', name: parts.slice(6).join(':') || null, pattern: '' };
  }

  const called = parts.slice(5).join(':');
  const dot = called.indexOf('.');
  const action = dot < 0 ? called : called.slice(0, dot);
  const given = givenTo(state);
  return {
    calls: SERVICES[action] ?? 'other',
    name: nameGiven(action, given) ?? (action in SERVICES ? null : action || null),
    pattern: dot < 0 ? '' : called.slice(dot),
  };
}

/** What a Task is given, when that is an object. */
export function givenTo(state: MachineState): Record<string, unknown> {
  const given = state.fields.Arguments ?? state.fields.Parameters;
  return given !== null && typeof given === 'object' && !Array.isArray(given) ? given as Record<string, unknown> : {};
}

function nameGiven(action: string, given: Record<string, unknown>): string | null {
  const text = (name: string): string | null => {
    const value = given[name] ?? given[`${name}.$`];
    return typeof value === 'string' && value !== '' ? value : null;
  };
  switch (action) {
    case 'lambda:invoke':
      return shortOf(text('FunctionName'), ':function:');
    case 'sqs:sendMessage':
      return lastPart(text('QueueUrl'), '/');
    case 'sns:publish':
      return lastPart(text('TopicArn'), ':');
    case 'states:startExecution':
      return shortOf(text('StateMachineArn'), ':stateMachine:');
    case 'http:invoke': {
      const address = text('ApiEndpoint');
      return address === null ? null : `${text('Method') ?? 'GET'} ${address}`;
    }
    default:
      return text('Name');
  }
}

function shortOf(text: string | null, before: string): string | null {
  const at = text?.indexOf(before) ?? -1;
  return text === null || at < 0 ? text : text.slice(at + before.length);
}

function lastPart(text: string | null, separator: string): string | null {
  return text === null || text.startsWith('{%') ? text : text.slice(text.lastIndexOf(separator) + 1);
}

const CALLED_AS: Record<Calls, string> = {
  function: 'function', queue: 'queue', topic: 'topic', bus: 'event bus', execution: 'machine', http: 'HTTP',
  event: 'event', activity: 'activity', other: 'task',
};

/** The second line of a state on the drawing: what it does. */
export function subtitleOf(state: MachineState): string {
  switch (state.type) {
    case 'Task': {
      const { calls, name, pattern } = calledBy(state);
      const waits = pattern === '.waitForTaskToken' ? ', waits for a token' : '';
      return `${CALLED_AS[calls]}${name === null ? '' : ` ${name}`}${waits}`;
    }
    case 'Wait':
      return waitWords(state.fields);
    case 'Choice': {
      const count = Array.isArray(state.fields.Choices) ? state.fields.Choices.length : 0;
      return count === 1 ? '1 condition' : `${count} conditions`;
    }
    case 'Map':
      return `each of ${String(state.fields.ItemsPath ?? (typeof state.fields.Items === 'string' ? bare(state.fields.Items) : 'the items'))}`;
    case 'Parallel':
      return state.fields.Completion === 'FIRST' ? 'the first of its branches' : 'all branches';
    case 'Fail':
      return String(state.fields.Error ?? state.fields.ErrorPath ?? 'ends with an error');
    case 'Succeed':
      return 'ends well';
    case 'Pass':
      return state.fields.Assign !== undefined ? 'sets variables' : 'passes data on';
    default:
      return state.type === '' ? 'no type yet' : `unknown type ${state.type}`;
  }
}

function waitWords(fields: MachineState['fields']): string {
  if (typeof fields.Seconds === 'number') {
    return `for ${secondsWords(fields.Seconds)}`;
  }

  const value = fields.Seconds ?? fields.SecondsPath;
  if (typeof value === 'string') {
    return `for ${bare(value)} seconds`;
  }

  const until = fields.Timestamp ?? fields.TimestampPath;
  return typeof until === 'string' ? `until ${bare(until)}` : 'for no time yet';
}

/** "90 s", "5 min", "2 h", "3 days". */
export function secondsWords(seconds: number): string {
  const units: [number, string][] = [[86_400, 'days'], [3_600, 'h'], [60, 'min']];
  const unit = units.find(([size]) => seconds >= size && seconds % size === 0);
  if (unit === undefined) {
    return `${seconds} s`;
  }

  const count = seconds / unit[0];
  return `${count} ${count === 1 && unit[1] === 'days' ? 'day' : unit[1]}`;
}

/** An expression without its brackets. */
export function bare(text: string): string {
  const inner = /^\{%([\s\S]*)%\}$/.exec(text)?.[1];
  return (inner ?? text).replace(/\s+/g, ' ').trim();
}

/** What is written on a way: the condition of a rule, the errors of a catcher. */
export function edgeWords(edge: StateEdge, state: MachineState): string {
  switch (edge.kind) {
    case 'default':
      return 'otherwise';
    case 'choice':
      return ruleWords((state.fields.Choices as unknown[] | undefined)?.[edge.index]);
    case 'catch':
      return catchWords((state.fields.Catch as unknown[] | undefined)?.[edge.index]);
    default:
      return '';
  }
}

export function catchWords(catcher: unknown): string {
  const errors = (catcher as { ErrorEquals?: unknown } | null)?.ErrorEquals;
  const names = Array.isArray(errors) ? errors.map(String) : [];
  return names.includes('States.ALL') ? 'any error' : names.length === 0 ? 'no error yet' : names.join(', ');
}

const COMPARED: Record<string, string> = {
  Equals: '=', LessThan: '<', GreaterThan: '>', LessThanEquals: '≤', GreaterThanEquals: '≥', Matches: 'matches',
};

const TESTED: Record<string, [string, string]> = {
  IsPresent: ['is there', 'is not there'], IsNull: ['is null', 'is not null'],
  IsNumeric: ['is a number', 'is no number'], IsString: ['is a text', 'is no text'],
  IsBoolean: ['is true or false', 'is no boolean'], IsTimestamp: ['is a time', 'is no time'],
};

/** A rule of a Choice in words: `$.amount > 100 and not ($.vip is there)`. */
export function ruleWords(rule: unknown, depth = 0): string {
  if (rule === null || typeof rule !== 'object' || depth > 30) {
    return 'no condition yet';
  }

  const fields = rule as Record<string, unknown>;
  if ('Condition' in fields) {
    return typeof fields.Condition === 'string' ? bare(fields.Condition) : String(fields.Condition);
  }

  for (const [kind, word] of [['And', ' and '], ['Or', ' or ']] as const) {
    if (Array.isArray(fields[kind])) {
      const parts = fields[kind].map((part) => ruleWords(part, depth + 1));
      const line = parts.join(word);
      return depth > 0 && parts.length > 1 ? `(${line})` : line;
    }
  }

  return 'Not' in fields ? `not (${ruleWords(fields.Not, depth + 1)})` : comparisonWords(fields);
}

function comparisonWords(fields: Record<string, unknown>): string {
  const variable = String(fields.Variable ?? '?');
  for (const [name, value] of Object.entries(fields)) {
    const tested = TESTED[name];
    if (tested !== undefined) {
      return `${variable} ${tested[value === false ? 1 : 0]}`;
    }

    const compared = /^(?:String|Numeric|Timestamp|Boolean)([A-Z][A-Za-z]*?)(Path)?$/.exec(name);
    const sign = compared === null ? undefined : COMPARED[compared[1]!];
    if (sign !== undefined) {
      const isText = name.startsWith('String') && compared![2] === undefined;
      return `${variable} ${sign} ${isText ? JSON.stringify(value) : String(value)}`;
    }
  }

  return 'no condition yet';
}

/** A rule as a sentence may be longer than a drawing has room for. */
export function shortened(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1).trimEnd()}…`;
}
