import { useEffect, type ReactNode } from 'react';
import { Link } from 'wouter';
import './Page.css';

export interface Crumb {
  label: string;
  href: string;
}

/** A screen: where it is, what it is of, what can be done with it. */
export function Page({
  title,
  crumbs,
  badge,
  actions,
  intro,
  children,
}: {
  title: string;
  crumbs?: Crumb[];
  badge?: ReactNode;
  actions?: ReactNode;
  intro?: ReactNode;
  children: ReactNode;
}) {
  useEffect(() => {
    document.title = `${title} · Lambent`;
  }, [title]);
  return (
    <div className="page">
      <header className="page-header">
        <div className="grow">
          {crumbs && (
            <nav aria-label="Where this is" className="page-crumbs">
              {crumbs.map((crumb) => (
                <span key={crumb.href}>
                  <Link href={crumb.href}>{crumb.label}</Link> /{' '}
                </span>
              ))}
            </nav>
          )}
          <div className="row">
            <h1>{title}</h1>
            {badge}
          </div>
          {intro && <p className="soft">{intro}</p>}
        </div>
        {actions && <div className="row page-actions">{actions}</div>}
      </header>
      {children}
    </div>
  );
}

/** A part of a screen with a heading of its own. */
export function Section({ title, actions, children }: { title: string; actions?: ReactNode; children: ReactNode }) {
  return (
    <section className="stack" aria-label={title}>
      <div className="row">
        <h2 className="grow">{title}</h2>
        {actions}
      </div>
      {children}
    </section>
  );
}

/** Names and values. */
export function Facts({ facts }: { facts: Array<[string, ReactNode] | false | '' | null | undefined> }) {
  return (
    <dl className="facts">
      {facts
        .filter((fact) => !!fact)
        .map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  );
}
