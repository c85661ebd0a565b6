import { useEffect, useState, type ReactNode } from 'react';
import { Link, useLocation } from 'wouter';
import { useSession } from '../session/useSession';
import { IconButton } from './Button';
import { CommandPalette } from './CommandPalette';
import { Icon } from './Icon';
import { KeyHelp } from './KeyHelp';
import { places } from './navigation';
import { currentTheme, toggleTheme } from './theme';
import { Toasts } from './Toasts';
import { useGlobalKeys } from './useGlobalKeys';
import './Layout.css';

/** The frame of every screen: where one can go, who one is, and the screen. */
export function Layout({ children }: { children: ReactNode }) {
  const session = useSession();
  const [location] = useLocation();
  const [menuOpen, setMenuOpen] = useState(false);
  const [paletteOpen, setPaletteOpen] = useState(false);
  const [helpOpen, setHelpOpen] = useState(false);
  const [, redraw] = useState(0);
  useEffect(() => setMenuOpen(false), [location]);
  useGlobalKeys({ openPalette: () => setPaletteOpen(true), openHelp: () => setHelpOpen(true) });
  return (
    <div className="layout">
      <a className="layout-skip" href="#content">
        Skip to the content
      </a>
      <header className="layout-bar">
        <IconButton
          label="Menu"
          icon="menu"
          className="layout-menu"
          aria-expanded={menuOpen}
          onClick={() => setMenuOpen(!menuOpen)}
        />
        <Link href="/" className="layout-brand">
          <img src="/favicon.svg" alt="" width="22" height="22" />
          Lambent
        </Link>
        <button type="button" className="layout-search" onClick={() => setPaletteOpen(true)}>
          <Icon name="search" size={14} />
          <span className="grow">Find anything</span>
          <kbd>/</kbd>
        </button>
        <span className="grow" />
        <span className="layout-account" title={`Account ${session?.account}`}>
          {session?.accountName} <span className="faint mono">{session?.region}</span>
        </span>
        <IconButton
          label={currentTheme() === 'dark' ? 'Light colours' : 'Dark colours'}
          icon={currentTheme() === 'dark' ? 'sun' : 'moon'}
          onClick={() => {
            toggleTheme();
            redraw((count) => count + 1);
          }}
        />
        <IconButton label="Keys" icon="question" onClick={() => setHelpOpen(true)} />
      </header>
      <nav className={menuOpen ? 'layout-side layout-side-open' : 'layout-side'} aria-label="Screens">
        {places.map((group) => (
          <div key={group.title} className="layout-group">
            <h2>{group.title}</h2>
            <ul>
              {group.places.map((place) => (
                <li key={place.href}>
                  <Link
                    href={place.href}
                    className="layout-link"
                    aria-current={isAt(location, place.href) ? 'page' : undefined}
                  >
                    <Icon name={place.icon} />
                    {place.label}
                  </Link>
                </li>
              ))}
            </ul>
          </div>
        ))}
        <p className="layout-version faint">Lambent {session?.version}</p>
      </nav>
      <main id="content" className="layout-content" tabIndex={-1}>
        {children}
      </main>
      <CommandPalette open={paletteOpen} onClose={() => setPaletteOpen(false)} />
      <KeyHelp open={helpOpen} onClose={() => setHelpOpen(false)} />
      <Toasts />
    </div>
  );
}

function isAt(location: string, href: string): boolean {
  if (href === '/machines' && location.startsWith('/executions')) return true;
  return href === '/' ? location === '/' : location === href || location.startsWith(`${href}/`);
}
