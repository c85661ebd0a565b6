import { useEffect, useMemo, useRef, useState } from 'react';
import type { MachineDocument } from '../asl/document';
import type { Drawing, DrawnTrigger } from './drawing';
import { layout } from './layout';

// Up to here a layout takes less time than a person sees.
const SMALL_STATES = 80;
const none: readonly DrawnTrigger[] = [];

/**
 * The drawing of a document. Of a small one it is there at once; of a large one it is made beside the page, and until
 * it is there the one before is shown, null at first.
 */
export function useDrawing(document: MachineDocument | null, triggers: readonly DrawnTrigger[] = none): Drawing | null {
  const isLarge = document !== null && document.states.size > SMALL_STATES;
  const small = useMemo(
    () => (document === null || isLarge ? null : layout(document, triggers)),
    [document, isLarge, triggers],
  );
  const large = useLargeDrawing(isLarge ? document.text : null, triggers);
  return isLarge ? large : small;
}

function useLargeDrawing(text: string | null, triggers: readonly DrawnTrigger[]): Drawing | null {
  const worker = useRef<Worker | null>(null);
  const last = useRef(0);
  const [drawing, setDrawing] = useState<Drawing | null>(null);
  useEffect(
    () => () => {
      worker.current?.terminate();
      worker.current = null;
    },
    [],
  );
  useEffect(() => {
    if (text === null) return;
    worker.current ??= begin((id, made) => {
      // Of several that were asked for, the last one counts.
      if (id === last.current) setDrawing(made);
    });
    last.current += 1;
    worker.current.postMessage({ id: last.current, text, triggers });
  }, [text, triggers]);
  return text === null ? null : drawing;
}

function begin(take: (id: number, drawing: Drawing | null) => void): Worker {
  const worker = new Worker(new URL('./layoutWorker.ts', import.meta.url), { type: 'module' });
  worker.addEventListener('message', (event: MessageEvent<{ id: number; drawing: Drawing | null }>) =>
    take(event.data.id, event.data.drawing),
  );
  return worker;
}
