import { cloneElement, useId, type ReactElement, type ReactNode } from 'react';
import './Field.css';

interface FieldTies {
  id?: string;
  'aria-describedby'?: string;
  'aria-invalid'?: boolean;
}

/**
 * What names a field, and what is to be known of it or is wrong with it. The field gets the ids that tie them together: an
 * element by itself, a function when the field is not the outermost element.
 */
export function Field({
  label,
  hint,
  error,
  children,
  inline,
}: {
  label: ReactNode;
  hint?: ReactNode;
  error?: string | null;
  inline?: boolean;
  children: ReactElement<FieldTies> | ((ties: FieldTies) => ReactNode);
}) {
  const id = useId();
  const described = error || hint ? `${id}-note` : undefined;
  const ties: FieldTies = {
    id,
    ...(described ? { 'aria-describedby': described } : {}),
    ...(error ? { 'aria-invalid': true } : {}),
  };
  return (
    <div className={inline ? 'field field-inline' : 'field'}>
      <label htmlFor={id}>{label}</label>
      {typeof children === 'function' ? children(ties) : cloneElement(children, ties)}
      {(error || hint) && (
        <div id={described} className={error ? 'field-note field-error' : 'field-note'}>
          {error || hint}
        </div>
      )}
    </div>
  );
}

/** A choice of two, with what it means. */
export function Toggle({
  label,
  hint,
  checked,
  onChange,
  disabled,
}: {
  label: ReactNode;
  hint?: ReactNode;
  checked: boolean;
  onChange: (checked: boolean) => void;
  disabled?: boolean;
}) {
  const id = useId();
  return (
    <div className="field-toggle">
      <input
        id={id}
        type="checkbox"
        checked={checked}
        disabled={disabled}
        onChange={(event) => onChange(event.target.checked)}
        aria-describedby={hint ? `${id}-note` : undefined}
      />
      <div>
        <label htmlFor={id}>{label}</label>
        {hint && (
          <p id={`${id}-note`} className="field-note">
            {hint}
          </p>
        )}
      </div>
    </div>
  );
}
