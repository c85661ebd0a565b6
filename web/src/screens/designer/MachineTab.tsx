import { setField } from '../../asl/operations';
import { IconButton } from '../../ui/Button';
import { Button } from '../../ui/Button';
import { machineNameProblem } from './draft';
import { isNumber, Typed } from './fields';
import type { DesignerState } from './useDesigner';

/** What holds for the whole machine. */
export function MachineTab({ designer, saved }: { designer: DesignerState; saved: string | null }) {
  const { settings, document } = designer;
  const problem = saved === null ? machineNameProblem(settings.name) : null;
  const set = (field: string, json: string | null): void =>
    designer.edit((text) => setField(text, [field], json), `/${field}`);
  return (
    <div className="stack designer-form">
      <div className="designer-field">
        <label htmlFor="machine-name">Name of the machine</label>
        <input id="machine-name" value={settings.name} disabled={saved !== null} autoComplete="off" spellCheck={false}
          aria-invalid={problem !== null} onChange={(event) => designer.setSettings({ name: event.target.value })} />
        {saved !== null && <p className="designer-hint">The name stays what it is.</p>}
        {problem !== null && settings.name !== '' && <p className="designer-wrong">{problem}</p>}
      </div>
      <div className="designer-field">
        <label htmlFor="machine-type">Type</label>
        <select id="machine-type" value={settings.type} disabled={saved !== null}
          onChange={(event) => designer.setSettings({ type: event.target.value as 'STANDARD' | 'EXPRESS' })}>
          <option value="STANDARD">Standard: survives everything, runs as long as it takes</option>
          <option value="EXPRESS">Express: up to 5 minutes, answers the caller</option>
        </select>
      </div>
      {document !== null && (
        <>
          <div className="designer-field">
            <label htmlFor="machine-comment">Comment</label>
            <Typed id="machine-comment" value={document.comment ?? ''} rows={3}
              onWrite={(text) => set('Comment', text === '' ? null : JSON.stringify(text))} />
          </div>
          <div className="designer-field">
            <label htmlFor="machine-timeout">Timeout of an execution, seconds</label>
            <Typed id="machine-timeout" value={document.timeoutSeconds ?? ''} placeholder="none"
              onWrite={(text) => set('TimeoutSeconds', isNumber(text) ? text.trim() : text === '' ? null : JSON.stringify(text))} />
          </div>
          <div className="designer-field">
            <label htmlFor="machine-language">Query language</label>
            <select id="machine-language" value={document.language}
              onChange={(event) => set('QueryLanguage', JSON.stringify(event.target.value))}>
              <option value="JSONata">JSONata</option>
              <option value="JSONPath">JSONPath</option>
            </select>
            <p className="designer-hint">Fields that states have already are not translated; the server says which do not fit.</p>
          </div>
        </>
      )}
      <Tags designer={designer} />
    </div>
  );
}

function Tags({ designer }: { designer: DesignerState }) {
  const { tags } = designer.settings;
  const change = (index: number, part: Partial<{ key: string; value: string }>): void => designer.setSettings({
    tags: tags.map((tag, place) => (place === index ? { ...tag, ...part } : tag)),
  });
  return (
    <fieldset className="designer-group stack">
      <legend>Tags</legend>
      {tags.map((tag, index) => (
        <div key={index} className="row designer-tag">
          <input aria-label={`Key of tag ${index + 1}`} value={tag.key} placeholder="key"
            onChange={(event) => change(index, { key: event.target.value })} />
          <input aria-label={`Value of tag ${index + 1}`} value={tag.value} placeholder="value"
            onChange={(event) => change(index, { value: event.target.value })} />
          <IconButton label={`Remove tag ${index + 1}`} icon="trash"
            onClick={() => designer.setSettings({ tags: tags.filter((_, place) => place !== index) })} />
        </div>
      ))}
      <div className="row">
        <Button icon="plus" onClick={() => designer.setSettings({ tags: [...tags, { key: '', value: '' }] })}>Add a tag</Button>
      </div>
    </fieldset>
  );
}
