import type { MachineDocument, MachineState } from './document';
import type { Diagnostic } from './locations';
import { givenTo } from './words';

const NEEDED: Record<string, [string, string]> = {
  'arn:aws:states:::lambda:invoke': ['FunctionName', 'Choose a function'],
  'arn:aws:states:::sqs:sendMessage': ['QueueUrl', 'Choose a queue'],
  'arn:aws:states:::states:startExecution': ['StateMachineArn', 'Choose a machine'],
  'arn:aws:states:::http:invoke': ['ApiEndpoint', 'Give the address'],
};

/** What the server takes and no execution would get through: what was dragged here and not filled in yet. */
export function hintsOf(document: MachineDocument): Diagnostic[] {
  return [...document.states.values()].flatMap((state) => {
    const needed = state.type === 'Task' ? NEEDED[String(state.fields.Resource).replace(/\.[^:]*(:2)?$/, '')] : undefined;
    const problem = needed === undefined ? null : missing(state, ...needed);
    return problem === null ? [] : [problem];
  });
}

function missing(state: MachineState, name: string, message: string): Diagnostic | null {
  const field = state.language === 'JSONata' ? 'Arguments' : 'Parameters';
  if (typeof state.fields[field] === 'string') return null;
  const given = givenTo(state);
  const value = given[name] ?? given[`${name}.$`];
  const isThere = value !== undefined && value !== '' && value !== 'https://';
  return isThere ? null : { severity: 'WARNING', code: 'NOT_CHOSEN', message, location: `${state.id}/${field}/${name}` };
}
