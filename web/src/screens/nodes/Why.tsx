import { useEffect, useRef, useState, type FormEvent } from 'react';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { findables } from '../../api/findables';
import { Badge } from '../../ui/Badge';
import { Button } from '../../ui/Button';
import { CopyAs, CopyText, shellQuote } from '../../ui/CopyAs';
import { ErrorBox } from '../../ui/ErrorBox';
import { Section } from '../../ui/Page';
import { useUrlState } from '../../ui/useUrlState';
import { Decisions } from './Decisions';
import { Provisioned } from './Provisioned';
import { findingsOf, readWhy, type Finding } from './why';

/** "Why is it not running?": by the name of a function or a queue. */
export function Why() {
  const [name, setName] = useUrlState('name');
  const [text, setText] = useState(name);
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    setText(name);
    if (name) place.current?.scrollIntoView({ block: 'start' });
  }, [name]);
  const names = useQuery({ queryKey: ['findables'], queryFn: ({ signal }) => findables(signal), staleTime: 30_000 });
  const { data, error, refetch } = useQuery({
    queryKey: ['why', name],
    queryFn: ({ signal }) => readWhy(name, signal),
    enabled: name !== '',
    refetchInterval: 3000,
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setName(text.trim());
  };
  return (
    <div ref={place} className="nodes-why-place">
      <Section
        title="Why is it not running?"
        actions={
          name && (
            <CopyAs
              forms={{
                cli: `lambent why ${shellQuote(name)}`,
                request: { method: 'GET', path: `/v1/scaling/${encodeURIComponent(name)}` },
              }}
            />
          )
        }
      >
        <form className="row" onSubmit={submit} role="search">
          <input
            className="nodes-why"
            data-search
            aria-label="Function or queue"
            placeholder="A function or a queue"
            list="nodes-names"
            value={text}
            spellCheck={false}
            onChange={(event) => setText(event.target.value)}
          />
          <datalist id="nodes-names">
            {(names.data ?? [])
              .filter((each) => each.kind !== 'workflow')
              .map((each) => (
                <option key={each.href} value={each.label}>
                  {each.kind}
                </option>
              ))}
          </datalist>
          <Button type="submit" icon="question">
            Why
          </Button>
        </form>
        {error ? <ErrorBox error={error} retry={() => void refetch()} /> : null}
        {data && (
          <>
            <ul className="stack nodes-findings">
              {findingsOf(data).map((finding) => (
                <FindingRow key={finding.text} finding={finding} />
              ))}
            </ul>
            {data.controllers.map((controller) => (
              <section
                key={`${controller.controller}${controller.function}${controller.version}${controller.source}`}
                className="card stack"
                aria-label={`The scale controller of ${controller.controller} ${controller.source ?? controller.version ?? ''}`}
              >
                <h3>
                  {controller.source
                    ? `${controller.controller} ${controller.source} → ${controller.function}`
                    : `Calls of ${controller.function}${controller.version ? `:${controller.version}` : ''}`}
                </h3>
                <ul className="nodes-explanation">
                  {controller.explanation.map((sentence) => (
                    <li key={sentence}>{sentence}</li>
                  ))}
                </ul>
              </section>
            ))}
            {data.controllers.length > 0 && <Decisions name={name} />}
            {data.configuration && <Provisioned name={name} />}
          </>
        )}
      </Section>
    </div>
  );
}

const words: Record<Finding['tone'], string> = {
  bad: 'stands in the way',
  warn: 'look here',
  good: 'all is well',
  info: 'as it is',
};

function FindingRow({ finding }: { finding: Finding }) {
  return (
    <li className="card row">
      <Badge tone={finding.tone}>{words[finding.tone]}</Badge>
      <span className="grow">{finding.text}</span>
      {finding.href && <Link href={finding.href}>Go there</Link>}
      {finding.fix && <CopyText text={finding.fix} label="Copy the command" />}
    </li>
  );
}
