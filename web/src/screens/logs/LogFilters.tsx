import { useEffect, useState, type FormEvent } from 'react';
import { useQuery } from '@tanstack/react-query';
import { logLevels } from '../../api/logs';
import { readCatalog } from '../../api/metrics';
import { IconButton } from '../../ui/Button';
import { TimeRange } from '../../ui/TimeRange';
import type { ScreenSearch } from './search';

const typingMilliseconds = 400;

interface LogFiltersProps {
  search: ScreenSearch;
  change: (search: ScreenSearch) => void;
}

/** What is searched for. A text is searched for when one stops typing. */
export function LogFilters({ search, change }: LogFiltersProps) {
  const names = useQuery({
    queryKey: ['metrics', 'catalog'],
    queryFn: ({ signal }) => readCatalog(signal),
    staleTime: 30_000,
  });
  const text = useTyped(search.text, (value) => change({ ...search, text: value }));
  const name = useTyped(search.function, (value) => change({ ...search, function: value }));
  return (
    <div className="stack log-filters">
      <form className="row" role="search" onSubmit={(event) => event.preventDefault()}>
        <select
          aria-label="Search by"
          value={search.isPattern ? 'pattern' : 'text'}
          onChange={(event) => change({ ...search, isPattern: event.target.value === 'pattern' })}
        >
          <option value="text">Text</option>
          <option value="pattern">Pattern</option>
        </select>
        <input
          className="grow log-filters-text"
          data-search
          type="search"
          aria-label="Search the lines"
          {...text}
          spellCheck={false}
          placeholder={search.isPattern ? '{ $.level = "error" && $.latency > 300 }' : 'Text in a line, case and all'}
        />
        <input
          className="log-filters-name"
          aria-label="Function"
          list="log-functions"
          placeholder="All functions"
          {...name}
          spellCheck={false}
        />
        <datalist id="log-functions">
          {(names.data?.names['function'] ?? []).map((each) => (
            <option key={each} value={each} />
          ))}
        </datalist>
        <select
          aria-label="Level"
          value={search.level}
          onChange={(event) => change({ ...search, level: event.target.value })}
        >
          <option value="">All levels</option>
          {logLevels.map((level) => (
            <option key={level} value={level}>
              {level === 'fatal' ? 'fatal' : `${level} and graver`}
            </option>
          ))}
        </select>
        {search.since === '' && search.until === '' && search.request === '' && (
          <TimeRange range={search.range} setRange={(range) => change({ ...search, range })} />
        )}
      </form>
      <Conditions search={search} change={change} />
    </div>
  );
}

function Conditions({ search, change }: LogFiltersProps) {
  const between =
    search.since || search.until
      ? `${search.since ? new Date(search.since).toLocaleString() : 'the beginning'} to ${
          search.until ? new Date(search.until).toLocaleString() : 'now'
        }`
      : '';
  return (
    <div className="row log-conditions">
      {search.request && <Chip label={`request ${search.request}`} remove={() => change({ ...search, request: '' })} />}
      {search.version && <Chip label={`version ${search.version}`} remove={() => change({ ...search, version: '' })} />}
      {between && <Chip label={between} remove={() => change({ ...search, since: '', until: '' })} />}
      {search.where.map((where) => (
        <Chip
          key={where}
          label={where}
          remove={() => change({ ...search, where: search.where.filter((each) => each !== where) })}
        />
      ))}
      <AddCondition
        add={(where) => change({ ...search, where: [...search.where.filter((each) => each !== where), where] })}
      />
    </div>
  );
}

function Chip({ label, remove }: { label: string; remove: () => void }) {
  return (
    <span className="log-chip mono">
      {label}
      <IconButton label={`Without ${label}`} icon="cross" onClick={remove} />
    </span>
  );
}

function AddCondition({ add }: { add: (where: string) => void }) {
  const [text, setText] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    add(text.trim());
    setText('');
  };
  return (
    <form onSubmit={submit}>
      <input
        className="log-condition-field mono"
        aria-label="Condition on a member of JSON lines"
        value={text}
        placeholder="status=503"
        title="Lines that are JSON with this member; Enter adds it"
        pattern="[^=]+=.*"
        spellCheck={false}
        onChange={(event) => setText(event.target.value)}
      />
    </form>
  );
}

/** The value of a field that is taken when typing stops, or with Enter. */
function useTyped(value: string, take: (value: string) => void) {
  const [text, setText] = useState(value);
  useEffect(() => setText(value), [value]);
  useEffect(() => {
    if (text === value) return;
    const timer = setTimeout(() => take(text), typingMilliseconds);
    return () => clearTimeout(timer);
  }, [text]);
  return {
    value: text,
    onChange: (event: { target: { value: string } }) => setText(event.target.value),
    onKeyDown: (event: { key: string }) => {
      if (event.key === 'Enter' && text !== value) take(text);
    },
  };
}
