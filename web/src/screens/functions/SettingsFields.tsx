import { Button, IconButton } from '../../ui/Button';
import { Field } from '../../ui/Field';
import { KeyValues } from '../../ui/KeyValues';
import { Section } from '../../ui/Page';
import type { Settings } from './settings';

const levels = ['', 'TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'];
const systemLevels = ['', 'DEBUG', 'INFO', 'WARN'];
const settingTags: Array<[string, string]> = [
  ['lambent:environment-concurrency', 'calls at a time in one environment, 1 to 1000'],
  ['lambent:isolation', 'namespace, runc, runsc or process'],
  ['lambent:cpu', 'quota or share'],
  ['lambent:websocket', 'true: its address takes WebSocket connections'],
  ['lambent:request-stream', 'true: the handler reads a body as it comes'],
  ['lambent:sync-destination', 'ARN that gets the result of each synchronous call'],
  ['lambent:stored-calls', 'all, sampled, failed or none'],
];

export function SettingsFields({
  draft,
  problems,
  runtimes,
  onChange,
}: {
  draft: Settings;
  problems: Partial<Record<keyof Settings, string>>;
  runtimes: string[];
  onChange: (draft: Settings) => void;
}) {
  const set = (part: Partial<Settings>) => onChange({ ...draft, ...part });
  const text = (name: 'description' | 'handler' | 'deadLetterTarget', label: string, hint?: string, isCode = true) => (
    <Field label={label} hint={hint} error={problems[name]}>
      {(field) => (
        <input
          {...field}
          className={isCode ? 'mono' : undefined}
          value={draft[name]}
          spellCheck={!isCode}
          onChange={(event) => set({ [name]: event.target.value })}
        />
      )}
    </Field>
  );
  const number = (name: 'memory' | 'timeout' | 'storage' | 'reserved', label: string, hint?: string) => (
    <Field label={label} hint={hint} error={problems[name]}>
      {(field) => (
        <input
          {...field}
          inputMode="numeric"
          value={draft[name]}
          onChange={(event) => set({ [name]: event.target.value.trim() })}
        />
      )}
    </Field>
  );
  return (
    <>
      <Section title="General">
        <div className="card fields">
          {number('memory', 'Memory, MB', 'Processor share follows from it.')}
          {number('timeout', 'Timeout, s', 'A call that takes longer is ended.')}
          {number('storage', '/tmp, MB')}
          <Field label="Runtime">
            {(field) => (
              <select {...field} value={draft.runtime} onChange={(event) => set({ runtime: event.target.value })}>
                {[...new Set([draft.runtime, ...runtimes])].map((runtime) => (
                  <option key={runtime} value={runtime}>
                    {runtime}
                  </option>
                ))}
              </select>
            )}
          </Field>
          {text('handler', 'Handler')}
          {text('description', 'Description', undefined, false)}
        </div>
      </Section>
      <Section title="Environment variables">
        <div className="card stack">
          <KeyValues
            label="Environment variables"
            masked
            entries={draft.variables}
            onChange={(variables) => set({ variables })}
          />
          {problems.variables && <p className="field-note field-error">{problems.variables}</p>}
          <p className="field-note">4 KiB together. Values whose names sound secret are shown when you ask for them.</p>
        </div>
      </Section>
      <Section title="Concurrency">
        <div className="card fields">
          {number(
            'reserved',
            'Reserved concurrency',
            'Calls kept for this function, and its limit. 0 turns it off; empty: it shares what the account has.',
          )}
          <Field
            label="Calls at a time in one environment"
            hint="Empty: one. How many there are follows from what they use."
          >
            {(field) => (
              <input
                {...field}
                inputMode="numeric"
                value={tagOf(draft, 'lambent:environment-concurrency')}
                onChange={(event) =>
                  set({ tags: withTag(draft, 'lambent:environment-concurrency', event.target.value.trim()) })
                }
              />
            )}
          </Field>
        </div>
      </Section>
      <Section title="Logging">
        <div className="card fields">
          <Field label="Format">
            {(field) => (
              <select {...field} value={draft.logFormat} onChange={(event) => set({ logFormat: event.target.value })}>
                <option value="Text">Text</option>
                <option value="JSON">JSON</option>
              </select>
            )}
          </Field>
          {draft.logFormat === 'JSON' && (
            <>
              <Choice
                label="Level of the function"
                value={draft.applicationLogLevel}
                choices={levels}
                onChange={(applicationLogLevel) => set({ applicationLogLevel })}
              />
              <Choice
                label="Level of the platform"
                value={draft.systemLogLevel}
                choices={systemLevels}
                onChange={(systemLogLevel) => set({ systemLogLevel })}
              />
            </>
          )}
        </div>
      </Section>
      <Section title="Layers and dead letters">
        <div className="card stack">
          <Layers layers={draft.layers} onChange={(layers) => set({ layers })} />
          {text(
            'deadLetterTarget',
            'Dead-letter target',
            'ARN of a queue or function for events that failed for good.',
          )}
        </div>
      </Section>
      <Section title="Tags">
        <div className="card stack">
          <KeyValues label="Tags" entries={draft.tags} onChange={(tags) => set({ tags })} keyHint="name" />
          {problems.tags && <p className="field-note field-error">{problems.tags}</p>}
          <details>
            <summary>Tags that are settings</summary>
            <dl className="configuration-tags">
              {settingTags.map(([tag, meaning]) => (
                <div key={tag}>
                  <dt>
                    <code>{tag}</code>
                  </dt>
                  <dd className="soft">{meaning}</dd>
                </div>
              ))}
            </dl>
          </details>
        </div>
      </Section>
    </>
  );
}

function Choice({
  label,
  value,
  choices,
  onChange,
}: {
  label: string;
  value: string;
  choices: string[];
  onChange: (value: string) => void;
}) {
  return (
    <Field label={label}>
      {(field) => (
        <select {...field} value={value} onChange={(event) => onChange(event.target.value)}>
          {choices.map((choice) => (
            <option key={choice} value={choice}>
              {choice || 'default'}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

function Layers({ layers, onChange }: { layers: string[]; onChange: (layers: string[]) => void }) {
  return (
    <div className="key-values" role="group" aria-label="Layers">
      {layers.map((layer, index) => (
        <div key={index} className="key-values-row">
          <input
            className="mono"
            aria-label={`Layer ${index + 1}`}
            value={layer}
            placeholder="arn:aws:lambda:…:layer:NAME:VERSION"
            onChange={(event) => onChange(layers.map((each, at) => (at === index ? event.target.value : each)))}
          />
          <IconButton
            label={`Remove layer ${index + 1}`}
            icon="trash"
            onClick={() => onChange(layers.filter((_, at) => at !== index))}
          />
        </div>
      ))}
      <div className="row">
        <Button kind="quiet" icon="plus" disabled={layers.length >= 5} onClick={() => onChange([...layers, ''])}>
          Add layer
        </Button>
        <span className="field-note">
          The later ones overlay the earlier ones; at most five. <code>lambent ls layers</code>
        </span>
      </div>
    </div>
  );
}

function tagOf(draft: Settings, name: string): string {
  return draft.tags.find((tag) => tag.key === name)?.value ?? '';
}

function withTag(draft: Settings, name: string, value: string): Settings['tags'] {
  const others = draft.tags.filter((tag) => tag.key !== name);
  return value === '' ? others : [...others, { key: name, value }];
}
