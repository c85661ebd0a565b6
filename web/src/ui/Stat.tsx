import type { ReactNode } from 'react';
import { Link } from 'wouter';
import './Stat.css';

/** One figure with its name, and what it means beside it. */
export function Stat({
  label,
  value,
  detail,
  tone,
  href,
  children,
}: {
  label: string;
  value: ReactNode;
  detail?: ReactNode;
  tone?: 'good' | 'bad' | 'warn';
  href?: string;
  children?: ReactNode;
}) {
  const content = (
    <>
      <span className="stat-label">{label}</span>
      <span className={`stat-value ${tone ? `stat-${tone}` : ''}`}>{value}</span>
      <span className="stat-detail">{detail ?? '\u00a0'}</span>
      {children}
    </>
  );
  return href ? (
    <Link href={href} className="card stat stat-link">
      {content}
    </Link>
  ) : (
    <div className="card stat">{content}</div>
  );
}
