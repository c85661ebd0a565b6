import { duration } from './format';
import { visible } from './text';
import type { Axis } from './WaterfallAxis';
import { ticksOf } from './WaterfallModel';

/** The times above the rows. */
export function WaterfallRuler({ from, to, axis }: { from: number; to: number; axis: Axis }) {
  const percent = (place: number) => `${((place - from) / (to - from)) * 100}%`;
  const folded = axis.folded.filter((idle) => axis.place(idle.from) < to && axis.place(idle.to) > from);
  return (
    <div className="waterfall-ruler" aria-hidden="true">
      <div className="waterfall-name" />
      <div className="waterfall-track">
        {ticksOf(from, to, 5)
          .filter((tick) => !folded.some((idle) => Math.abs(axis.place(idle.from) - tick) < (to - from) * 0.08))
          .map((tick) => (
            <span key={tick} className="waterfall-tick" style={{ left: percent(tick) }}>
              {duration(axis.time(tick))}
            </span>
          ))}
        {folded.map((idle) => (
          <span
            key={idle.from}
            className="waterfall-folded"
            style={{ left: percent(axis.place(idle.from)) }}
            title={`Nothing happened for ${duration(idle.to - idle.from)}`}
          >
            ⋯ {duration(idle.to - idle.from)}
          </span>
        ))}
      </div>
    </div>
  );
}

/** Whose the colours are. */
export function WaterfallLegend({ colours }: { colours: Map<string, number> }) {
  return (
    <ul className="waterfall-legend" aria-label="Colours">
      {[...colours].slice(0, 8).map(([group, colour]) => (
        <li key={group}>
          <span className={`waterfall-dot waterfall-colour-${colour}`} aria-hidden="true" />
          {visible(group)}
        </li>
      ))}
      <li>
        <span className="waterfall-critical-mark" aria-hidden="true" />
        critical path
      </li>
    </ul>
  );
}
