import { useState } from 'react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { createFunction, settled, statusQuery } from '../../api/functions';
import { createUrl } from '../../api/functionTriggers';
import { Button } from '../../ui/Button';
import { CodeEditor } from '../../ui/CodeEditor';
import { CopyAs, shellQuote } from '../../ui/CopyAs';
import { ErrorBox } from '../../ui/ErrorBox';
import { Field, Toggle } from '../../ui/Field';
import { Page } from '../../ui/Page';
import { useUrlState } from '../../ui/useUrlState';
import { CreatedFunction, type Created } from './CreatedFunction';
import { packFiles, textFile } from './packageFiles';
import { saveEvents } from './testEvents';
import {
  files,
  languageOfRuntime,
  newestFirst,
  templates,
  wrongFunctionName,
  type Template,
  type TemplateId,
} from './templates';
import { useUnsavedGuard } from './useUnsavedGuard';
import './NewFunction.css';

interface Form {
  name: string;
  memory: number;
  timeout: number;
  hasUrl: boolean;
  /** Null: the template's own. */
  code: string | null;
}

export default function NewFunction() {
  const [templateId, setTemplateId] = useUrlState('template', 'http');
  const [chosenRuntime, setRuntime] = useUrlState('runtime');
  const status = useQuery(statusQuery());
  const template = templates.find((each) => each.id === templateId) ?? templates[0]!;
  const runtimes = newestFirst((status.data?.runtimes ?? []).filter((runtime) => languageOfRuntime(runtime) !== null));
  const nodes = runtimes.filter((runtime) => runtime.startsWith('nodejs'));
  const runtime = runtimes.includes(chosenRuntime) ? chosenRuntime : (nodes[0] ?? runtimes[0] ?? '');
  const language = languageOfRuntime(runtime) ?? 'node';
  const [form, setForm] = useState<Form>(() => startOf(template));
  const [created, setCreated] = useState<Created | null>(null);
  const queries = useQueryClient();
  const change = (part: Partial<Form>) => setForm({ ...form, ...part });
  const code = form.code ?? template.code[language];
  const wrongName = wrongFunctionName(form.name);
  useUnsavedGuard(form.code !== null && created === null);

  const create = useMutation({
    mutationFn: async (): Promise<Created> => {
      const { file, handler } = files[language];
      await createFunction({
        FunctionName: form.name,
        Runtime: runtime,
        Handler: handler,
        MemorySize: form.memory,
        Timeout: form.timeout,
        zip: packFiles([textFile(file, code)]),
      });
      // The event of the template is what the function is tried with first.
      saveEvents(localStorage, form.name, [{ name: template.title, text: JSON.stringify(template.event, null, 2) }]);
      const { FunctionArn: arn } = await settled(form.name);
      const url = form.hasUrl ? (await createUrl(form.name, 'NONE', 'BUFFERED')).FunctionUrl : null;
      return { name: form.name, arn, template, url };
    },
    onSuccess: (result) => {
      setCreated(result);
      void queries.invalidateQueries({ queryKey: ['functions'] });
    },
  });

  if (created) return <CreatedFunction created={created} />;
  return (
    <Page
      title="New function"
      crumbs={[{ label: 'Functions', href: '/functions' }]}
      actions={
        <>
          <CopyAs forms={{ cli: cliOf(form, runtime, files[language].file) }} label="Copy as CLI" />
          <Button
            kind="primary"
            icon="plus"
            busy={create.isPending}
            disabled={wrongName !== null || runtime === ''}
            onClick={() => create.mutate()}
          >
            Create
          </Button>
        </>
      }
    >
      {create.error && <ErrorBox error={create.error} />}
      {status.data && runtimes.length === 0 && <NoRuntimes />}
      <div className="new-function">
        <div className="stack-large">
          <Templates
            chosen={template}
            onChoose={(next) => {
              setTemplateId(next.id);
              // What was written is kept; what only came from the template before gives way.
              setForm({ ...startOf(next), code: form.code, memory: form.memory, timeout: form.timeout });
            }}
          />
          <div className="card stack">
            <Field label="Name" error={form.name !== '' ? wrongName : null}>
              {(field) => (
                <input
                  {...field}
                  value={form.name}
                  className="mono"
                  spellCheck={false}
                  autoComplete="off"
                  maxLength={64}
                  onChange={(event) => change({ name: event.target.value })}
                />
              )}
            </Field>
            <Field label="Runtime" hint="What is installed on this machine. Others are deployed from the command line.">
              {(field) => (
                <select
                  {...field}
                  value={runtime}
                  onChange={(event) => {
                    setRuntime(event.target.value);
                    if (languageOfRuntime(event.target.value) !== language) change({ code: null });
                  }}
                >
                  {runtimes.map((each) => (
                    <option key={each} value={each}>
                      {each}
                    </option>
                  ))}
                </select>
              )}
            </Field>
            <div className="fields">
              <Field label="Memory, MB" hint="128 to 10,240">
                {(field) => (
                  <input
                    {...field}
                    type="number"
                    min={128}
                    max={10_240}
                    value={form.memory}
                    onChange={(event) => change({ memory: event.target.valueAsNumber })}
                  />
                )}
              </Field>
              <Field label="Timeout, s" hint="1 to 900">
                {(field) => (
                  <input
                    {...field}
                    type="number"
                    min={1}
                    max={900}
                    value={form.timeout}
                    onChange={(event) => change({ timeout: event.target.valueAsNumber })}
                  />
                )}
              </Field>
            </div>
            <Toggle
              label="Public address"
              hint="A function URL that anybody may call without keys."
              checked={form.hasUrl}
              onChange={(hasUrl) => change({ hasUrl })}
            />
          </div>
        </div>
        <div className="new-function-code">
          <div className="row">
            <h2 className="grow mono">{files[language].file}</h2>
            {form.code !== null && (
              <Button kind="quiet" icon="retry" onClick={() => change({ code: null })}>
                Begin anew
              </Button>
            )}
          </div>
          <CodeEditor
            label={`Code of ${files[language].file}`}
            value={code}
            minHeight={460}
            language={language === 'node' ? 'javascript' : 'python'}
            onChange={(text) => text !== code && change({ code: text === template.code[language] ? null : text })}
            onSave={() => wrongName === null && !create.isPending && create.mutate()}
          />
          <p className="faint">
            Handler <code>{files[language].handler}</code>
          </p>
        </div>
      </div>
    </Page>
  );
}

function Templates({ chosen, onChoose }: { chosen: Template; onChoose: (template: Template) => void }) {
  return (
    <fieldset className="new-function-templates">
      <legend>What calls it</legend>
      {templates.map((template) => (
        <label
          key={template.id}
          className={template.id === chosen.id ? 'new-function-template chosen' : 'new-function-template'}
        >
          <input
            type="radio"
            name="template"
            className="visually-hidden"
            checked={template.id === chosen.id}
            onChange={() => onChoose(template)}
          />
          <span>{template.title}</span>
          <span className="faint">{template.about}</span>
        </label>
      ))}
    </fieldset>
  );
}

function NoRuntimes() {
  return (
    <ErrorBox
      error={
        new Error(
          'Neither Node.js nor Python is installed on this machine, so no function can be made here.' +
            ' `lambent doctor` says what is missing.',
        )
      }
    />
  );
}

function startOf(template: Template): Form {
  return {
    name: template.name,
    memory: 128,
    timeout: template.id === ('schedule' satisfies TemplateId) ? 60 : 10,
    hasUrl: template.wantsUrl,
    code: null,
  };
}

function cliOf(form: Form, runtime: string, file: string): string {
  return [
    'lambent deploy',
    file,
    '--name',
    shellQuote(form.name),
    '--runtime',
    runtime,
    '--memory',
    form.memory,
    '--timeout',
    form.timeout,
    ...(form.hasUrl ? ['--url'] : []),
  ].join(' ');
}
