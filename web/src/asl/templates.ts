import type { QueryLanguage, StateType } from './document';

/** Something of the palette that becomes a state. */
export interface ActionKind {
  id: string;
  title: string;
  hint: string;
  type: StateType;
  group: 'Actions' | 'Flow';
  /** The name that the first one gets. */
  name: string;
  /** What it calls, when that is always the same. */
  resource?: string;
  /** Of a Task: what it is given. */
  parameters?: (language: QueryLanguage) => unknown;
  /** Fields besides Type, Resource and what it is given. */
  fields?: (language: QueryLanguage) => Record<string, unknown>;
}

const input = (language: QueryLanguage, name: string): Record<string, unknown> =>
  language === 'JSONata' ? { [name]: '{% $states.input %}' } : { [`${name}.$`]: '$' };

export const ACTION_KINDS: readonly ActionKind[] = [
  {
    id: 'function', title: 'Call a function', hint: 'With the input, and wait for its result', type: 'Task',
    group: 'Actions', name: 'Call function', resource: 'arn:aws:states:::lambda:invoke',
    parameters: (language) => ({ FunctionName: '', ...input(language, 'Payload') }),
    fields: (language) => language === 'JSONata'
      ? { Output: '{% $states.result.Payload %}' }
      : { OutputPath: '$.Payload' },
  },
  {
    id: 'queue', title: 'Send to a queue', hint: 'One message, and go on', type: 'Task', group: 'Actions',
    name: 'Send message', resource: 'arn:aws:states:::sqs:sendMessage',
    parameters: (language) => ({ QueueUrl: '', ...input(language, 'MessageBody') }),
  },
  {
    id: 'execution', title: 'Run another machine', hint: 'And wait for its output', type: 'Task', group: 'Actions',
    name: 'Run machine', resource: 'arn:aws:states:::states:startExecution.sync:2',
    parameters: (language) => ({ StateMachineArn: '', ...input(language, 'Input') }),
  },
  {
    id: 'http', title: 'Call an address', hint: 'An HTTP request to a program elsewhere', type: 'Task',
    group: 'Actions', name: 'Call address', resource: 'arn:aws:states:::http:invoke',
    parameters: (language) => ({ ApiEndpoint: 'https://', Method: 'POST', ...input(language, 'RequestBody') }),
  },
  {
    id: 'wait-event', title: 'Wait for an event', hint: 'Until someone sends it to the execution', type: 'Task',
    group: 'Actions', name: 'Wait for event', resource: 'arn:aws:states:::lambent:waitForEvent',
    parameters: () => ({ Name: 'approved' }),
  },
  {
    id: 'activity', title: 'Hand to a worker', hint: 'An activity: a program that asks for work', type: 'Task',
    group: 'Actions', name: 'Hand to worker',
  },
  { id: 'choice', title: 'Choice', hint: 'Goes on by conditions', type: 'Choice', group: 'Flow', name: 'Choose' },
  {
    id: 'parallel', title: 'Parallel', hint: 'Several branches at once', type: 'Parallel', group: 'Flow',
    name: 'Do at once',
  },
  { id: 'map', title: 'Map', hint: 'The same for each item', type: 'Map', group: 'Flow', name: 'For each item' },
  {
    id: 'wait', title: 'Wait', hint: 'For some time, or until a time', type: 'Wait', group: 'Flow', name: 'Wait',
    fields: () => ({ Seconds: 60 }),
  },
  { id: 'pass', title: 'Pass', hint: 'Changes data, or does nothing', type: 'Pass', group: 'Flow', name: 'Pass' },
  { id: 'succeed', title: 'Succeed', hint: 'Ends here, well', type: 'Succeed', group: 'Flow', name: 'Done' },
  {
    id: 'fail', title: 'Fail', hint: 'Ends here, with an error', type: 'Fail', group: 'Flow', name: 'Failed',
    fields: () => ({ Error: 'Failed', Cause: '' }),
  },
];

/** A name nobody has: the wanted one, or with the first number that is free. */
export function freeName(taken: ReadonlySet<string>, wanted: string): string {
  const stem = wanted.slice(0, 72);
  for (let number = 1; ; number++) {
    const name = number === 1 ? stem : `${stem} ${number}`;
    if (!taken.has(name)) {
      return name;
    }
  }
}

/**
 * A state of a kind as it begins.
 * @param next The name of the state that it leads to; null when it ends.
 * @param taken Names that are in use; those of states within it are added.
 */
export function newState(
  kind: ActionKind, language: QueryLanguage, next: string | null, taken: Set<string>,
): Record<string, unknown> {
  const field = language === 'JSONata' ? 'Arguments' : 'Parameters';
  const onward = next === null ? { End: true } : { Next: next };
  const inner = (name: string): Record<string, unknown> => {
    const free = freeName(taken, name);
    taken.add(free);
    return { StartAt: free, States: { [free]: { Type: 'Pass', End: true } } };
  };
  switch (kind.type) {
    case 'Choice':
      return {
        Type: 'Choice',
        Choices: [],
        ...(next === null ? {} : { Default: next }),
      };
    case 'Parallel':
      return { Type: 'Parallel', Branches: [inner('Branch 1'), inner('Branch 2')], ...onward };
    case 'Map':
      return {
        Type: 'Map',
        ...(language === 'JSONata' ? { Items: '{% $states.input.items %}' } : { ItemsPath: '$.items' }),
        ItemProcessor: { ProcessorConfig: { Mode: 'INLINE' }, ...inner('Each item') },
        ...onward,
      };
    case 'Succeed':
      return { Type: 'Succeed' };
    case 'Fail':
      return { Type: 'Fail', ...kind.fields?.(language) };
    case 'Task':
      return {
        Type: 'Task',
        Resource: kind.resource ?? '',
        ...(kind.parameters === undefined ? {} : { [field]: kind.parameters(language) }),
        ...kind.fields?.(language),
        ...onward,
      };
    default:
      return { Type: kind.type, ...kind.fields?.(language), ...onward };
  }
}

/** A definition to begin with. */
export const EMPTY_DEFINITION = `{
  "QueryLanguage": "JSONata",
  "StartAt": "First",
  "States": {
    "First": {
      "Type": "Pass",
      "End": true
    }
  }
}
`;
