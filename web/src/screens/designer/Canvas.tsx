import { useState, type DragEvent, type KeyboardEvent, type ReactNode } from 'react';
import { addState, duplicateState, removeState } from '../../asl/operations';
import type { Place } from '../../asl/operations';
import { connect, disconnect, opened, reconnect } from '../../asl/references';
import { ACTION_KINDS } from '../../asl/templates';
import type { ActionKind } from '../../asl/templates';
import type { Point } from '../../graph/drawing';
import { GraphCanvas } from '../../graph/GraphCanvas';
import type { GraphOverlay } from '../../graph/overlay';
import { dropPlace, placeOnEdge } from '../../graph/walk';
import type { DropPlace } from '../../graph/walk';
import { DRAGGED } from './Palette';
import type { DesignerState } from './useDesigner';
import type { Validation } from './useValidation';

/** The drawing that is edited; while a run is followed it shows what that makes of it. */
export function Canvas({ designer, validation, overlay, onAddTrigger, children }: {
  designer: DesignerState; validation: Validation; overlay: GraphOverlay | undefined; onAddTrigger: () => void;
  children?: ReactNode;
}) {
  const [drop, setDrop] = useState<DropPlace | null>(null);
  const { drawing, document } = designer;
  if (drawing === null || document === null) {
    return <p className="designer-nothing">The definition is no JSON yet. Mend it on the tab Definition, and it is drawn here.</p>;
  }
  const dragged = (event: DragEvent, at: Point): void => {
    if (!event.dataTransfer.types.includes(DRAGGED)) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = 'copy';
    const next = dropPlace(drawing, at);
    if (next.highlight !== drop?.highlight) setDrop(next);
  };
  const dropped = (event: DragEvent, at: Point): void => {
    const id = event.dataTransfer.getData(DRAGGED);
    setDrop(null);
    if (id === '') return;
    event.preventDefault();
    const kind = ACTION_KINDS.find((known) => known.id === id);
    if (kind === undefined) onAddTrigger();
    else designer.edit((text) => addState(text, kind, dropPlace(drawing, at).place));
  };
  const joined = (from: string, to: string): void => {
    const [source, target] = [document.states.get(from), document.states.get(to)];
    if (source === undefined || target === undefined || source.scope !== target.scope) return;
    designer.edit((text) => connect(text, from, target.name, source.type === 'Choice' ? 'choice' : 'next'));
  };
  return (
    <GraphCanvas drawing={drawing} label={`Drawing of ${designer.settings.name || 'the new machine'}`}
      selected={designer.selected} onSelect={designer.select} overlay={overlay} problems={validation.marks}
      highlight={drop?.highlight ?? null}
      edit={{
        onConnect: joined, onDragOver: dragged, onDragLeave: () => setDrop(null), onDrop: dropped,
        onKey: (event) => canvasKey(event, designer),
      }}>
      {children}
    </GraphCanvas>
  );
}

function canvasKey(event: KeyboardEvent, designer: DesignerState): void {
  if (event.key === 'Delete' || event.key === 'Backspace') {
    event.preventDefault();
    removeSelected(designer);
  }
  const { selected, document } = designer;
  if ((event.ctrlKey || event.metaKey) && event.key === 'd' && selected !== null && document?.states.has(selected)) {
    event.preventDefault();
    designer.edit((text) => duplicateState(text, selected));
  }
}

export function removeSelected(designer: DesignerState): void {
  const { selected, document, settings } = designer;
  if (selected === null || document === null) return;
  if (selected.startsWith('#trigger/')) {
    designer.setSettings({ triggers: settings.triggers.filter((trigger) => `#trigger/${trigger.id}` !== selected) });
  } else if (document.states.has(selected)) {
    designer.edit((text) => removeState(text, selected));
  } else if (!selected.endsWith('>')) {
    designer.edit((text) => ({ text: disconnect(text, selected), id: null }));
  }
}

/** Adds behind what is selected: into a way, behind a state; else where the machine ends. */
export function addBehind(designer: DesignerState, kind: ActionKind): void {
  designer.edit((text) => addState(text, kind, placeOf(designer, text)));
}

function placeOf(designer: DesignerState, text: string): Place {
  const { selected, drawing } = designer;
  const document = opened(text);
  if (selected !== null && document.states.has(selected)) return { after: selected };
  const edge = drawing?.edges.find((known) => known.id === selected);
  return edge === undefined ? { scope: '' } : placeOnEdge(edge);
}

/** Lets a way lead elsewhere. */
export function redirectWay(designer: DesignerState, id: string, to: string): void {
  const edge = [...designer.document!.states.values()].flatMap((state) => state.edges).find((known) => known.id === id);
  if (edge !== undefined) designer.edit((text) => reconnect(text, edge.path, to));
}
