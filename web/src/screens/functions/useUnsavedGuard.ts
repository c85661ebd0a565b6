import { useEffect } from 'react';

const question = 'What you changed is not saved. Leave it?';

/**
 * Asks before what is unsaved is left: the browser does for its own ways out, this for links of the page and for going
 * back within it.
 */
export function useUnsavedGuard(isUnsaved: boolean): void {
  useEffect(() => {
    if (!isUnsaved) return;
    const leaving = (event: BeforeUnloadEvent) => event.preventDefault();
    const pressed = (event: MouseEvent) => {
      const link = (event.target as HTMLElement).closest?.('a[href]');
      if (!link || link.getAttribute('target') === '_blank' || event.ctrlKey || event.metaKey) return;
      if (!window.confirm(question)) {
        event.preventDefault();
        event.stopPropagation();
      }
    };
    addEventListener('beforeunload', leaving);
    // Before the links' own handlers.
    document.addEventListener('click', pressed, true);
    return () => {
      removeEventListener('beforeunload', leaving);
      document.removeEventListener('click', pressed, true);
    };
  }, [isUnsaved]);
}
