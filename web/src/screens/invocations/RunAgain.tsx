import { useEffect, useRef, useState } from 'react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from 'wouter';
import { qualifiersQuery, replay, type InvocationDetail, type Replayed } from '../../api/invocations';
import { Button } from '../../ui/Button';
import { CodeEditor } from '../../ui/CodeEditor';
import { CopyAs, shellQuote } from '../../ui/CopyAs';
import { Dialog } from '../../ui/Dialog';
import { ErrorBox } from '../../ui/ErrorBox';
import { duration } from '../../ui/format';
import { OutcomeBadge } from './OutcomeBadge';
import { editable, PayloadView } from './PayloadView';

/** A call again, as it was or with another event, and what came of it beside what came of it then. */
export function RunAgain({
  detail,
  edited,
  onClose,
}: {
  detail: InvocationDetail;
  edited: boolean;
  onClose: () => void;
}) {
  const [text, setText] = useState(() => editable(detail.input));
  const [version, setVersion] = useState('');
  const versions = useQuery(qualifiersQuery(detail.function));
  const queries = useQueryClient();
  const parsed = parse(text);
  const run = useMutation({
    mutationFn: () => replay(detail.id, { version: version || undefined, ...(edited ? { event: parsed.value } : {}) }),
    onSettled: () => void queries.invalidateQueries({ queryKey: ['invocation', detail.id] }),
  });
  const begun = useRef(false);
  useEffect(() => {
    // What is not edited needs no more questions. Once, also where effects run twice.
    if (edited || begun.current) return;
    begun.current = true;
    run.mutate();
  }, []);
  const body = { version: version || undefined, ...(edited ? { event: parsed.value } : {}) };
  return (
    <Dialog
      open
      wide
      onClose={onClose}
      title={edited ? 'Edit and re-run' : 'Re-run'}
      footer={
        <>
          <CopyAs
            forms={{
              cli: [
                'lambent replay',
                shellQuote(detail.id),
                version && `--to ${shellQuote(version)}`,
                edited && '--edit event.json',
              ]
                .filter(Boolean)
                .join(' '),
              request: { method: 'POST', path: `/v1/invocations/${encodeURIComponent(detail.id)}/replay`, body },
            }}
          />
          <span className="grow" />
          <label className="row">
            With version
            <select value={version} onChange={(event) => setVersion(event.target.value)}>
              <option value="">As it was called</option>
              {(versions.data ?? []).map((each) => (
                <option key={each} value={each}>
                  {each}
                </option>
              ))}
            </select>
          </label>
          <Button
            kind="primary"
            icon="play"
            busy={run.isPending}
            disabled={edited && parsed.problem !== null}
            onClick={() => run.mutate()}
          >
            {run.isIdle ? 'Run' : 'Run again'}
          </Button>
        </>
      }
    >
      <div className="stack">
        {edited && (
          <>
            <CodeEditor
              label="Event"
              language="json"
              value={text}
              onChange={setText}
              minHeight={180}
              onSave={() => !parsed.problem && run.mutate()}
            />
            {parsed.problem && (
              <p className="faint" role="status">
                {parsed.problem}
              </p>
            )}
          </>
        )}
        {run.error !== null && <ErrorBox error={run.error} />}
        {(run.data || run.isPending) && <Comparison detail={detail} replayed={run.data} />}
      </div>
    </Dialog>
  );
}

function Comparison({ detail, replayed }: { detail: InvocationDetail; replayed: Replayed | undefined }) {
  const before = detail.attempts[0];
  const isSame =
    replayed?.output &&
    detail.output &&
    !detail.output.missing &&
    JSON.stringify(replayed.output.json ?? replayed.output.text) ===
      JSON.stringify(detail.output.json ?? detail.output.text);
  return (
    <div className="stack" aria-live="polite">
      <div className="invocation-compare">
        <div>
          <h3>
            Then {before && <OutcomeBadge outcome={before.outcome} />}{' '}
            {before && (
              <span className="faint">
                {duration(before.durationMilliseconds)}, {before.version}
              </span>
            )}
          </h3>
          <PayloadView payload={detail.output} label="Answer then" absent="The answer was not kept." />
        </div>
        <div>
          <h3>
            Now {replayed?.outcome && <OutcomeBadge outcome={replayed.outcome} />}
            {replayed?.durationMilliseconds !== undefined && (
              <span className="faint">
                {duration(replayed.durationMilliseconds)}, {replayed.version}
              </span>
            )}
          </h3>
          {replayed ? (
            <PayloadView payload={replayed.output} label="Answer now" absent="It answered nothing." />
          ) : (
            <p className="soft">Running …</p>
          )}
        </div>
      </div>
      {replayed && (
        <p className="soft">
          {isSame ? 'Both answers are the same. ' : ''}
          <Link href={`/invocations/${encodeURIComponent(replayed.id)}`}>Open the new call</Link>
        </p>
      )}
    </div>
  );
}

function parse(text: string): { value: unknown; problem: string | null } {
  try {
    return { value: JSON.parse(text), problem: null };
  } catch (error) {
    return { value: undefined, problem: error instanceof Error ? error.message : 'This is no JSON.' };
  }
}
