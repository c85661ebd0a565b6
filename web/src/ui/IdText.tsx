import { IconButton } from './Button';
import { copy } from './CopyAs';
import './IdText.css';

/** An id, with a button that copies it. */
export function IdText({ id, label = 'Copy the id' }: { id: string; label?: string }) {
  return (
    <span className="id-text">
      <span className="mono">{id}</span>
      <IconButton label={label} icon="copy" onClick={() => copy(id)} />
    </span>
  );
}
