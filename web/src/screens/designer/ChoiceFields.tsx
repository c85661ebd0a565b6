import { insertElement, removeAt, swapElements } from '../../asl/edits';
import { connect } from '../../asl/references';
import { ruleWords } from '../../asl/words';
import { IconButton } from '../../ui/Button';
import { ExpressionText, isNumber, JsonText, json, SelectField, Typed, useField, useForm } from './fields';

/** The rules of a Choice, in the order in which they are tried. */
export function ChoiceFields() {
  const { designer, document, state } = useForm();
  const rules = Array.isArray(state.fields.Choices) ? state.fields.Choices : [];
  const others = document.scopes.get(state.scope)!.states.filter((other) => other.id !== state.id);
  const target = String(state.fields.Default ?? others[0]?.name ?? state.name);
  const path = [...state.path, 'Choices'];
  return (
    <fieldset className="designer-group" data-field="Choices">
      <legend>Conditions</legend>
      {rules.length === 0 && <p className="designer-hint">The first condition that holds says where it goes on.</p>}
      <ol className="designer-rules">
        {rules.map((rule, index) => (
          <li key={index} className="designer-rule">
            <div className="row">
              <strong className="grow designer-rule-words">
                {index + 1}. {ruleWords(rule)}
              </strong>
              <IconButton
                label={`Try condition ${index + 1} earlier`}
                icon="up"
                disabled={index === 0}
                onClick={() => designer.edit((text) => swapElements(text, path, index, index - 1))}
              />
              <IconButton
                label={`Try condition ${index + 1} later`}
                icon="down"
                disabled={index === rules.length - 1}
                onClick={() => designer.edit((text) => swapElements(text, path, index, index + 1))}
              />
              <IconButton
                label={`Remove condition ${index + 1}`}
                icon="trash"
                onClick={() => designer.edit((text) => removeAt(text, [...path, index]))}
              />
            </div>
            <Condition index={index} rule={rule as Record<string, unknown>} />
            <Target label={`Condition ${index + 1} goes to`} field={['Choices', index, 'Next']} />
          </li>
        ))}
      </ol>
      <button
        type="button"
        className="designer-add"
        data-testid="add-rule"
        onClick={() =>
          designer.edit((text) =>
            Array.isArray(state.fields.Choices)
              ? insertElement(text, path, json(newRule(state.language, target)))
              : connect(text, state.id, target, 'choice'),
          )
        }
      >
        Add a condition
      </button>
      <Target label="Otherwise" field={['Default']} isOptional />
    </fieldset>
  );
}

function newRule(language: string, next: string): object {
  return language === 'JSONata'
    ? { Condition: '{% $states.input.amount > 100 %}', Next: next }
    : { Variable: '$.amount', NumericGreaterThan: 100, Next: next };
}

/** Where a way leads: a state of the same scope. */
export function Target({
  label,
  field,
  isOptional,
}: {
  label: string;
  field: (string | number)[];
  isOptional?: boolean;
}) {
  const { document, state } = useForm();
  const { value, write } = useField(field);
  const names = document.scopes.get(state.scope)!.states.map((other): [string, string] => [other.name, other.name]);
  return (
    <SelectField
      label={label}
      at={field.map((part, index) => (typeof part === 'number' ? `[${part}]` : index > 0 ? `/${part}` : part)).join('')}
      value={typeof value === 'string' ? value : ''}
      options={isOptional ? [['', 'Fails: States.NoChoiceMatched'], ...names] : names}
      onChange={(name) => write(name === '' ? null : JSON.stringify(name))}
    />
  );
}

function Condition({ index, rule }: { index: number; rule: Record<string, unknown> }) {
  const { state } = useForm();
  const label = `Condition ${index + 1}`;
  const condition = useField(['Choices', index, 'Condition']);
  const whole = useField(['Choices', index]);
  if (state.language === 'JSONata') {
    return typeof condition.value === 'string' ? (
      <ExpressionText
        label={label}
        value={condition.value}
        isKept
        write={(text) => condition.write(text ?? '"{% true %}"')}
      />
    ) : (
      <Typed
        value={condition.text ?? ''}
        mono
        onWrite={(text) =>
          condition.write(text === 'true' || text === 'false' ? text : JSON.stringify(`{% ${text} %}`))
        }
      />
    );
  }
  return 'Variable' in rule ? (
    <Comparison index={index} rule={rule} />
  ) : (
    <JsonText label={label} isKept value={whole.text ?? '{}'} write={(text) => text !== null && whole.write(text)} />
  );
}

const operators: [string, string][] = [
  ['StringEquals', 'is the text'],
  ['StringMatches', 'matches the pattern'],
  ['NumericEquals', '= (number)'],
  ['NumericGreaterThan', '> (number)'],
  ['NumericGreaterThanEquals', '≥ (number)'],
  ['NumericLessThan', '< (number)'],
  ['NumericLessThanEquals', '≤ (number)'],
  ['BooleanEquals', 'is (true or false)'],
  ['TimestampEquals', '= (time)'],
  ['TimestampGreaterThan', 'after (time)'],
  ['TimestampLessThan', 'before (time)'],
  ['IsPresent', 'is there'],
  ['IsNull', 'is null'],
  ['IsString', 'is a text'],
  ['IsNumeric', 'is a number'],
  ['IsBoolean', 'is a boolean'],
  ['IsTimestamp', 'is a time'],
  ['StringEqualsPath', 'is the text at'],
  ['NumericEqualsPath', '= number at'],
  ['NumericGreaterThanPath', '> number at'],
  ['NumericLessThanPath', '< number at'],
];

/** A rule of JSONPath that compares one thing; And, Or and Not are edited as JSON. */
function Comparison({ index, rule }: { index: number; rule: Record<string, unknown> }) {
  const variable = useField(['Choices', index, 'Variable']);
  const whole = useField(['Choices', index]);
  const operator = Object.keys(rule).find((key) => /^(String|Numeric|Boolean|Timestamp|Is)/.test(key)) ?? '';
  const operand = useField(['Choices', index, operator === '' ? 'none' : operator]);
  const change = (next: string): void => {
    const members = Object.entries(rule).map(([key, value]) =>
      key === operator ? [next, fitting(next, value)] : [key, value],
    );
    whole.write(json(Object.fromEntries(operator === '' ? [...members, [next, fitting(next, '')]] : members)));
  };
  return (
    <div className="designer-comparison">
      <Typed value={String(variable.value ?? '')} mono onWrite={(text) => variable.write(JSON.stringify(text))} />
      <select
        aria-label={`Comparison of condition ${index + 1}`}
        value={operator}
        onChange={(event) => change(event.target.value)}
      >
        {!operators.some(([known]) => known === operator) && <option value={operator}>{operator || 'Choose…'}</option>}
        {operators.map(([known, words]) => (
          <option key={known} value={known}>
            {words}
          </option>
        ))}
      </select>
      {operator !== '' && (
        <Typed
          value={typeof operand.value === 'string' ? operand.value : (operand.text ?? '')}
          mono
          onWrite={(text) => operand.write(operandJson(operator, text))}
        />
      )}
    </div>
  );
}

function operandJson(operator: string, text: string): string {
  if (operator.endsWith('Path') || /^(String|Timestamp)/.test(operator)) return JSON.stringify(text);
  if (/^(Boolean|Is)/.test(operator)) return text.trim() === 'false' ? 'false' : 'true';
  return isNumber(text) ? text.trim() : JSON.stringify(text);
}

function fitting(operator: string, value: unknown): unknown {
  if (operator.endsWith('Path')) return typeof value === 'string' && value.startsWith('$') ? value : '$.';
  if (/^(Boolean|Is)/.test(operator)) return value !== false;
  if (operator.startsWith('Numeric')) return typeof value === 'number' ? value : 0;
  return typeof value === 'string' ? value : String(value);
}
