import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { ErrorBox } from '../../ui/ErrorBox';
import { Icon } from '../../ui/Icon';
import '../../ui/Stat.css';

interface TileProps {
  title: string;
  href: string;
  /** A word beside the title. */
  note?: ReactNode;
  error?: unknown;
  /** Nothing was answered yet: so many grey rows stand where the answer will. */
  loading?: number | false;
  className?: string;
  children: ReactNode;
}

/** A part of the first screen; its title leads to the screen it is of. */
export function Tile({ title, href, note, error, loading, className, children }: TileProps) {
  return (
    <section className={`card tile ${className ?? ''}`} aria-label={title} aria-busy={loading ? true : undefined}>
      <header className="tile-header">
        <h2>
          <Link href={href}>
            {title} <Icon name="right" size={11} />
          </Link>
        </h2>
        {note && <span className="tile-note">{note}</span>}
      </header>
      {error ? <ErrorBox error={error} /> : loading ? <Rows count={loading} /> : children}
    </section>
  );
}

function Rows({ count }: { count: number }) {
  return (
    <div className="tile-rows" aria-hidden="true">
      {Array.from({ length: count }, (_, row) => (
        <div key={row} className="tile-row">
          <span className="skeleton grow" />
        </div>
      ))}
    </div>
  );
}

/** A row that leads somewhere: what it is of, and figures at its end. */
export function TileRow({
  href,
  children,
  end,
  detail,
}: {
  href: string;
  children: ReactNode;
  end?: ReactNode;
  detail?: ReactNode;
}) {
  return (
    <li className="tile-row">
      <Link href={href} className="tile-row-name ellipsis">
        {children}
      </Link>
      {detail && <span className="tile-row-detail ellipsis faint">{detail}</span>}
      {end && <span className="tile-row-end">{end}</span>}
    </li>
  );
}

/** What stands in a tile that has nothing to show. */
export function TileNothing({ children, command }: { children: ReactNode; command?: string }) {
  return (
    <p className="tile-nothing soft">
      {children}
      {command && <code>{command}</code>}
    </p>
  );
}
