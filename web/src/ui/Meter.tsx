import type { ReactNode } from 'react';
import { percent } from './format';
import './Field.css';
import './Meter.css';

const nearLimit = 0.8;

/**
 * How much of a limit is used: it warns from 80 % on, in words too. Progress has an end and no limit, and does not
 * warn.
 */
export function Meter({
  label,
  used,
  limit,
  format = String,
  detail,
  isProgress,
}: {
  label: string;
  used: number;
  limit: number;
  format?: (value: number) => string;
  detail?: ReactNode;
  isProgress?: boolean;
}) {
  const share = limit > 0 ? used / limit : 0;
  const tone = isProgress ? 'plain' : share >= 1 ? 'bad' : share >= nearLimit ? 'warn' : 'plain';
  return (
    <div className="meter">
      <div className="meter-head">
        <span>{label}</span>
        <span className="faint">
          {format(used)} of {format(limit)} · {percent(share)}
          {tone !== 'plain' && (
            <strong className={`meter-${tone}`}> · {share >= 1 ? 'at the limit' : 'near the limit'}</strong>
          )}
        </span>
      </div>
      <div
        className="meter-track"
        role={isProgress ? 'progressbar' : 'meter'}
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={limit}
        aria-valuenow={Math.min(used, limit)}
        aria-valuetext={`${format(used)} of ${format(limit)}`}
      >
        <div className={`meter-fill meter-fill-${tone}`} style={{ width: `${Math.min(1, share) * 100}%` }} />
      </div>
      {detail && <p className="field-note">{detail}</p>}
    </div>
  );
}
