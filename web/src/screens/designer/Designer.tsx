import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useState } from 'react';
import { useLocation } from 'wouter';
import { createMachine, createSchedule, defaultRole, setTags, updateMachine } from '../../api/machineEditing';
import type { GraphOverlay } from '../../graph/overlay';
import { toast } from '../../ui/Toasts';
import { addBehind, Canvas } from './Canvas';
import { forgetDraft, keepDraft } from './draft';
import type { StoredDraft } from './draft';
import type { SavedMachine } from './index';
import { LiveRun } from './LiveRun';
import { Palette } from './Palette';
import { ProblemList } from './ProblemList';
import { RunDialog } from './RunDialog';
import { SaveDialog } from './SaveDialog';
import { SidePanel } from './SidePanel';
import type { PanelTab } from './SidePanel';
import { TestStateDialog } from './TestStateDialog';
import { Toolbar } from './Toolbar';
import { useDesigner, useRested } from './useDesigner';
import type { DesignerState } from './useDesigner';
import { useDesignerKeys, useLeaveGuard } from './useGuards';
import { useValidation } from './useValidation';
import './designer.css';

const DRAFT_MILLISECONDS = 500;

/** The designer: what can be added, the drawing, and the forms and texts of what is drawn. */
export function Designer({ saved: loaded, draft, initialText }: {
  saved: SavedMachine | null; draft: StoredDraft | null; initialText: string;
}) {
  const [saved, setSaved] = useState(loaded);
  const [restored, setRestored] = useState(draft !== null);
  const designer = useDesigner(draft?.text ?? initialText, draft ?? {
    name: loaded?.name ?? '', type: loaded?.type ?? 'STANDARD', tags: loaded?.tags ?? [], triggers: [],
  });
  const validation = useValidation(designer);
  const [tab, setTab] = useState<PanelTab>('state');
  const [dialog, setDialog] = useState<'save' | 'run' | 'test' | null>(null);
  const [run, setRun] = useState<string | null>(null);
  const [overlay, setOverlay] = useState<GraphOverlay | undefined>();
  const isChanged = useDraft(designer, saved, initialText);
  const save = useSave(designer, saved, setSaved);
  useLeaveGuard(isChanged);
  useDesignerKeys({ undo: designer.undo, redo: designer.redo, save: () => setDialog('save') });

  const addTrigger = useCallback(() => {
    const trigger = newTrigger(designer);
    designer.setSettings({ triggers: [...designer.settings.triggers, trigger] });
    designer.select(`#trigger/${trigger.id}`);
    setTab('triggers');
  }, [designer]);
  const select = designer.select;
  // What is clicked on the drawing is what one wants to see, unless one looks at the text.
  const selecting: DesignerState = {
    ...designer,
    select: (id) => {
      select(id);
      if (id !== null && tab !== 'definition') setTab('state');
    },
  };
  const discard = (): void => {
    forgetDraft(saved?.name ?? null);
    designer.setText(saved?.definition ?? initialText);
    designer.setSettings({ name: saved?.name ?? '', tags: saved?.tags ?? [], triggers: [] });
    setRestored(false);
  };
  const state = designer.selected === null ? undefined : designer.document?.states.get(designer.selected);
  return (
    <div className="designer">
      <Toolbar designer={designer} validation={validation} saved={saved} isChanged={isChanged}
        onSave={() => setDialog('save')} onRun={() => setDialog('run')} onShowText={() => setTab('definition')} />
      {restored && isChanged && (
        <div className="designer-restored" role="status">
          <span className="grow">
            {saved !== null && draft?.revision !== saved.revision
              ? 'Changes of before were kept in this browser. The machine was saved by somebody else since then; saving shows what differs.'
              : 'Changes of before were kept in this browser.'}
          </span>
          <button type="button" className="designer-add" onClick={discard}>Discard them</button>
          <button type="button" className="designer-add" onClick={() => setRestored(false)}>Go on with them</button>
        </div>
      )}
      <div className={tab === 'definition' ? 'designer-panes designer-panes-text' : 'designer-panes'}>
        <Palette onAdd={(kind) => { addBehind(designer, kind); if (tab !== 'definition') setTab('state'); }} onAddTrigger={addTrigger} />
        <section className="designer-canvas" aria-label="Drawing">
          <Canvas designer={selecting} validation={validation} overlay={run === null ? undefined : overlay} onAddTrigger={addTrigger} />
          {run !== null && saved !== null
            ? <LiveRun machine={saved.name} execution={run} onOverlay={setOverlay} onClose={() => setRun(null)} />
            : <ProblemList validation={validation} designer={selecting} onText={() => setTab('definition')} />}
        </section>
        <SidePanel tab={tab} onTab={setTab} designer={designer} validation={validation} saved={saved?.name ?? null}
          onTest={() => setDialog('test')} onAddTrigger={addTrigger} onSave={() => setDialog('save')} />
      </div>
      {dialog === 'save' && (
        <SaveDialog designer={designer} validation={validation} before={saved?.definition ?? null} onClose={() => setDialog(null)}
          onSave={async () => { await save(); setDialog(null); setRestored(false); }} />
      )}
      {dialog === 'run' && saved !== null && (
        <RunDialog machine={saved.name} isChanged={isChanged} onClose={() => setDialog(null)}
          onStarted={(execution) => { setDialog(null); setRun(execution); }} />
      )}
      {dialog === 'test' && state !== undefined && (
        <TestStateDialog machine={designer.settings.name} definition={designer.text} state={state.name} onClose={() => setDialog(null)} />
      )}
    </div>
  );
}

function newTrigger(designer: DesignerState): DesignerState['settings']['triggers'][number] {
  const { triggers, name } = designer.settings;
  const stem = `${name || 'machine'}-schedule`;
  const taken = new Set(triggers.map((trigger) => trigger.name));
  let free = stem;
  for (let number = 2; taken.has(free); number++) free = `${stem}-${number}`;
  return { id: crypto.randomUUID?.() ?? String(Math.random()).slice(2), name: free, expression: '', zone: '', input: '{}' };
}

/** Keeps what is not saved in this browser; true when there is something. */
function useDraft(designer: DesignerState, saved: SavedMachine | null, initialText: string): boolean {
  const { text, settings } = designer;
  const before = saved?.definition ?? initialText;
  const tags = saved?.tags ?? [];
  const isChanged = text !== before || settings.triggers.length > 0
    || JSON.stringify(settings.tags) !== JSON.stringify(tags) || (saved === null && settings.name !== '');
  const rested = useRested(designer.text, DRAFT_MILLISECONDS);
  const restedSettings = useRested(settings, DRAFT_MILLISECONDS);
  const key = saved?.name ?? null;
  const revision = saved?.revision ?? null;
  useEffect(() => {
    if (isChanged) keepDraft(key, { ...restedSettings, text: rested, revision, at: Date.now() });
    else forgetDraft(key);
  }, [rested, restedSettings, isChanged, key, revision]);
  return isChanged;
}

function useSave(
  designer: DesignerState, saved: SavedMachine | null, setSaved: (machine: SavedMachine) => void,
): () => Promise<void> {
  const [, navigate] = useLocation();
  const client = useQueryClient();
  return async () => {
    const { text, settings } = designer;
    const tags = settings.tags.filter((tag) => tag.key !== '');
    if (saved === null) {
      await createMachine({ name: settings.name, type: settings.type, definition: text, roleArn: defaultRole(), tags });
    } else {
      if (text !== saved.definition) await updateMachine(saved.name, text);
      await setTags(saved.name, saved.tags, tags);
    }
    for (const trigger of settings.triggers) {
      await createSchedule(trigger.name, settings.name, trigger);
      // One that was made is not made again when a later one is refused.
      designer.setSettings({ triggers: settings.triggers.slice(settings.triggers.indexOf(trigger) + 1) });
    }
    void client.invalidateQueries({ queryKey: ['designer-schedules'] });
    toast(saved === null ? `Created ${settings.name}` : `Saved ${settings.name}`);
    forgetDraft(saved?.name ?? null);
    designer.setSettings({ tags, triggers: [] });
    setSaved({ name: settings.name, type: settings.type, definition: text, revision: saved?.revision ?? '', tags });
    if (saved === null) {
      navigate(`/machines/${encodeURIComponent(settings.name)}/edit`, { replace: true });
    }
  };
}
