import { useEffect, useId, useMemo, useRef, useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import { useLocation } from 'wouter';
import { findables, type Findable } from '../api/findables';
import { useSession } from '../session/useSession';
import { Icon } from './Icon';
import { places } from './navigation';
import './CommandPalette.css';

const shownMax = 12;

/** Goes to a screen, a function, a queue, a workflow, or to what an id is of. */
export function CommandPalette({ open, onClose }: { open: boolean; onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [text, setText] = useState('');
  const [active, setActive] = useState(0);
  const [, navigate] = useLocation();
  const session = useSession();
  const listId = useId();
  const { data } = useQuery({
    queryKey: ['findables'],
    queryFn: ({ signal }) => findables(signal),
    enabled: open && session !== null,
  });
  useEffect(() => {
    if (open && !dialog.current?.open) dialog.current?.showModal();
    if (!open) dialog.current?.close();
    setText('');
    setActive(0);
  }, [open]);
  const found = useMemo(() => find(text, [...screens(), ...(data ?? [])]), [text, data]);
  const go = (item: Findable | undefined) => {
    if (!item) return;
    onClose();
    navigate(item.href);
  };
  return (
    <dialog
      ref={dialog}
      className="palette"
      aria-label="Find anything"
      onClose={onClose}
      onClick={(event) => event.target === dialog.current && onClose()}
    >
      {open && (
        <div>
          <div className="palette-field">
            <Icon name="search" />
            <input
              value={text}
              placeholder="A screen, a name, a request id, a trace id …"
              aria-label="Find"
              role="combobox"
              aria-expanded="true"
              aria-controls={listId}
              aria-activedescendant={`${listId}-${active}`}
              autoFocus
              onChange={(event) => {
                setText(event.target.value);
                setActive(0);
              }}
              onKeyDown={(event) => {
                if (event.key === 'ArrowDown') setActive(Math.min(active + 1, found.length - 1));
                else if (event.key === 'ArrowUp') setActive(Math.max(active - 1, 0));
                else if (event.key === 'Enter') go(found[active]);
                else return;
                event.preventDefault();
              }}
            />
          </div>
          <ul id={listId} role="listbox" aria-label="Found" className="palette-list">
            {found.map((item, index) => (
              <li
                key={`${item.kind}${item.href}`}
                id={`${listId}-${index}`}
                role="option"
                aria-selected={index === active}
                onMouseMove={() => setActive(index)}
                onClick={() => go(item)}
              >
                <Icon name={item.icon} />
                <span className="grow ellipsis">{item.label}</span>
                <span className="faint">{item.kind}</span>
              </li>
            ))}
            {found.length === 0 && <li className="palette-none faint">Nothing is called that.</li>}
          </ul>
        </div>
      )}
    </dialog>
  );
}

function screens(): Findable[] {
  return places.flatMap((group) => group.places).map((place) => ({ ...place, kind: 'screen' }));
}

/** Names that begin with the text first, then those that contain it, then what the text may be the id of. */
export function find(text: string, items: Findable[]): Findable[] {
  const wanted = text.trim().toLowerCase();
  const begins = items.filter((item) => item.label.toLowerCase().startsWith(wanted));
  const contains = items.filter((item) => !begins.includes(item) && item.label.toLowerCase().includes(wanted));
  return [...begins, ...contains, ...idsOf(text.trim())].slice(0, shownMax);
}

function idsOf(text: string): Findable[] {
  if (/^[0-9a-f]{32}$/i.test(text)) {
    return [{ label: text, kind: 'trace', icon: 'trace', href: `/traces/${text.toLowerCase()}` }];
  }
  return /^[0-9a-f]{8}-[0-9a-f-]{20,}$/i.test(text)
    ? [
        { label: text, kind: 'invocation', icon: 'invocation', href: `/invocations/${encodeURIComponent(text)}` },
        { label: text, kind: 'log of the request', icon: 'log', href: `/logs?request=${encodeURIComponent(text)}` },
      ]
    : [];
}
