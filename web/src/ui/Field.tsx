import { cloneElement, useId, type ReactElement, type ReactNode } from 'react';
import './Field.css';

/** A control with its name above and, below, what it means or what is wrong with it. */
export function Field({ label, hint, problem, children }: {
  label: string; hint?: ReactNode; problem?: string | null;
  children: ReactElement<{ id?: string; 'aria-describedby'?: string; 'aria-invalid'?: boolean }>;
}) {
  const id = useId();
  const says = problem ?? hint;
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {cloneElement(children, {
        id, ...(says ? { 'aria-describedby': `${id}-says` } : {}), ...(problem ? { 'aria-invalid': true } : {}),
      })}
      {says && <div id={`${id}-says`} className={problem ? 'field-problem' : 'field-hint'}>{says}</div>}
    </div>
  );
}

/** A box to tick with its sentence beside it. */
export function Check({ label, hint, checked, onChange, disabled }: {
  label: string; hint?: string; checked: boolean; onChange: (checked: boolean) => void; disabled?: boolean;
}) {
  const id = useId();
  return (
    <div className="field-check">
      <input id={id} type="checkbox" checked={checked} disabled={disabled}
        onChange={(event) => onChange(event.target.checked)} />
      <div>
        <label htmlFor={id}>{label}</label>
        {hint && <div className="field-hint">{hint}</div>}
      </div>
    </div>
  );
}
