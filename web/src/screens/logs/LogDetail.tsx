import { useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { readLogs, type LogLine } from '../../api/logs';
import { Button } from '../../ui/Button';
import { copy } from '../../ui/CopyAs';
import { ErrorBox } from '../../ui/ErrorBox';
import { ClockTime } from '../../ui/Time';
import { visible } from '../../ui/text';
import { bodyOf, fieldsOf, jsonOf, type Field, type ShownLine } from './lines';

interface LogDetailProps {
  line: ShownLine;
  onCondition: (name: string, value: string) => void;
  onOnly: (what: 'function' | 'version' | 'request', value: string) => void;
}

/** All of a line: its whole text, its members, where it belongs, and what stands around it. */
export function LogDetail({ line, onCondition, onOnly }: LogDetailProps) {
  const [around, setAround] = useState(false);
  const json = jsonOf(line.text);
  return (
    <div className="log-detail" role="region" aria-label="The line">
      <div className="row log-detail-links">
        {line.requestId && (
          <>
            <Link href={`/invocations/${encodeURIComponent(line.requestId)}`}>Invocation</Link>
            <Link href={`/traces/${encodeURIComponent(line.requestId)}`}>Trace</Link>
            <button type="button" className="log-link" onClick={() => onOnly('request', line.requestId!)}>
              Only this request
            </button>
          </>
        )}
        <Link href={`/functions/${encodeURIComponent(line.function)}`}>{line.function}</Link>
        <button type="button" className="log-link" onClick={() => onOnly('function', line.function)}>
          Only this function
        </button>
        <button type="button" className="log-link" aria-expanded={around} onClick={() => setAround(!around)}>
          {around ? 'Without the lines around it' : 'Lines around it'}
        </button>
        <span className="grow" />
        <Button kind="quiet" icon="copy" onClick={() => copy(line.text)}>
          Copy text
        </Button>
      </div>
      <p className="log-detail-origin faint mono">
        {line.time} · version {line.version} · environment {line.environment}
        {line.requestId && ` · request ${line.requestId}`}
      </p>
      {around ? (
        <Around line={line} />
      ) : json ? (
        <Fields fields={fieldsOf(json)} onCondition={onCondition} />
      ) : (
        <pre className="log-detail-text" tabIndex={0}>
          {visible(bodyOf(line.text))}
        </pre>
      )}
    </div>
  );
}

function Fields({ fields, onCondition }: { fields: Field[]; onCondition: (name: string, value: string) => void }) {
  return (
    <dl className="log-fields">
      {fields.map((field) => (
        <div key={field.name}>
          <dt>{visible(field.name)}</dt>
          <dd>
            {field.searchable ? (
              <button
                type="button"
                className="log-link"
                title={`Only lines with ${field.name}=${field.value}`}
                onClick={() => onCondition(field.name, field.value)}
              >
                {visible(field.value) || '""'}
              </button>
            ) : (
              visible(field.value)
            )}
          </dd>
        </div>
      ))}
    </dl>
  );
}

const aroundMilliseconds = 60_000;
const aroundLines = 12;

/** Lines of the same environment before and after, whatever was searched for. */
function Around({ line }: { line: ShownLine }) {
  const { data, error, refetch } = useQuery({
    queryKey: ['log-around', line.key],
    queryFn: ({ signal }) => linesAround(line, signal),
    staleTime: Infinity,
  });
  if (error) return <ErrorBox error={error} retry={() => void refetch()} />;
  if (!data) return <p className="faint">Reading …</p>;
  return (
    <ol className="log-around" tabIndex={0} aria-label="Lines around it">
      {data.map((each, index) => (
        <li key={index} aria-current={isSame(each, line) ? 'true' : undefined}>
          <ClockTime at={each.time} />
          <span>{visible(bodyOf(each.text))}</span>
        </li>
      ))}
    </ol>
  );
}

async function linesAround(line: ShownLine, signal: AbortSignal): Promise<LogLine[]> {
  const at = Date.parse(line.time);
  const page = await readLogs(
    {
      function: line.function,
      version: line.version,
      since: new Date(at - aroundMilliseconds).toISOString(),
      until: new Date(at + aroundMilliseconds).toISOString(),
    },
    { limit: 5000, signal },
  );
  const own = page.lines.filter((each) => each.environment === line.environment);
  const place = Math.max(
    0,
    own.findIndex((each) => isSame(each, line)),
  );
  return own.slice(Math.max(0, place - aroundLines), place + aroundLines + 1);
}

function isSame(one: LogLine, other: LogLine): boolean {
  return one.time === other.time && one.text === other.text && one.requestId === other.requestId;
}
