import { useMemo, useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { linesQuery } from '../../api/traces';
import { ErrorBox } from '../../ui/ErrorBox';
import { ClockTime } from '../../ui/Time';
import { visible } from '../../ui/text';
import './LogLines.css';

const shownMax = 500;

/** What requests logged, in the order of time. Of several functions each line says which. */
export function LogLines({ requests, label }: { requests: string[]; label: string }) {
  const { data, error, refetch } = useQuery(linesQuery(requests));
  const [all, setAll] = useState(false);
  const hasSeveral = useMemo(() => new Set(data?.map((line) => line.function)).size > 1, [data]);
  if (error) return <ErrorBox error={error} retry={() => void refetch()} />;
  if (requests.length === 0 || data?.length === 0) return <p className="soft">Nothing was logged.</p>;
  const shown = all ? data : data?.slice(0, shownMax);
  return (
    <div className="log-lines" role="region" aria-label={label} tabIndex={0} aria-busy={data === undefined}>
      <table>
        <tbody>
          {shown?.map((line, index) => (
            <tr key={index} className={line.level ? `log-lines-${line.level}` : undefined}>
              <td className="faint"><ClockTime at={line.time} /></td>
              {hasSeveral && <td><Link href={`/logs?function=${encodeURIComponent(line.function)}`}>{line.function}</Link></td>}
              <td className="log-lines-text">{visible(line.text.trimEnd())}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {data && !all && data.length > shownMax && (
        <button type="button" className="log-lines-more" onClick={() => setAll(true)}>Show all {data.length} lines</button>
      )}
    </div>
  );
}
