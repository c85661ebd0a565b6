import { useCallback, useDeferredValue, useEffect, useMemo, useRef, useState } from 'react';
import type { MachineDocument } from '../../asl/document';
import { readDocument } from '../../asl/document';
import { begin, record, redo, undo } from '../../asl/history';
import type { TextHistory } from '../../asl/history';
import type { TextProblem } from '../../asl/json';
import type { Edited } from '../../asl/operations';
import { useDefinition } from '../../graph/MachineGraph';
import { layout } from '../../graph/layout';
import type { Drawing } from '../../graph/drawing';
import { toastError } from '../../ui/Toasts';
import type { MachineSettings } from './draft';

/** What parts of the designer share. */
export interface DesignerState {
  text: string;
  /** The last document that the text was; null when it never was one. */
  document: MachineDocument | null;
  drawing: Drawing | null;
  /** What is wrong with the text as JSON. */
  textProblems: TextProblem[];
  /** The id of a state, a way or a trigger that is there. */
  selected: string | null;
  settings: MachineSettings;
  canUndo: boolean;
  canRedo: boolean;
  select: (id: string | null) => void;
  /** Does an edit of the drawing; refused while the text is no JSON. */
  edit: (change: (text: string) => Edited | string, group?: string) => void;
  /** Typing in the definition. */
  setText: (text: string) => void;
  setSettings: (change: Partial<MachineSettings>) => void;
  undo: () => void;
  redo: () => void;
}

export function useDesigner(initialText: string, initialSettings: MachineSettings): DesignerState {
  const [history, setHistory] = useState<TextHistory>(() => begin(initialText));
  const [settings, changeSettings] = useState(initialSettings);
  const { text } = history.now;
  const document = useDefinition(text);
  const textProblems = useMemo(() => readDocument(text).problems, [text]);
  const isReadable = useRef(true);
  isReadable.current = textProblems.length === 0;
  const drawing = useDrawing(document, settings);
  const selected = drawing !== null && isThere(drawing, history.now.selected) ? history.now.selected : null;

  const select = useCallback((id: string | null) =>
    setHistory((current) => ({ ...current, now: { ...current.now, selected: id }, group: null })), []);
  const edit = useCallback((change: (text: string) => Edited | string, group?: string) => {
    if (!isReadable.current) {
      toastError(new Error('The definition has a syntax error; mend it first, then the drawing can be edited.'));
      return;
    }
    setHistory((current) => {
      try {
        const edited = change(current.now.text);
        const next = typeof edited === 'string' ? { text: edited, id: current.now.selected } : edited;
        return record(current, { text: next.text, selected: next.id }, group ?? null);
      } catch (error) {
        // The place was gone before the edit came to it, as when two keys are pressed at once.
        queueMicrotask(() => toastError(error));
        return current;
      }
    });
  }, []);
  return {
    text, document, drawing, textProblems, selected, settings,
    canUndo: history.past.length > 0,
    canRedo: history.future.length > 0,
    select, edit,
    setText: useCallback((next: string) =>
      setHistory((current) => record(current, { text: next, selected: current.now.selected }, 'typing')), []),
    setSettings: useCallback((change) => changeSettings((current) => ({ ...current, ...change })), []),
    undo: useCallback(() => setHistory(undo), []),
    redo: useCallback(() => setHistory(redo), []),
  };
}

function isThere(drawing: Drawing, id: string | null): boolean {
  return id !== null && (drawing.nodes.some((node) => node.id === id) || drawing.edges.some((edge) => edge.id === id));
}

// A large drawing takes a moment; typing does not wait for it.
function useDrawing(document: MachineDocument | null, settings: MachineSettings): Drawing | null {
  const { triggers } = settings;
  const deferred = useDeferredValue(document);
  return useMemo(() => (deferred === null ? null : layout(deferred, triggers.map((trigger) => ({
    id: `#trigger/${trigger.id}`,
    title: trigger.name,
    subtitle: trigger.expression === '' ? 'no time yet' : trigger.expression,
  })))), [deferred, triggers]);
}

/** A value that follows another when that one has rested. */
export function useRested<T>(value: T, milliseconds: number): T {
  const [rested, setRested] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setRested(value), milliseconds);
    return () => clearTimeout(timer);
  }, [value, milliseconds]);
  return rested;
}
