import { useEffect, useState } from 'react';
import { addBranch, duplicateState, moveState, nameProblem, removeState, renameState, setStartAt } from '../../asl/operations';
import { processorField } from '../../asl/document';
import { setNext } from '../../asl/references';
import { Badge } from '../../ui/Badge';
import { Button } from '../../ui/Button';
import { iconOf, StateIcon } from '../../graph/StateIcon';
import { ChoiceFields } from './ChoiceFields';
import { ErrorFields } from './ErrorFields';
import { JsonField, NumberField, SelectField, TextField, useField, useForm } from './fields';
import { TaskFields } from './TaskFields';

/** Everything about a state, by its type. */
export function StateForm({ onTest }: { onTest: () => void }) {
  const { state, designer, problems } = useForm();
  const isWorking = ['Task', 'Parallel', 'Map'].includes(state.type);
  const general = problems.filter((problem) => problem.field === '');
  return (
    <div className="stack designer-form" data-testid="inspector">
      <div className="row">
        <span className="designer-form-icon"><StateIcon name={iconOf(state)} /></span>
        <h2 className="grow ellipsis">{state.name}</h2>
        <Badge tone="accent">{state.type || 'no type'}</Badge>
      </div>
      {general.map((problem, index) => (
        <p key={index} className={problem.severity === 'ERROR' ? 'designer-wrong' : 'designer-doubtful'} role="note">
          {problem.message}
        </p>
      ))}
      <NameField key={state.id} />
      <TextField label="Comment" field={['Comment']} />
      <TypeFields />
      {isWorking && <ErrorFields />}
      {state.type !== 'Fail' && <DataFields />}
      <FlowFields />
      <div className="row designer-actions">
        {['Task', 'Pass', 'Wait', 'Choice', 'Succeed', 'Fail'].includes(state.type) && (
          <Button icon="play" onClick={onTest}>Test this state</Button>
        )}
        <Button icon="copy" onClick={() => designer.edit((text) => duplicateState(text, state.id))}>Duplicate</Button>
        <Button icon="trash" kind="danger" onClick={() => designer.edit((text) => removeState(text, state.id))}>Remove</Button>
      </div>
    </div>
  );
}

function NameField() {
  const { state, designer, document } = useForm();
  const [name, setName] = useState(state.name);
  useEffect(() => setName(state.name), [state.name]);
  const problem = nameProblem(document, state.id, name);
  const write = (): void => {
    if (problem === null && name !== state.name) designer.edit((text) => renameState(text, state.id, name));
  };
  return (
    <div className="designer-field">
      <label htmlFor="designer-name">Name of the state</label>
      <input id="designer-name" value={name} spellCheck={false} autoComplete="off" aria-invalid={problem !== null}
        onChange={(event) => setName(event.target.value)} onBlur={write}
        onKeyDown={(event) => {
          if (event.key === 'Enter') write();
          if (event.key === 'Escape') setName(state.name);
        }} />
      {problem !== null && <p className="designer-wrong">{problem}</p>}
    </div>
  );
}

function TypeFields() {
  const { state } = useForm();
  const isJsonata = state.language === 'JSONata';
  switch (state.type) {
    case 'Task':
      return <TaskFields />;
    case 'Choice':
      return <ChoiceFields />;
    case 'Wait':
      return (
        <>
          <NumberField label="Seconds" field={['Seconds']} hint="Exactly one of these" />
          <TextField label="Until, a time" field={['Timestamp']} placeholder="2030-01-01T00:00:00Z" />
          {!isJsonata && <TextField label="Seconds at a path" field={['SecondsPath']} mono />}
          {!isJsonata && <TextField label="Until the time at a path" field={['TimestampPath']} mono />}
        </>
      );
    case 'Pass':
      return isJsonata ? null : (
        <>
          <JsonField label="Result" field={['Result']} hint="The same each time" />
          <JsonField label="Parameters" field={['Parameters']} />
        </>
      );
    case 'Fail':
      return (
        <>
          <TextField label="Error" field={['Error']} />
          <TextField label="Cause" field={['Cause']} />
        </>
      );
    case 'Parallel':
      return <ParallelFields />;
    case 'Map':
      return <MapFields />;
    default:
      return null;
  }
}

function ParallelFields() {
  const { state, designer } = useForm();
  const completion = useField(['Completion']);
  return (
    <>
      <div className="row">
        <span className="grow">{state.scopes.length === 1 ? '1 branch' : `${state.scopes.length} branches`}</span>
        <Button icon="plus" onClick={() => designer.edit((text) => addBranch(text, state.id))}>Add a branch</Button>
      </div>
      <SelectField label="Ends with" at="Completion" value={String(completion.value ?? '')}
        options={[['', 'All branches'], ['ALL', 'All branches, written'], ['FIRST', 'The first that succeeds (this server alone)']]}
        onChange={(value) => completion.write(value === '' ? null : JSON.stringify(value))} />
      <JsonField label={state.language === 'JSONata' ? 'Arguments' : 'Parameters'}
        field={[state.language === 'JSONata' ? 'Arguments' : 'Parameters']} />
    </>
  );
}

function MapFields() {
  const { state } = useForm();
  const isJsonata = state.language === 'JSONata';
  const processor = processorField(state);
  const mode = useField([processor, 'ProcessorConfig']);
  const isDistributed = (mode.value as { Mode?: string } | undefined)?.Mode === 'DISTRIBUTED';
  return (
    <>
      {isJsonata
        ? <JsonField label="Items" field={['Items']} initial={'"{% $states.input.items %}"'} />
        : <TextField label="Items at the path" field={['ItemsPath']} mono placeholder="$" />}
      <JsonField label="Item selector" field={['ItemSelector']} hint="What each iteration gets" />
      <SelectField label="Iterations are" at={processor} value={isDistributed ? 'DISTRIBUTED' : 'INLINE'}
        options={[['INLINE', 'Part of this execution'], ['DISTRIBUTED', 'Executions of their own']]}
        onChange={(value) => mode.write(value === 'DISTRIBUTED'
          ? '{\n  "Mode": "DISTRIBUTED",\n  "ExecutionType": "STANDARD"\n}' : '{\n  "Mode": "INLINE"\n}')} />
      <NumberField label="At most at once" field={['MaxConcurrency']} placeholder="no limit" />
      <div className="designer-pair">
        <NumberField label="Failures tolerated" field={['ToleratedFailureCount']} placeholder="0" />
        <NumberField label="Or percent of them" field={['ToleratedFailurePercentage']} placeholder="0" />
      </div>
      {isDistributed && (
        <>
          <JsonField label="Item reader" field={['ItemReader']} hint="Items from files" />
          <JsonField label="Item batcher" field={['ItemBatcher']} initial={'{\n  "MaxItemsPerBatch": 10\n}'} />
          <JsonField label="Result writer" field={['ResultWriter']} />
          <TextField label="Label" field={['Label']} />
        </>
      )}
    </>
  );
}

function DataFields() {
  const { state } = useForm();
  const isWorking = ['Task', 'Parallel', 'Map'].includes(state.type);
  const count = ['Assign', 'Output', 'InputPath', 'ResultSelector', 'ResultPath', 'OutputPath']
    .filter((field) => field in state.fields).length;
  return (
    <details className="designer-more" open={count > 0}>
      <summary>Data{count > 0 ? ` (${count})` : ''}</summary>
      <div className="stack">
        {state.language === 'JSONata'
          ? <JsonField label="Output" field={['Output']} />
          : (
            <>
              <TextField label="Input path" field={['InputPath']} mono placeholder="$" />
              {isWorking && <JsonField label="Result selector" field={['ResultSelector']} />}
              {(isWorking || state.type === 'Pass') && <TextField label="Result path" field={['ResultPath']} mono placeholder="$" />}
              <TextField label="Output path" field={['OutputPath']} mono placeholder="$" />
            </>
          )}
        {state.type !== 'Succeed' && <JsonField label="Assign" field={['Assign']} hint="Variables for the states that follow" />}
      </div>
    </details>
  );
}

function FlowFields() {
  const { state, designer, document } = useForm();
  const scope = document.scopes.get(state.scope)!;
  const isOpen = !['Choice', 'Succeed', 'Fail'].includes(state.type);
  const names = scope.states.filter((other) => other.id !== state.id).map((other): [string, string] => [other.name, other.name]);
  const places = [...document.scopes.values()]
    .filter((other) => other.id !== state.scope && !other.id.startsWith(`${state.id}/`))
    .map((other): [string, string] => [`@${other.id}`, scopeWords(other.owner === null ? null : document.states.get(other.owner)!.name, other)]);
  return (
    <fieldset className="designer-group">
      <legend>Flow</legend>
      {isOpen && (
        <SelectField label="Goes on to" at="Next" value={typeof state.fields.Next === 'string' ? state.fields.Next : '@end'}
          options={[['@end', 'The end'], ...names]}
          onChange={(next) => designer.edit((text) => setNext(text, state.id, next === '@end' ? null : next))} />
      )}
      {places.length > 0 && (
        <SelectField label="Is part of" at="" value="" options={[['', scopeWords(
          scope.owner === null ? null : document.states.get(scope.owner)!.name, scope)], ...places]}
          onChange={(place) => place !== '' && designer.edit((text) => moveState(text, state.id, place.slice(1)))} />
      )}
      {scope.start === state.id
        ? <p className="designer-hint">{scope.kind === 'machine' ? 'The machine' : 'This part'} begins here.</p>
        : (
          <button type="button" className="designer-add"
            onClick={() => designer.edit((text) => setStartAt(text, scope.id, state.name))}>Begin here</button>
        )}
    </fieldset>
  );
}

function scopeWords(owner: string | null, scope: { kind: string; index: number }): string {
  return owner === null ? 'The machine itself' : scope.kind === 'branch' ? `Branch ${scope.index + 1} of ${owner}` : `Each item of ${owner}`;
}
