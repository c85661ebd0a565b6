import { useEffect, useId, useRef, useState, type ReactNode } from 'react';
import { useLocation } from 'wouter';
import { Button } from './Button';
import { useUrlState } from './useUrlState';
import './FilterBar.css';

const typingMilliseconds = 350;

/** What a list is narrowed by. The values are in the address. `names` are those that "Clear" takes out. */
export function FilterBar({ label, names, children }: { label: string; names: string[]; children: ReactNode }) {
  const [path, navigate] = useLocation();
  const parameters = new URLSearchParams(location.search);
  const isNarrowed = names.some((name) => parameters.has(name));
  const clear = () => {
    for (const name of names) parameters.delete(name);
    const text = parameters.toString();
    navigate(path + (text ? `?${text}` : ''), { replace: true });
  };
  return (
    <div className="filter-bar" role="search" aria-label={label}>
      {children}
      {isNarrowed && (
        <Button kind="quiet" icon="cross" onClick={clear}>
          Clear
        </Button>
      )}
    </div>
  );
}

/** A text; the list follows when typing pauses. `suggestions` are offered and not demanded. */
export function FilterText({
  name,
  label,
  placeholder,
  suggestions,
  search,
  width = 160,
  inputMode,
}: {
  name: string;
  label: string;
  placeholder?: string;
  suggestions?: string[];
  width?: number;
  inputMode?: 'numeric';
  /** The / key goes here. */
  search?: boolean;
}) {
  const [value, setValue] = useUrlState(name);
  const [text, setText] = useState(value);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const listId = useId();
  useEffect(() => {
    setText(value);
    return () => clearTimeout(timer.current);
  }, [value]);
  const commit = (next: string) => {
    clearTimeout(timer.current);
    if (next.trim() !== value) setValue(next.trim());
  };
  return (
    <>
      <input
        value={text}
        aria-label={label}
        placeholder={placeholder ?? label}
        style={{ width }}
        spellCheck={false}
        autoComplete="off"
        list={suggestions ? listId : undefined}
        data-search={search || undefined}
        inputMode={inputMode}
        onChange={(event) => {
          const next = event.target.value;
          setText(next);
          clearTimeout(timer.current);
          timer.current = setTimeout(() => commit(next), typingMilliseconds);
        }}
        onBlur={() => commit(text)}
        onKeyDown={(event) => {
          if (event.key === 'Enter') commit(text);
          if (event.key === 'Escape') event.currentTarget.blur();
        }}
      />
      {suggestions && (
        <datalist id={listId}>
          {suggestions.map((each) => (
            <option key={each} value={each} />
          ))}
        </datalist>
      )}
    </>
  );
}

/** One of several; the first one is what is meant when nothing is chosen. */
export function FilterSelect({
  name,
  label,
  options,
  fallback = '',
}: {
  name: string;
  label: string;
  options: Array<[value: string, text: string]>;
  fallback?: string;
}) {
  const [value, setValue] = useUrlState(name, fallback);
  return (
    <select
      aria-label={label}
      value={value}
      onChange={(event) => setValue(event.target.value)}
      className={value === fallback ? undefined : 'filter-bar-set'}
    >
      {options.map(([each, text]) => (
        <option key={each} value={each}>
          {text}
        </option>
      ))}
      {!options.some(([each]) => each === value) && <option value={value}>{value}</option>}
    </select>
  );
}

/** The same as a row of buttons, for the few values that are changed most. */
export function FilterSegments({
  name,
  label,
  options,
  fallback = '',
}: {
  name: string;
  label: string;
  options: Array<[value: string, text: string]>;
  fallback?: string;
}) {
  const [value, setValue] = useUrlState(name, fallback);
  return (
    <div className="filter-bar-segments" role="group" aria-label={label}>
      {options.map(([each, text]) => (
        <button key={each} type="button" aria-pressed={each === value} onClick={() => setValue(each)}>
          {text}
        </button>
      ))}
    </div>
  );
}

/** How far back; absolute times come by links and are shown as they are. */
export function FilterSince({ fallback = '' }: { fallback?: string }) {
  return (
    <FilterSelect
      name="since"
      label="Since"
      fallback={fallback}
      options={[
        ['', 'Any time'],
        ['15m', 'Last 15 minutes'],
        ['1h', 'Last hour'],
        ['6h', 'Last 6 hours'],
        ['1d', 'Last day'],
        ['7d', 'Last 7 days'],
      ]}
    />
  );
}
