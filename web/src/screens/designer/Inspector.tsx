import { setStartAt } from '../../asl/operations';
import { disconnect } from '../../asl/references';
import { Button } from '../../ui/Button';
import { redirectWay } from './Canvas';
import { FormProvider } from './fields';
import { StateForm } from './StateForm';
import { TriggerForm } from './TriggersTab';
import type { DesignerState } from './useDesigner';
import type { Validation } from './useValidation';

/** The form for what is selected. */
export function Inspector({ designer, validation, onTest }: {
  designer: DesignerState; validation: Validation; onTest: () => void;
}) {
  const { selected, document } = designer;
  const state = selected === null ? undefined : document?.states.get(selected);
  if (document !== null && state !== undefined) {
    const problems = validation.problems.filter((problem) => problem.state === state.id);
    return (
      <FormProvider value={{ designer, document, state, problems }}>
        <StateForm key={state.path.slice(0, -1).join('/')} onTest={onTest} />
      </FormProvider>
    );
  }
  const trigger = designer.settings.triggers.find((known) => `#trigger/${known.id}` === selected);
  if (trigger !== undefined) return <TriggerForm designer={designer} trigger={trigger} />;
  const edge = designer.drawing?.edges.find((known) => known.id === selected);
  return edge === undefined || document === null ? <Nothing /> : <EdgeForm designer={designer} id={edge.id} />;
}

function Nothing() {
  return (
    <div className="designer-nothing stack">
      <p>Nothing is selected. Click a state or a way, or press an arrow key on the drawing.</p>
      <dl className="designer-keys">
        <div><dt><kbd>↑</kbd> <kbd>↓</kbd> <kbd>←</kbd> <kbd>→</kbd></dt><dd>walk along the ways</dd></div>
        <div><dt><kbd>Delete</kbd></dt><dd>removes, and closes the ways</dd></div>
        <div><dt><kbd>Ctrl</kbd> <kbd>Z</kbd> / <kbd>Y</kbd></dt><dd>undoes and redoes</dd></div>
        <div><dt><kbd>Ctrl</kbd> <kbd>D</kbd></dt><dd>duplicates</dd></div>
        <div><dt><kbd>Ctrl</kbd> <kbd>S</kbd></dt><dd>saves</dd></div>
      </dl>
    </div>
  );
}

/** A way: what it is taken for, and where it leads. */
function EdgeForm({ designer, id }: { designer: DesignerState; id: string }) {
  const { drawing, document } = designer;
  const edge = drawing!.edges.find((known) => known.id === id)!;
  const names = document!.scopes.get(edge.scope)?.states.map((state) => state.name) ?? [];
  const title = (node: string): string => drawing!.nodes.find((known) => known.id === node)?.title ?? '';
  const isStart = edge.kind === 'start';
  const change = (to: string): void => (isStart
    ? designer.edit((text) => setStartAt(text, edge.scope, to))
    : redirectWay(designer, id, to));
  return (
    <div className="stack designer-form" data-testid="inspector">
      <h2>From {title(edge.from)} to {title(edge.to)}</h2>
      <p className="soft">{isStart ? 'Here it begins.' : edge.words === '' ? 'Taken when the state has done its work.' : edge.words}</p>
      <div className="designer-field">
        <label htmlFor="designer-way">Leads to</label>
        <select id="designer-way" value={title(edge.to)} onChange={(event) => change(event.target.value)}>
          {names.map((name) => <option key={name} value={name}>{name}</option>)}
        </select>
      </div>
      <p className="designer-hint">What is added now goes into this way.</p>
      {!isStart && (
        <div className="row">
          <Button onClick={() => designer.select(edge.from)}>Edit {title(edge.from)}</Button>
          <Button kind="danger" icon="trash"
            onClick={() => designer.edit((text) => ({ text: disconnect(text, id), id: edge.from }))}>Remove the way</Button>
        </div>
      )}
    </div>
  );
}
