import { useState } from 'react';
import { Button, IconButton } from '../../ui/Button';
import { Icon } from '../../ui/Icon';
import { visible } from '../../ui/text';
import { treeOf, wrongName } from './packageFiles';

/** The files of a package below their folders. */
export function CodeTree({
  names,
  open,
  changed,
  onOpen,
  onAdd,
  onRemove,
}: {
  names: string[];
  open: string;
  changed: ReadonlySet<string>;
  onOpen: (name: string) => void;
  onAdd: (name: string) => void;
  onRemove: (name: string) => void;
}) {
  const [closed, setClosed] = useState<ReadonlySet<string>>(
    () =>
      new Set(
        treeOf(names)
          .filter((line) => /(^|\/)node_modules\/$/.test(line.name))
          .map((line) => line.name),
      ),
  );
  const [adding, setAdding] = useState<string | null>(null);
  const wrong = adding === null ? null : wrongName(adding, names);
  const toggle = (folder: string) => {
    const next = new Set(closed);
    if (!next.delete(folder)) next.add(folder);
    setClosed(next);
  };
  return (
    <nav className="code-tree" aria-label="Files">
      <ul>
        {treeOf(names, closed).map((line) => (
          <li
            key={line.name}
            style={{ paddingLeft: line.depth * 14 }}
            className={line.name === open ? 'code-tree-line code-tree-open' : 'code-tree-line'}
          >
            <button
              type="button"
              aria-current={line.name === open || undefined}
              aria-expanded={line.isFolder ? !closed.has(line.name) : undefined}
              onClick={() => (line.isFolder ? toggle(line.name) : onOpen(line.name))}
            >
              <Icon name={line.isFolder ? (closed.has(line.name) ? 'right' : 'down') : 'code'} size={12} />
              <span className="ellipsis">{visible(line.label)}</span>
              {changed.has(line.name) && (
                <span className="code-tree-changed" title="Changed">
                  ●<span className="visually-hidden"> changed</span>
                </span>
              )}
            </button>
            {!line.isFolder && names.length > 1 && (
              <IconButton
                label={`Remove ${line.name}`}
                icon="trash"
                className="code-tree-remove"
                onClick={() => onRemove(line.name)}
              />
            )}
          </li>
        ))}
      </ul>
      {adding === null ? (
        <Button kind="quiet" icon="plus" onClick={() => setAdding('')}>
          New file
        </Button>
      ) : (
        <form
          className="stack"
          onSubmit={(event) => {
            event.preventDefault();
            if (wrong) return;
            onAdd(adding);
            setAdding(null);
          }}
        >
          <input
            aria-label="Name of the new file"
            className="mono"
            placeholder="folder/file.py"
            value={adding}
            autoFocus
            aria-invalid={(adding !== '' && wrong !== null) || undefined}
            title={wrong ?? undefined}
            onChange={(event) => setAdding(event.target.value)}
            onKeyDown={(event) => event.key === 'Escape' && setAdding(null)}
          />
          {adding !== '' && wrong && <p className="field-note field-error">{wrong}</p>}
          <div className="row">
            <Button type="submit" disabled={wrong !== null}>
              Add
            </Button>
            <Button kind="quiet" onClick={() => setAdding(null)}>
              Cancel
            </Button>
          </div>
        </form>
      )}
    </nav>
  );
}
