import type { ReactNode } from 'react';
import './Figures.css';

export interface Figure {
  label: string;
  value: ReactNode;
  detail?: ReactNode;
  tone?: 'good' | 'bad' | 'warn';
}

/** The figures of one thing, side by side in one strip. */
export function Figures({ label, figures }: { label: string; figures: Figure[] }) {
  return (
    <dl className="card figures" aria-label={label}>
      {figures.map((figure) => (
        <div key={figure.label}>
          <dt>{figure.label}</dt>
          <dd className={figure.tone && `figures-${figure.tone}`}>
            {figure.value}
            <span className="figures-detail">{figure.detail}</span>
          </dd>
        </div>
      ))}
    </dl>
  );
}
