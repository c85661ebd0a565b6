import { useRef, useState } from 'react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { invoke, type InvocationType } from '../../api/functions';
import { aliasesQuery, versionsQuery } from '../../api/functionVersions';
import { Button } from '../../ui/Button';
import { CodeEditor } from '../../ui/CodeEditor';
import { CopyAs, shellQuote } from '../../ui/CopyAs';
import { EmptyState } from '../../ui/EmptyState';
import { ErrorBox } from '../../ui/ErrorBox';
import { toast } from '../../ui/Toasts';
import { useUrlState } from '../../ui/useUrlState';
import { InvocationOutcome } from './InvocationOutcome';
import { saveText } from '../../ui/saveFile';
import { eventTemplates, parseEvents, removeEvent, savedEvents, saveEvents, type TestEvent } from './testEvents';
import './TestTab.css';

const kinds: Array<[InvocationType, string]> = [
  ['RequestResponse', 'Wait for it'],
  ['Event', 'Hand it over'],
  ['DryRun', 'Only check'],
];

/** Calls the function with an event that is written, or was saved, here. */
export function TestTab({ name }: { name: string }) {
  const [saved, setSaved] = useState(() => savedEvents(localStorage, name));
  const [chosen, setChosen] = useUrlState('event');
  const [qualifier, setQualifier] = useUrlState('qualifier');
  const [kind, setKind] = useUrlState('call', 'RequestResponse');
  const [text, setText] = useState(() => eventNamed(chosen, saved)?.text ?? saved[0]?.text ?? '{}');
  const type = kinds.some(([each]) => each === kind) ? (kind as InvocationType) : 'RequestResponse';
  const problem = problemOf(text);
  const queries = useQueryClient();
  const call = useMutation({
    mutationFn: async () => ({ type, result: await invoke(name, text, type, qualifier) }),
    onSettled: () => void queries.invalidateQueries({ queryKey: ['function', name, 'calls'] }),
  });
  const run = () => !problem && !call.isPending && call.mutate();
  return (
    <div className="test-tab">
      <div className="stack">
        <div className="row">
          <EventPicker
            saved={saved}
            chosen={chosen}
            onChoose={(event) => {
              setChosen(event.name);
              setText(event.text);
            }}
          />
          <span className="grow" />
          <SavedEvents
            name={name}
            text={text}
            chosen={chosen}
            saved={saved}
            onChange={(events, event) => {
              setSaved(events);
              setChosen(event);
            }}
          />
        </div>
        <CodeEditor
          label="Event"
          language="json"
          value={text}
          minHeight={300}
          onChange={setText}
          onSave={run}
          problems={problem ? [problem] : undefined}
        />
        <div className="row">
          <select aria-label="How it is called" value={type} onChange={(event) => setKind(event.target.value)}>
            {kinds.map(([value, label]) => (
              <option key={value} value={value}>
                {label}
              </option>
            ))}
          </select>
          <QualifierPicker name={name} value={qualifier} onChange={setQualifier} />
          <span className="grow" />
          <CopyAs
            forms={{
              cli: cliOf(name, text, type, qualifier),
              request: {
                method: 'POST',
                body: text,
                path: `/2015-03-31/functions/${encodeURIComponent(name)}/invocations${queryOf(qualifier)}`,
                headers: { 'x-amz-invocation-type': type },
              },
            }}
          />
          <Button kind="primary" icon="play" busy={call.isPending} disabled={problem !== null} onClick={run}>
            Call
          </Button>
        </div>
        {problem && <p className="field-note field-error">{problem.message}</p>}
      </div>
      <div className="test-tab-result">
        {call.error && <ErrorBox error={call.error} />}
        {call.data && !call.error && (
          <div className="card">
            <InvocationOutcome result={call.data.result} type={call.data.type} />
          </div>
        )}
        {!call.data && !call.error && (
          <EmptyState icon="play" title="The answer will be here">
            Ctrl+S in the event calls the function too.
          </EmptyState>
        )}
      </div>
    </div>
  );
}

function EventPicker({
  saved,
  chosen,
  onChoose,
}: {
  saved: TestEvent[];
  chosen: string;
  onChoose: (event: TestEvent) => void;
}) {
  return (
    <select
      aria-label="Event"
      value={eventNamed(chosen, saved) ? chosen : ''}
      onChange={(event) => {
        const found = eventNamed(event.target.value, saved);
        if (found) onChoose(found);
      }}
    >
      <option value="">Choose an event</option>
      {saved.length > 0 && (
        <optgroup label="Saved">
          {saved.map((event) => (
            <option key={event.name} value={event.name}>
              {event.name}
            </option>
          ))}
        </optgroup>
      )}
      <optgroup label="Templates">
        {eventTemplates.map((event) => (
          <option key={event.name} value={event.name}>
            {event.name}
          </option>
        ))}
      </optgroup>
    </select>
  );
}

/** Events are kept in this browser; a file takes them elsewhere. */
function SavedEvents({
  name,
  text,
  chosen,
  saved,
  onChange,
}: {
  name: string;
  text: string;
  chosen: string;
  saved: TestEvent[];
  onChange: (events: TestEvent[], chosen: string) => void;
}) {
  const [naming, setNaming] = useState<string | null>(null);
  const file = useRef<HTMLInputElement>(null);
  const isSaved = saved.some((event) => event.name === chosen);
  const read = async (files: FileList | null) => {
    const events = files?.[0] ? parseEvents(await files[0].text()) : null;
    if (!events) toast('The file has no events in it', 'bad');
    else onChange(saveEvents(localStorage, name, events), events[0]?.name ?? chosen);
  };
  if (naming !== null) {
    return (
      <form
        className="row"
        onSubmit={(event) => {
          event.preventDefault();
          if (naming.trim() === '') return;
          onChange(saveEvents(localStorage, name, [{ name: naming.trim(), text }]), naming.trim());
          setNaming(null);
          toast('Saved in this browser');
        }}
      >
        <input
          aria-label="Name of the event"
          placeholder="Name"
          value={naming}
          autoFocus
          maxLength={80}
          onChange={(event) => setNaming(event.target.value)}
          onKeyDown={(event) => event.key === 'Escape' && setNaming(null)}
        />
        <Button type="submit">Save</Button>
      </form>
    );
  }
  return (
    <div className="row">
      <Button kind="quiet" onClick={() => setNaming(isSaved ? chosen : '')}>
        Save event
      </Button>
      {isSaved && (
        <Button kind="quiet" icon="trash" onClick={() => onChange(removeEvent(localStorage, name, chosen), '')}>
          Forget
        </Button>
      )}
      {saved.length > 0 && (
        <Button
          kind="quiet"
          icon="download"
          onClick={() => saveText(`${name}-events.json`, JSON.stringify(saved, null, 2))}
        >
          Export
        </Button>
      )}
      <Button kind="quiet" icon="upload" onClick={() => file.current?.click()}>
        Import
      </Button>
      <input
        ref={file}
        type="file"
        accept="application/json,.json"
        hidden
        aria-label="File with events"
        onChange={(event) => void read(event.target.files)}
      />
    </div>
  );
}

export function QualifierPicker({
  name,
  value,
  onChange,
}: {
  name: string;
  value: string;
  onChange: (value: string) => void;
}) {
  const versions = useQuery(versionsQuery(name));
  const aliases = useQuery(aliasesQuery(name));
  return (
    <select aria-label="Version or alias" value={value} onChange={(event) => onChange(event.target.value)}>
      <option value="">$LATEST</option>
      {(aliases.data ?? []).map((alias) => (
        <option key={alias.Name} value={alias.Name}>
          alias {alias.Name}
        </option>
      ))}
      {(versions.data ?? []).map((version) => (
        <option key={version.Version} value={version.Version}>
          version {version.Version}
        </option>
      ))}
    </select>
  );
}

function eventNamed(name: string, saved: TestEvent[]): TestEvent | undefined {
  return [...saved, ...eventTemplates].find((event) => event.name === name);
}

function problemOf(text: string): { from: number; to: number; message: string; severity: 'error' } | null {
  try {
    JSON.parse(text);
    return null;
  } catch (error) {
    const at = Number(/position (\d+)/.exec((error as Error).message)?.[1] ?? text.length);
    return { from: at, to: at + 1, message: `The event is not JSON: ${(error as Error).message}`, severity: 'error' };
  }
}

function cliOf(name: string, text: string, type: InvocationType, qualifier: string): string {
  const words = ['lambent invoke', shellQuote(name)];
  if (type === 'Event') words.push('--async');
  if (qualifier) words.push('--qualifier', qualifier);
  return [...words, '--data', shellQuote(text)].join(' ');
}

function queryOf(qualifier: string): string {
  return qualifier ? `?Qualifier=${encodeURIComponent(qualifier)}` : '';
}
