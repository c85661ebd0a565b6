import { useState } from 'react';
import { Button, IconButton } from './Button';
import { visible } from './text';
import './KeyValues.css';

export interface KeyValue {
  key: string;
  value: string;
}

const secretName = /(secret|token|password|passwd|pwd|private|credential|api_?key|_key$|^key$|auth)/i;

/** Whether a value of this name is one that should not be on a screen unasked. */
export function looksSecret(name: string): boolean {
  return secretName.test(name);
}

/** Names with values, to be changed. Values whose names sound secret are shown when asked for. */
export function KeyValues({
  label,
  entries,
  onChange,
  masked,
  keyHint = 'NAME',
  valueHint = 'value',
}: {
  label: string;
  entries: KeyValue[];
  onChange: (entries: KeyValue[]) => void;
  masked?: boolean;
  keyHint?: string;
  valueHint?: string;
}) {
  const [shown, setShown] = useState<ReadonlySet<number>>(new Set());
  const change = (index: number, part: Partial<KeyValue>) =>
    onChange(entries.map((entry, each) => (each === index ? { ...entry, ...part } : entry)));
  const names = entries.map((entry) => entry.key).filter((key) => key !== '');
  return (
    <div className="key-values" role="group" aria-label={label}>
      {entries.map((entry, index) => {
        const isMasked = masked === true && looksSecret(entry.key) && !shown.has(index);
        const isTwice = names.filter((name) => name === entry.key).length > 1;
        return (
          <div key={index} className="key-values-row">
            <input
              className="mono"
              aria-label={`Name ${index + 1}`}
              placeholder={keyHint}
              value={entry.key}
              spellCheck={false}
              aria-invalid={isTwice || undefined}
              title={isTwice ? 'This name is there twice' : undefined}
              onChange={(event) => change(index, { key: event.target.value })}
            />
            <input
              className="mono"
              aria-label={`Value of ${visible(entry.key) || `name ${index + 1}`}`}
              placeholder={valueHint}
              type={isMasked ? 'password' : 'text'}
              value={entry.value}
              spellCheck={false}
              autoComplete="off"
              onChange={(event) => change(index, { value: event.target.value })}
            />
            {masked && looksSecret(entry.key) && (
              <Button
                kind="quiet"
                aria-label={`${isMasked ? 'Show' : 'Hide'} the value of ${entry.key}`}
                onClick={() => setShown(toggled(shown, index))}
              >
                {isMasked ? 'Show' : 'Hide'}
              </Button>
            )}
            <IconButton
              label={`Remove ${entry.key || `line ${index + 1}`}`}
              icon="trash"
              onClick={() => onChange(entries.filter((_, each) => each !== index))}
            />
          </div>
        );
      })}
      <div>
        <Button kind="quiet" icon="plus" onClick={() => onChange([...entries, { key: '', value: '' }])}>
          Add
        </Button>
      </div>
    </div>
  );
}

function toggled(set: ReadonlySet<number>, index: number): ReadonlySet<number> {
  const next = new Set(set);
  if (!next.delete(index)) next.add(index);
  return next;
}
