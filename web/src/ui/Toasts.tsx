import { useSyncExternalStore } from 'react';
import { IconButton } from './Button';
import { Icon } from './Icon';
import './Toasts.css';

interface Toast {
  id: number;
  tone: 'good' | 'bad';
  text: string;
}

const shownMilliseconds = 6000;
let toasts: Toast[] = [];
let lastId = 0;
const listeners = new Set<() => void>();

/** Says what was done, or what failed, at the edge of the page. */
export function toast(text: string, tone: Toast['tone'] = 'good'): void {
  const id = ++lastId;
  change([...toasts.slice(-3), { id, tone, text }]);
  // What failed stays until somebody has read it.
  if (tone === 'good') setTimeout(() => dismiss(id), shownMilliseconds);
}

export function toastError(error: unknown): void {
  toast(error instanceof Error ? error.message : String(error), 'bad');
}

function dismiss(id: number): void {
  change(toasts.filter((each) => each.id !== id));
}

function change(next: Toast[]): void {
  toasts = next;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function Toasts() {
  const shown = useSyncExternalStore(subscribe, () => toasts);
  return (
    <div className="toasts" role="status" aria-live="polite">
      {shown.map((each) => (
        <div key={each.id} className={`toast toast-${each.tone}`}>
          <Icon name={each.tone === 'good' ? 'check' : 'error'} />
          <span className="grow">{each.text}</span>
          <IconButton label="Dismiss" icon="cross" onClick={() => dismiss(each.id)} />
        </div>
      ))}
    </div>
  );
}
