import { useEffect, useRef } from 'react';

const QUESTION = 'There are changes that are not saved. They are kept in this browser as a draft. Leave the designer?';

/** Asks before changes are left behind: when the window closes, and when a link leads to another screen. */
export function useLeaveGuard(isChanged: boolean): void {
  const guarded = useRef(isChanged);
  guarded.current = isChanged;
  useEffect(() => {
    const closing = (event: BeforeUnloadEvent): void => {
      if (guarded.current) event.preventDefault();
    };
    const clicked = (event: MouseEvent): void => {
      const link = (event.target as Element | null)?.closest?.('a[href]');
      const isElsewhere = link !== null && link !== undefined && !link.getAttribute('href')!.startsWith('#')
        && link.getAttribute('target') !== '_blank' && !event.ctrlKey && !event.metaKey;
      if (!guarded.current || !isElsewhere || window.confirm(QUESTION)) return;
      event.preventDefault();
      event.stopPropagation();
    };
    addEventListener('beforeunload', closing);
    addEventListener('click', clicked, true);
    return () => {
      removeEventListener('beforeunload', closing);
      removeEventListener('click', clicked, true);
    };
  }, []);
}

/** Keys that hold on the whole screen, except where a text is typed that has an undo of its own. */
export function useDesignerKeys(actions: { undo: () => void; redo: () => void; save: () => void }): void {
  const latest = useRef(actions);
  latest.current = actions;
  useEffect(() => {
    const pressed = (event: KeyboardEvent): void => {
      if (!(event.ctrlKey || event.metaKey) || document.querySelector('dialog[open]') !== null) return;
      const key = event.key.toLowerCase();
      if (key === 's') {
        event.preventDefault();
        latest.current.save();
        return;
      }
      if (isTyping(event.target)) return;
      if (key === 'y' || (key === 'z' && event.shiftKey)) {
        event.preventDefault();
        latest.current.redo();
      } else if (key === 'z') {
        event.preventDefault();
        latest.current.undo();
      }
    };
    addEventListener('keydown', pressed);
    return () => removeEventListener('keydown', pressed);
  }, []);
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
}
