import { useQuery } from '@tanstack/react-query';
import { arnOf, callables, machineArn } from '../../api/machineEditing';
import { setField } from '../../asl/operations';
import { ACTION_KINDS } from '../../asl/templates';
import { calledBy } from '../../asl/words';
import { Field, json, JsonField, NumberField, SelectField, TextField, Typed, useField, useForm } from './fields';

const kinds: [string, string][] = [
  ['function', 'A function'], ['queue', 'A queue'], ['execution', 'Another machine'], ['http', 'An address (HTTP)'],
  ['wait-event', 'Wait for an event'], ['activity', 'A worker (activity)'], ['arn', 'Something else, by its ARN'],
];

/** What a Task calls and what that is given. */
export function TaskFields() {
  const { designer, state } = useForm();
  const called = calledBy(state);
  const resource = typeof state.fields.Resource === 'string' ? state.fields.Resource : '';
  const kind = resource === 'arn:aws:states:::lambent:waitForEvent' ? 'wait-event'
    : ['function', 'queue', 'execution', 'http', 'activity'].includes(called.calls) ? called.calls : 'arn';
  const given = state.language === 'JSONata' ? 'Arguments' : 'Parameters';
  const choose = (next: string): void => designer.edit((text) => {
    const action = ACTION_KINDS.find((known) => known.id === next);
    const parameters = action?.parameters?.(state.language);
    const changed = setField(text, [...state.path, 'Resource'],
      JSON.stringify(action?.resource ?? (next === 'activity' ? arnOf('states', 'activity:') : '')));
    return setField(changed, [...state.path, given], parameters === undefined ? null : json(parameters));
  });
  return (
    <>
      <SelectField label="Calls" at="" value={kind} options={kinds} onChange={choose} />
      <Callee kind={kind} />
      {(kind === 'arn' || kind === 'activity') && <TextField label="Resource" field={['Resource']} mono
        hint="The ARN of what is called" />}
      {kind !== 'arn' && kind !== 'activity' && <Pattern />}
      <JsonField label={given} field={[given]} hint="What is given to it" />
      <div className="designer-pair">
        <NumberField label="Timeout, seconds" field={['TimeoutSeconds']} placeholder="none" />
        <NumberField label="Heartbeat, seconds" field={['HeartbeatSeconds']} placeholder="none" />
      </div>
    </>
  );
}

function Callee({ kind }: { kind: string }) {
  const { state } = useForm();
  const known = useQuery({ queryKey: ['designer-callables'], queryFn: ({ signal }) => callables(signal), staleTime: 15_000 });
  const given = state.language === 'JSONata' ? 'Arguments' : 'Parameters';
  const isOptimized = String(state.fields.Resource ?? '').startsWith('arn:aws:states:::');
  switch (kind) {
    case 'function':
      return isOptimized
        ? <Picker label="Function" field={[given, 'FunctionName']} options={known.data?.functions ?? []} />
        : <Picker label="Function" field={['Resource']} options={known.data?.functions ?? []}
            write={(name) => (name.startsWith('arn:') ? name : arnOf('lambda', `function:${name}`))}
            read={(arn) => arn.replace(/^arn:[^:]+:lambda:[^:]*:[^:]*:function:/, '')} />;
    case 'queue':
      return <Picker label="Queue" field={[given, 'QueueUrl']} options={known.data?.queues.map((queue) => queue.name) ?? []}
        write={(name) => known.data?.queues.find((queue) => queue.name === name)?.url ?? name}
        read={(url) => known.data?.queues.find((queue) => queue.url === url)?.name ?? url} />;
    case 'execution':
      return <Picker label="Machine" field={[given, 'StateMachineArn']} options={known.data?.machines ?? []}
        write={(name) => (/^(arn:|\{%)/.test(name) ? name : machineArn(name))}
        read={(arn) => arn.replace(/^arn:[^:]+:states:[^:]*:[^:]*:stateMachine:/, '')} />;
    case 'http':
      return (
        <div className="designer-pair">
          <TextField label="Address" field={[given, 'ApiEndpoint']} mono />
          <TextField label="Method" field={[given, 'Method']} list="designer-methods" />
          <datalist id="designer-methods">{['GET', 'POST', 'PUT', 'PATCH', 'DELETE'].map((method) => <option key={method} value={method} />)}</datalist>
        </div>
      );
    case 'wait-event':
      return <TextField label="Name of the event" field={[given, 'Name']}
        hint="Sent by POST /v1/executions/MACHINE/NAME/events/EVENT or lambent execution signal" />;
    case 'activity':
      return <Picker label="Activity" field={['Resource']} options={known.data?.activities ?? []} />;
    default:
      return null;
  }
}

function Picker({ label, field, options, write = same, read = same }: {
  label: string; field: (string | number)[]; options: string[]; write?: (name: string) => string; read?: (value: string) => string;
}) {
  const { value, write: set } = useField(field);
  const shown = typeof value === 'string' ? read(value) : '';
  const listId = `designer-${field.join('-')}`;
  return (
    <Field label={label} at={field.join('/')} hint={shown !== '' || options.length > 0 ? undefined : 'There is none yet; type its name'}>
      {(ids) => (
        <>
          <Typed {...ids} value={shown} list={listId} placeholder="Choose or type"
            onWrite={(name) => set(name === '' ? '""' : JSON.stringify(write(name)))} />
          <datalist id={listId}>{options.map((option) => <option key={option} value={option} />)}</datalist>
        </>
      )}
    </Field>
  );
}

const same = (text: string): string => text;

const patterns: Record<string, [string, string][]> = {
  'lambda:invoke': [['', 'Wait for its result'], ['.waitForTaskToken', 'Wait until someone sends the token']],
  'sqs:sendMessage': [['', 'Send and go on'], ['.waitForTaskToken', 'Send, and wait for the token']],
  'states:startExecution': [
    ['', 'Start and go on'], ['.sync:2', 'Wait for its output'], ['.sync', 'Wait for its output as text'],
    ['.waitForTaskToken', 'Start, and wait for the token'],
  ],
};

function Pattern() {
  const { state } = useForm();
  const { write } = useField(['Resource']);
  const resource = String(state.fields.Resource ?? '');
  const match = /^(arn:[^:]+:states:::([^.]+))(\..*)?$/.exec(resource);
  const options = patterns[match?.[2] ?? ''];
  return options === undefined ? null : (
    <SelectField label="And then" at="Resource" value={match![3] ?? ''} options={options}
      onChange={(pattern) => write(JSON.stringify(match![1] + pattern))} />
  );
}
