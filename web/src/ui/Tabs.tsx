import { useRef, type KeyboardEvent, type ReactNode } from 'react';
import { useUrlState } from './useUrlState';
import './Tabs.css';

export interface Tab {
  id: string;
  label: string;
  /** A number beside the label, such as how many there are. */
  count?: number;
  content: () => ReactNode;
}

/** Parts of a screen of which one is shown. Which one is in the address (?tab=). */
export function Tabs({ tabs, label, name = 'tab' }: { tabs: Tab[]; label: string; name?: string }) {
  const [chosen, choose] = useUrlState(name, tabs[0]?.id ?? '');
  const list = useRef<HTMLDivElement>(null);
  const active = tabs.find((tab) => tab.id === chosen) ?? tabs[0];
  const move = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (!step || !active) return;
    const next = tabs[(tabs.indexOf(active) + step + tabs.length) % tabs.length]!;
    choose(next.id);
    list.current?.querySelector<HTMLElement>(`[data-tab="${next.id}"]`)?.focus();
  };
  return (
    <div className="stack-large">
      <div className="tabs" role="tablist" aria-label={label} ref={list} onKeyDown={move}>
        {tabs.map((tab) => (
          <button
            key={tab.id}
            type="button"
            role="tab"
            data-tab={tab.id}
            id={`${name}-${tab.id}`}
            className="tabs-tab"
            aria-selected={tab === active}
            aria-controls={`${name}-panel`}
            tabIndex={tab === active ? 0 : -1}
            onClick={() => choose(tab.id)}
          >
            {tab.label}
            {tab.count !== undefined && <span className="tabs-count">{tab.count}</span>}
          </button>
        ))}
      </div>
      <div
        role="tabpanel"
        id={`${name}-panel`}
        aria-labelledby={`${name}-${active?.id}`}
        tabIndex={-1}
        className="tabs-panel"
      >
        {active?.content()}
      </div>
    </div>
  );
}
