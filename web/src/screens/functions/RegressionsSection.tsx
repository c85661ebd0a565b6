import { useQuery } from '@tanstack/react-query';
import { regressionsQuery, type Regressions, type SpanChange } from '../../api/functionVersions';
import { Badge } from '../../ui/Badge';
import { CopyText, shellQuote } from '../../ui/CopyAs';
import { DataTable } from '../../ui/DataTable';
import { ErrorBox } from '../../ui/ErrorBox';
import { duration } from '../../ui/format';
import { Section } from '../../ui/Page';
import { visible } from '../../ui/text';

/** Whether a release became slower than the one before, from the spans of its calls. */
export function RegressionsSection({ name }: { name: string }) {
  const regressions = useQuery(regressionsQuery(name));
  const { data, error } = regressions;
  return (
    <Section title="Did a release become slower?">
      {error && <ErrorBox error={error} retry={() => void regressions.refetch()} />}
      {data && (
        <div className="stack">
          <p>
            <Verdict data={data} />
          </p>
          {data.changes.length > 0 && (
            <DataTable<SpanChange>
              label="Spans of releases"
              rows={data.changes}
              rowKey={(change) => `${change.release}${change.before}${change.span}${change.isCold}`}
              columns={[
                {
                  id: 'release',
                  header: 'Release',
                  cell: (change) => (
                    <>
                      {change.before} → <strong>{change.release}</strong>
                    </>
                  ),
                },
                {
                  id: 'span',
                  header: 'Span',
                  grow: true,
                  cell: (change) => (
                    <>
                      {visible(change.span)}
                      {change.isCold && <span className="faint"> cold</span>}
                    </>
                  ),
                },
                {
                  id: 'before',
                  header: 'Median before',
                  number: true,
                  cell: (change) => duration(change.medianBefore),
                },
                { id: 'after', header: 'Now', number: true, cell: (change) => duration(change.median) },
                {
                  id: 'shift',
                  header: 'Shift',
                  number: true,
                  wideOnly: true,
                  cell: (change) => (
                    <span title={`${duration(change.shiftLow)} to ${duration(change.shiftHigh)}, in 99 of 100 cases`}>
                      {duration(change.shift)}
                    </span>
                  ),
                },
                {
                  id: 'calls',
                  header: 'Spans',
                  number: true,
                  wideOnly: true,
                  cell: (change) => `${change.callsBefore} / ${change.calls}`,
                },
                { id: 'verdict', header: 'Verdict', cell: (change) => <ChangeBadge verdict={change.verdict} /> },
              ]}
            />
          )}
          <CopyText text={`lambent regressions ${shellQuote(name)}`} label="Copy the command" />
        </div>
      )}
    </Section>
  );
}

function Verdict({ data }: { data: Regressions }) {
  if (data.culprit) {
    return (
      <>
        <Badge tone="bad">slower</Badge> {visible(data.culprit.span)} takes {duration(data.culprit.shift)} longer in{' '}
        {data.culprit.release} than in {data.culprit.before}.
      </>
    );
  }
  return data.verdict === 'no-change' ? (
    <>
      <Badge tone="good">no change</Badge> No release of the last ones became slower.
    </>
  ) : (
    <>
      <Badge>not known</Badge> It takes at least {data.callsMin} calls of two releases to say something.
    </>
  );
}

function ChangeBadge({ verdict }: { verdict: SpanChange['verdict'] }) {
  if (verdict === 'slower') return <Badge tone="bad">slower</Badge>;
  if (verdict === 'faster') return <Badge tone="good">faster</Badge>;
  return <Badge>{verdict === 'no-change' ? 'no change' : 'too few calls'}</Badge>;
}
