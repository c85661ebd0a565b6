import { useMemo, useRef, type KeyboardEvent } from 'react';
import { CodeEditor } from '../../ui/CodeEditor';
import { Inspector } from './Inspector';
import { MachineTab } from './MachineTab';
import { TriggersTab } from './TriggersTab';
import type { DesignerState } from './useDesigner';
import type { Validation } from './useValidation';
import '../../ui/Tabs.css';

export type PanelTab = 'state' | 'definition' | 'machine' | 'triggers';

const titles: [PanelTab, string][] = [['state', 'State'], ['definition', 'Definition'], ['machine', 'Machine'], ['triggers', 'Triggers']];

/** Beside the drawing: the form of what is selected, the text, what holds for all of it, what starts it. */
export function SidePanel({ tab, onTab, designer, validation, saved, onTest, onAddTrigger, onSave }: {
  tab: PanelTab; onTab: (tab: PanelTab) => void; designer: DesignerState; validation: Validation; saved: string | null;
  onTest: () => void; onAddTrigger: () => void; onSave: () => void;
}) {
  const list = useRef<HTMLDivElement>(null);
  const move = (event: KeyboardEvent): void => {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (step === 0) return;
    const at = titles.findIndex(([id]) => id === tab);
    const next = titles[(at + step + titles.length) % titles.length]![0];
    onTab(next);
    list.current?.querySelector<HTMLElement>(`#designer-tab-${next}`)?.focus();
  };
  return (
    <aside className="designer-side" aria-label="What is drawn, in detail">
      <div className="tabs designer-tabs" role="tablist" aria-label="Parts" ref={list} onKeyDown={move}>
        {titles.map(([id, title]) => (
          <button key={id} type="button" role="tab" id={`designer-tab-${id}`} className="tabs-tab" aria-selected={tab === id}
            aria-controls="designer-panel" tabIndex={tab === id ? 0 : -1} onClick={() => onTab(id)}>
            {title}
            {id === 'triggers' && designer.settings.triggers.length > 0 && (
              <span className="tabs-count">{designer.settings.triggers.length}</span>
            )}
          </button>
        ))}
      </div>
      <div role="tabpanel" id="designer-panel" aria-labelledby={`designer-tab-${tab}`} className="designer-panel" tabIndex={-1}>
        {tab === 'state' && <Inspector designer={designer} validation={validation} onTest={onTest} />}
        {tab === 'definition' && <DefinitionText designer={designer} validation={validation} onSave={onSave} />}
        {tab === 'machine' && <MachineTab designer={designer} saved={saved} />}
        {tab === 'triggers' && <TriggersTab designer={designer} saved={saved} onAdd={onAddTrigger} />}
      </div>
    </aside>
  );
}

/** The text itself; the drawing follows as long as it is JSON. */
function DefinitionText({ designer, validation, onSave }: {
  designer: DesignerState; validation: Validation; onSave: () => void;
}) {
  const problems = useMemo(() => validation.problems.map((problem) => ({
    from: problem.offset, to: problem.offset + Math.max(1, problem.length), message: problem.message,
    severity: problem.severity === 'ERROR' ? 'error' as const : 'warning' as const,
  })), [validation.problems]);
  return (
    <div className="designer-text" data-testid="definition">
      {designer.textProblems[0] && (
        <p className="designer-wrong" role="status">
          Line {designer.textProblems[0].line}: {designer.textProblems[0].message}. The drawing shows what was before.
        </p>
      )}
      <CodeEditor label="Definition" language="json" value={designer.text} minHeight={300} onChange={designer.setText}
        problems={problems} onSave={onSave} />
    </div>
  );
}
