import type { ReactNode } from 'react';
import { percent } from './format';
import './LimitBar.css';

/** From here on a limit is close enough to be told of before it bites. */
const nearShare = 0.8;

/** How much of a limit is used. Near it and at it the colour changes and words say so. */
export function LimitBar({ label, used, limit, format, detail }: {
  label: string; used: number; limit: number; format: (value: number) => string; detail?: ReactNode;
}) {
  const share = limit > 0 ? Math.min(1, used / limit) : 0;
  const state = share >= 0.97 ? 'full' : share >= nearShare ? 'near' : 'ok';
  return (
    <div className={`limit-bar limit-bar-${state}`}>
      <div className="row">
        <span className="grow">{label}</span>
        <span className="limit-bar-figures">{format(used)} of {format(limit)}</span>
      </div>
      <div className="limit-bar-track" role="meter" aria-label={label} aria-valuemin={0} aria-valuemax={limit} aria-valuenow={used}
        aria-valuetext={`${format(used)} of ${format(limit)}, ${percent(share)}`}>
        <span style={{ width: `${share * 100}%` }} />
      </div>
      <p className="faint limit-bar-detail">
        {state === 'full' ? 'At the limit. ' : state === 'near' ? `${percent(share)} used. ` : ''}{detail}
      </p>
    </div>
  );
}
