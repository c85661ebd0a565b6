import { removeAt } from '../../asl/edits';
import { append, connect, disconnect } from '../../asl/references';
import { catchWords } from '../../asl/words';
import { IconButton } from '../../ui/Button';
import { Target } from './ChoiceFields';
import { Field, json, NumberField, SelectField, Typed, useField, useForm } from './fields';

/** What is done when the work of a state fails. */
export function ErrorFields() {
  const { designer, document, state } = useForm();
  const retriers = listOf(state.fields.Retry);
  const catchers = listOf(state.fields.Catch);
  const target = document.scopes.get(state.scope)!.states.find((other) => other.id !== state.id)?.name ?? state.name;
  const remove = (field: string, index: number): void => designer.edit((text) =>
    removeAt(text, listOf(state.fields[field]).length === 1 ? [...state.path, field] : [...state.path, field, index]));
  return (
    <>
      <fieldset className="designer-group" data-field="Retry">
        <legend>Retry</legend>
        {retriers.map((retrier, index) => (
          <div key={index} className="designer-rule">
            <div className="row">
              <strong className="grow">{index + 1}. {catchWords(retrier)}</strong>
              <IconButton label={`Remove retry ${index + 1}`} icon="trash" onClick={() => remove('Retry', index)} />
            </div>
            <Errors label={`Errors of retry ${index + 1}`} field={['Retry', index, 'ErrorEquals']} />
            <div className="designer-pair">
              <NumberField label="Attempts" field={['Retry', index, 'MaxAttempts']} placeholder="3" />
              <NumberField label="First wait, seconds" field={['Retry', index, 'IntervalSeconds']} placeholder="1" />
              <NumberField label="Times longer" field={['Retry', index, 'BackoffRate']} placeholder="2" />
              <NumberField label="Longest wait, seconds" field={['Retry', index, 'MaxDelaySeconds']} placeholder="none" />
            </div>
            <Jitter index={index} />
          </div>
        ))}
        <button type="button" className="designer-add" data-testid="add-retry" onClick={() => designer.edit((text) => append(
          text, state, 'Retry', { ErrorEquals: ['States.ALL'], IntervalSeconds: 1, MaxAttempts: 3, BackoffRate: 2 }))}>
          Add a retry
        </button>
      </fieldset>
      <fieldset className="designer-group" data-field="Catch">
        <legend>Catch</legend>
        {catchers.map((catcher, index) => (
          <div key={index} className="designer-rule">
            <div className="row">
              <strong className="grow">{index + 1}. {catchWords(catcher)}</strong>
              <IconButton label={`Remove catch ${index + 1}`} icon="trash"
                onClick={() => designer.edit((text) => disconnect(text, `${state.id}/Catch[${index}]/Next`))} />
            </div>
            <Errors label={`Errors of catch ${index + 1}`} field={['Catch', index, 'ErrorEquals']} />
            <Target label={`Catch ${index + 1} goes to`} field={['Catch', index, 'Next']} />
          </div>
        ))}
        <button type="button" className="designer-add" data-testid="add-catch"
          onClick={() => designer.edit((text) => connect(text, state.id, target, 'catch'))}>
          Add a catch
        </button>
      </fieldset>
    </>
  );
}

function Jitter({ index }: { index: number }) {
  const { value, write } = useField(['Retry', index, 'JitterStrategy']);
  return (
    <SelectField label="Spread" at={`Retry[${index}]/JitterStrategy`} value={typeof value === 'string' ? value : ''}
      options={[['', 'None'], ['NONE', 'None, written'], ['FULL', 'Anywhere within the wait']]}
      onChange={(next) => write(next === '' ? null : JSON.stringify(next))} />
  );
}

const usual = [
  'States.ALL', 'States.TaskFailed', 'States.Timeout', 'States.HeartbeatTimeout', 'States.Permissions',
  'States.DataLimitExceeded', 'States.Runtime', 'Lambda.TooManyRequestsException', 'Lambda.ServiceException',
];

/** Names of errors with commas between them. */
function Errors({ label, field }: { label: string; field: (string | number)[] }) {
  const { value, write } = useField(field);
  const names = Array.isArray(value) ? value.map(String) : [];
  return (
    <Field label={label} at={`${field[0]}[${field[1]}]/${field[2]}`}>
      {(ids) => (
        <>
          <Typed {...ids} value={names.join(', ')} mono list="designer-errors"
            onWrite={(text) => write(json(text.split(',').map((name) => name.trim()).filter((name) => name !== '')))} />
          <datalist id="designer-errors">{usual.map((name) => <option key={name} value={name} />)}</datalist>
        </>
      )}
    </Field>
  );
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}
