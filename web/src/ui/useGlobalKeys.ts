import { useEffect, useRef } from 'react';
import { useLocation } from 'wouter';
import { places } from './navigation';

const chordMilliseconds = 1000;

/** Keys that work on every screen: / and Ctrl+K find, ? helps, g and a letter goes to a screen. */
export function useGlobalKeys({ openPalette, openHelp }: { openPalette: () => void; openHelp: () => void }): void {
  const [, navigate] = useLocation();
  const chordAt = useRef(0);
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      if ((event.ctrlKey || event.metaKey) && event.key === 'k') {
        event.preventDefault();
        openPalette();
        return;
      }
      if (
        event.ctrlKey ||
        event.metaKey ||
        event.altKey ||
        isTyping(event.target) ||
        document.querySelector('dialog[open]')
      )
        return;
      if (Date.now() - chordAt.current < chordMilliseconds) {
        chordAt.current = 0;
        const place = places.flatMap((group) => group.places).find((each) => each.key === event.key);
        if (place) {
          event.preventDefault();
          navigate(place.href);
          return;
        }
      }
      if (event.key === 'g') chordAt.current = Date.now();
      if (event.key === '?') openHelp();
      if (event.key === '/') {
        event.preventDefault();
        const filter = document.querySelector<HTMLElement>('[data-search]');
        if (filter) filter.focus();
        else openPalette();
      }
    };
    addEventListener('keydown', pressed);
    return () => removeEventListener('keydown', pressed);
  });
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}
