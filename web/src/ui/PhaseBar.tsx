import { duration } from './format';
import './Waterfall.css';
import './PhaseBar.css';

interface PhaseBarProps {
  phases: { queue: number; place: number; fetch: number; start: number; init: number };
  /** Milliseconds of the handler. */
  handler: number;
}

/** Where the time of a call went, in a few pixels; in words for those who do not see it, and as its tooltip. */
export function PhaseBar({ phases, handler }: PhaseBarProps) {
  const parts = [...Object.entries(phases), ['handler', handler] as const].filter(
    ([, milliseconds]) => milliseconds > 0,
  );
  const whole = parts.reduce((sum, [, milliseconds]) => sum + milliseconds, 0) || 1;
  const text = parts.map(([name, milliseconds]) => `${name} ${duration(milliseconds)}`).join(', ');
  return (
    <span className="phase-bar" role="img" aria-label={text} title={text}>
      {parts.map(([name, milliseconds]) => (
        <span key={name} className={`waterfall-phase-${name}`} style={{ width: `${(milliseconds / whole) * 100}%` }} />
      ))}
    </span>
  );
}
