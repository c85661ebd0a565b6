import { createContext, useContext, useEffect, useId, useMemo, useState, type ReactNode } from 'react';
import { getNodeValue } from 'jsonc-parser';
import type { MachineDocument, MachineState } from '../../asl/document';
import { sliceOf, written } from '../../asl/edits';
import { nodeAt, parseJson } from '../../asl/json';
import type { JsonPath } from '../../asl/json';
import type { LocatedProblem } from '../../asl/locations';
import { setField } from '../../asl/operations';
import { CodeEditor } from '../../ui/CodeEditor';
import type { DesignerState } from './useDesigner';

/** What the fields of a form need: the state they are of, and what is wrong with it. */
export interface FormScope {
  designer: DesignerState;
  document: MachineDocument;
  state: MachineState;
  problems: readonly LocatedProblem[];
}

const FormContext = createContext<FormScope | null>(null);
export const FormProvider = FormContext.Provider;

export function useForm(): FormScope {
  const scope = useContext(FormContext);
  if (scope === null) throw new Error('a field stands in a form');
  return scope;
}

/** The text of a field as it is written, and how to write it; null when it is not there. */
export function useField(field: JsonPath): { text: string | null; value: unknown; write: (json: string | null) => void } {
  const { designer, document, state } = useForm();
  const path = [...state.path, ...field];
  const node = nodeAt(document.root, path);
  return {
    text: node === null ? null : sliceOf(document.text, node),
    value: node === null ? undefined : getNodeValue(node) as unknown,
    write: (json) => designer.edit((text) => setField(text, path, json), `${state.id}/${field.join('/')}`),
  };
}

/** A label, what is edited, and what the server finds wrong with it. */
export function Field({ label, hint, at, children }: {
  label: string; hint?: ReactNode; at: string; children: (ids: { id: string; described: string }) => ReactNode;
}) {
  const id = useId();
  const { problems } = useForm();
  const wrong = problems.filter((problem) =>
    problem.field === at || (at !== '' && (problem.field.startsWith(`${at}/`) || problem.field.startsWith(`${at}[`))));
  return (
    <div className={wrong.length > 0 ? 'designer-field designer-field-wrong' : 'designer-field'} data-field={at}>
      <label htmlFor={id}>{label}</label>
      {children({ id, described: `${id}-about` })}
      <div id={`${id}-about`}>
        {hint && <p className="designer-hint">{hint}</p>}
        {wrong.map((problem, index) => (
          <p key={index} className={problem.severity === 'ERROR' ? 'designer-wrong' : 'designer-doubtful'}
            data-testid="field-problem">{problem.message}</p>
        ))}
      </div>
    </div>
  );
}

/** A text that is written when it is left or Enter is pressed; Escape gives it up. */
export function Typed({ id, described, value, onWrite, placeholder, list, mono, rows }: {
  id?: string; described?: string; value: string; onWrite: (value: string) => void; placeholder?: string; list?: string;
  mono?: boolean; rows?: number;
}) {
  const [typed, setTyped] = useState(value);
  useEffect(() => setTyped(value), [value]);
  const shared = {
    id, value: typed, placeholder, 'aria-describedby': described, spellCheck: false, autoComplete: 'off',
    className: mono ? 'mono' : undefined,
    onBlur: () => typed !== value && onWrite(typed),
  };
  if (rows !== undefined) {
    return <textarea {...shared} rows={rows} onChange={(event) => setTyped(event.target.value)} />;
  }
  return (
    <input {...shared} list={list} onChange={(event) => setTyped(event.target.value)}
      onKeyDown={(event) => {
        if (event.key === 'Enter' && typed !== value) onWrite(typed);
        if (event.key === 'Escape') setTyped(value);
      }} />
  );
}

/** A field that is a text; an empty one is not written. */
export function TextField({ label, field, hint, placeholder, list, mono }: {
  label: string; field: JsonPath; hint?: ReactNode; placeholder?: string; list?: string; mono?: boolean;
}) {
  const { value, write } = useField(field);
  return (
    <Field label={label} hint={hint} at={placeOf(field)}>
      {(ids) => (
        <Typed {...ids} value={typeof value === 'string' ? value : value === undefined ? '' : JSON.stringify(value)}
          placeholder={placeholder} list={list} mono={mono}
          onWrite={(text) => write(text === '' ? null : JSON.stringify(text))} />
      )}
    </Field>
  );
}

/** A number, or an expression; a number stays as it was written. */
export function NumberField({ label, field, hint, placeholder }: {
  label: string; field: JsonPath; hint?: ReactNode; placeholder?: string;
}) {
  const { text, value, write } = useField(field);
  return (
    <Field label={label} hint={hint} at={placeOf(field)}>
      {(ids) => (
        <Typed {...ids} value={typeof value === 'string' ? value : text ?? ''} placeholder={placeholder}
          onWrite={(typed) => write(typed.trim() === '' ? null : isNumber(typed) ? typed.trim() : JSON.stringify(typed))} />
      )}
    </Field>
  );
}

export function SelectField({ label, at, value, options, onChange, hint }: {
  label: string; at: string; value: string; options: readonly (readonly [string, string])[];
  onChange: (value: string) => void; hint?: ReactNode;
}) {
  const isKnown = options.some(([known]) => known === value);
  return (
    <Field label={label} at={at} hint={hint}>
      {({ id, described }) => (
        <select id={id} aria-describedby={described} value={value} onChange={(event) => onChange(event.target.value)}>
          {!isKnown && <option value={value}>{value === '' ? 'Choose…' : value}</option>}
          {options.map(([known, words]) => <option key={known} value={known}>{words}</option>)}
        </select>
      )}
    </Field>
  );
}

/**
 * A field that holds JSON, or in JSONata all of it an expression. What is typed is written as soon as it is JSON, so that
 * the drawing never has half a value.
 */
export function JsonField({ label, field, hint, initial = '{}' }: {
  label: string; field: JsonPath; hint?: ReactNode; initial?: string;
}) {
  const { state } = useForm();
  const { text, value, write } = useField(field);
  const isExpression = typeof value === 'string' && value.startsWith('{%');
  const isJsonata = state.language === 'JSONata';
  if (text === null) {
    return (
      <Field label={label} at={placeOf(field)} hint={hint}>
        {({ id }) => (
          <span className="row">
            <button id={id} type="button" className="designer-add" onClick={() => write(initial)}>Add {label.toLowerCase()}</button>
            {isJsonata && (
              <button type="button" className="designer-add" onClick={() => write('"{% $states.input %}"')}>
                As an expression
              </button>
            )}
          </span>
        )}
      </Field>
    );
  }
  return (
    <Field label={label} at={placeOf(field)} hint={hint}>
      {() => isExpression
        ? <ExpressionText label={label} value={value} write={write} />
        : <JsonText key={`${state.id}/${placeOf(field)}`} label={label} value={text} write={write} />}
    </Field>
  );
}

/** JSON that is edited as text. */
export function JsonText({ label, value, write, isKept }: {
  label: string; value: string; write: (json: string | null) => void; isKept?: boolean;
}) {
  const [typed, setTyped] = useState(value);
  // What was written may come back laid out otherwise; it is the same as long as it means the same.
  useEffect(() => setTyped((current) => (meansTheSame(current, value) ? current : value)), [value]);
  const problems = useMemo(() => parseJson(typed).problems, [typed]);
  const change = (text: string): void => {
    setTyped(text);
    if (parseJson(text).problems.length === 0 && !meansTheSame(text, value)) write(text);
  };
  return (
    <>
      <CodeEditor label={label} language="json" value={typed} minHeight={72} onChange={change}
        problems={problems.map(({ offset, length, message }) => (
          { from: offset, to: offset + Math.max(1, length), message, severity: 'error' as const }))} />
      <span className="row">
        {problems[0] && <span className="designer-wrong grow">{problems[0].message}; not taken over yet</span>}
        {!isKept && (
          <button type="button" className="designer-add" onClick={() => write(null)}>Remove {label.toLowerCase()}</button>
        )}
      </span>
    </>
  );
}

/** A JSONata expression without its brackets. */
export function ExpressionText({ label, value, write, isKept }: {
  label: string; value: string; write: (json: string | null) => void; isKept?: boolean;
}) {
  const inner = /^\{%\s?([\s\S]*?)\s?%\}$/.exec(value)?.[1] ?? value;
  return (
    <>
      <CodeEditor label={`${label}, an expression of JSONata`} language="javascript" value={inner} minHeight={40}
        onChange={(text) => text !== inner && write(JSON.stringify(`{% ${text} %}`))} />
      <span className="row">
        <span className="designer-hint grow">An expression of JSONata</span>
        {!isKept && (
          <button type="button" className="designer-add" onClick={() => write(null)}>Remove {label.toLowerCase()}</button>
        )}
      </span>
    </>
  );
}

export function placeOf(field: JsonPath): string {
  return field.map((part, index) => (typeof part === 'number' ? `[${part}]` : index === 0 ? part : `/${part}`)).join('');
}

export function isNumber(text: string): boolean {
  return /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/.test(text.trim());
}

/** A value as the text that fields write. */
export function json(value: unknown): string {
  return written(value);
}

function meansTheSame(one: string, other: string): boolean {
  return one.replace(/\s+/g, '') === other.replace(/\s+/g, '');
}
