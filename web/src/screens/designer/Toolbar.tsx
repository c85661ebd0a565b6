import { useRef } from 'react';
import { Link } from 'wouter';
import { Badge } from '../../ui/Badge';
import { Button, ButtonLink, IconButton } from '../../ui/Button';
import { toast, toastError } from '../../ui/Toasts';
import type { SavedMachine } from './index';
import type { DesignerState } from './useDesigner';
import type { Validation } from './useValidation';

const FILE_BYTES_MAX = 1024 * 1024;

/** What is done with the machine as a whole. */
export function Toolbar({ designer, validation, saved, isChanged, onSave, onRun, onShowText }: {
  designer: DesignerState; validation: Validation; saved: SavedMachine | null; isChanged: boolean;
  onSave: () => void; onRun: () => void; onShowText: () => void;
}) {
  const name = designer.settings.name || 'New machine';
  return (
    <header className="designer-bar">
      <div className="designer-title">
        <nav aria-label="Where this is" className="page-crumbs">
          <Link href="/machines">Workflows</Link> /{' '}
          {saved !== null && <Link href={`/machines/${encodeURIComponent(saved.name)}`}>{saved.name}</Link>}
          {saved === null && 'new'}
        </nav>
        <h1 className="ellipsis">{name}</h1>
      </div>
      <Verdict validation={validation} onShow={onShowText} />
      {isChanged && <Badge tone="warn">not saved</Badge>}
      <span className="grow" />
      <span className="designer-tools">
        <IconButton label="Undo" icon="left" disabled={!designer.canUndo} onClick={designer.undo} />
        <IconButton label="Redo" icon="right" disabled={!designer.canRedo} onClick={designer.redo} />
        <ImportButton designer={designer} />
        <IconButton label="Export" icon="download" onClick={() => download(`${designer.settings.name || 'machine'}.asl.json`, designer.text)} />
      </span>
      {saved !== null && <ButtonLink href={`/machines/${encodeURIComponent(saved.name)}`}>Executions</ButtonLink>}
      <Button icon="play" disabled={saved === null} title={saved === null ? 'Save it first' : undefined} onClick={onRun}>Run</Button>
      <Button kind="primary" onClick={onSave} data-testid="save">{saved === null ? 'Create' : 'Save'}</Button>
    </header>
  );
}

function Verdict({ validation, onShow }: { validation: Validation; onShow: () => void }) {
  const errors = validation.problems.filter((problem) => problem.severity === 'ERROR').length;
  const warnings = validation.problems.length - errors;
  switch (validation.state) {
    case 'checking':
      return <span data-testid="verdict"><Badge tone="neutral" pulse>checking</Badge></span>;
    case 'unknown':
      return <span data-testid="verdict"><Badge tone="warn" title={String(validation.error)}>could not be checked</Badge></span>;
    case 'valid':
      return <span data-testid="verdict"><Badge tone="good">{warnings > 0 ? `valid, ${warnings} to look at` : 'valid'}</Badge></span>;
    default:
      return (
        <button type="button" className="designer-verdict" data-testid="verdict" onClick={onShow}>
          <Badge tone="bad">{errors === 1 ? '1 error' : `${errors} errors`}</Badge>
        </button>
      );
  }
}

function ImportButton({ designer }: { designer: DesignerState }) {
  const input = useRef<HTMLInputElement>(null);
  const read = async (file: File | undefined): Promise<void> => {
    if (file === undefined) return;
    if (file.size > FILE_BYTES_MAX) {
      toastError(new Error(`${file.name} is larger than a definition may be: 1 MiB`));
      return;
    }
    designer.setText(await file.text());
    toast(`${file.name} is in the designer; Undo brings back what was there`);
  };
  return (
    <>
      <input ref={input} type="file" accept=".json,.asl,.asl.json,application/json" hidden aria-label="File to import"
        data-testid="import-file"
        onChange={(event) => {
          void read(event.target.files?.[0]).catch(toastError);
          event.target.value = '';
        }} />
      <IconButton label="Import" icon="upload" onClick={() => input.current?.click()} />
    </>
  );
}

function download(name: string, text: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  // The guard asks at links that lead away; this one does not.
  link.target = '_blank';
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
