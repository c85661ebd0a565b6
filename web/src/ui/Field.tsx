import { useId, type ReactNode } from 'react';
import './Field.css';

/** What names a field, and what is to be known of it; the field itself gets the ids that tie them together. */
export function Field({ label, hint, error, children, inline }: {
  label: ReactNode; hint?: ReactNode; error?: string | null; inline?: boolean;
  children: (field: { id: string; 'aria-describedby'?: string; 'aria-invalid'?: boolean }) => ReactNode;
}) {
  const id = useId();
  const described = error || hint ? `${id}-note` : undefined;
  return (
    <div className={inline ? 'field field-inline' : 'field'}>
      <label htmlFor={id}>{label}</label>
      {children({ id, 'aria-describedby': described, 'aria-invalid': error ? true : undefined })}
      {(error || hint) && <p id={described} className={error ? 'field-note field-error' : 'field-note'}>{error || hint}</p>}
    </div>
  );
}

/** A choice of two, with what it means. */
export function Toggle({ label, hint, checked, onChange, disabled }: {
  label: ReactNode; hint?: ReactNode; checked: boolean; onChange: (checked: boolean) => void; disabled?: boolean;
}) {
  const id = useId();
  return (
    <div className="field-toggle">
      <input id={id} type="checkbox" checked={checked} disabled={disabled} onChange={(event) => onChange(event.target.checked)}
        aria-describedby={hint ? `${id}-note` : undefined} />
      <div>
        <label htmlFor={id}>{label}</label>
        {hint && <p id={`${id}-note`} className="field-note">{hint}</p>}
      </div>
    </div>
  );
}
