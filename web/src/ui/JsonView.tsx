import { useState, type ReactNode } from 'react';
import { copy } from './CopyAs';
import { Button, IconButton } from './Button';
import { visible } from './text';
import './JsonView.css';

const shownCharacters = 20_000;

/** A JSON value or text as it was sent, indented and coloured; long ones are shown in part until asked for. */
export function JsonView({ value, label }: { value: unknown; label: string }) {
  const [whole, setWhole] = useState(false);
  const text = asText(value);
  const isLong = text.length > shownCharacters;
  const shown = isLong && !whole ? text.slice(0, shownCharacters) : text;
  return (
    <div className="json-view">
      <IconButton label={`Copy ${label}`} icon="copy" onClick={() => copy(text)} />
      <pre tabIndex={0} aria-label={label}>
        {paint(visible(shown))}
      </pre>
      {isLong && !whole && (
        <Button kind="quiet" onClick={() => setWhole(true)}>
          Show all {text.length.toLocaleString('en-US')} characters
        </Button>
      )}
    </div>
  );
}

/** Text that is JSON is indented; other text stays as it is. */
export function asText(value: unknown): string {
  if (typeof value !== 'string') return value === undefined ? '' : JSON.stringify(value, null, 2);
  const start = value.trimStart()[0];
  // Numbers outside of JavaScript's range would come out changed.
  if ((start === '{' || start === '[') && !/\d{16}/.test(value)) {
    try {
      return JSON.stringify(JSON.parse(value), null, 2);
    } catch {
      return value;
    }
  }
  return value;
}

const token = /("(?:[^"\\\n]|\\.)*")(\s*:)?|\b(true|false|null)\b|-?\b\d+(?:\.\d+)?(?:[eE][+-]?\d+)?\b/g;

function paint(text: string): ReactNode[] {
  const parts: ReactNode[] = [];
  let end = 0;
  for (const match of text.matchAll(token)) {
    if (match.index > end) parts.push(text.slice(end, match.index));
    const kind = match[2] !== undefined ? 'name' : match[1] !== undefined ? 'text' : match[3] ? 'word' : 'number';
    parts.push(
      <span key={match.index} className={`json-${kind}`}>
        {match[1] ?? match[0]}
      </span>,
    );
    if (match[2]) parts.push(match[2]);
    end = match.index + match[0].length;
  }
  parts.push(text.slice(end));
  return parts;
}
