import { useState } from 'react';
import { Button } from '../../ui/Button';
import { places } from '../../ui/navigation';
import { Section } from '../../ui/Page';
import { currentTheme, toggleTheme, type Theme } from '../../ui/theme';

/** How this browser shows it. */
export function AppearanceTab() {
  const [theme, setTheme] = useState<Theme>(currentTheme());
  const choose = (wanted: Theme) => {
    if (wanted !== currentTheme()) toggleTheme();
    setTheme(wanted);
  };
  return (
    <div className="stack-large">
      <Section title="Colours">
        <div className="row" role="group" aria-label="Colours">
          {(['light', 'dark'] as const).map((each) => (
            <Button
              key={each}
              icon={each === 'light' ? 'sun' : 'moon'}
              kind={theme === each ? 'primary' : 'plain'}
              aria-pressed={theme === each}
              onClick={() => choose(each)}
            >
              {each === 'light' ? 'Light' : 'Dark'}
            </Button>
          ))}
        </div>
      </Section>
      <Section title="Keys">
        <dl className="card settings-keys">
          <Key names={['/']} what="Search this list, or find anything" />
          <Key names={['Ctrl', 'K']} what="Find anything" />
          <Key names={['j']} what="Next row" />
          <Key names={['k']} what="Row before" />
          <Key names={['Enter']} what="Open the row" />
          <Key names={['?']} what="All keys" />
          {places
            .flatMap((group) => group.places)
            .filter((place) => place.key)
            .map((place) => (
              <Key key={place.href} names={['g', place.key!]} what={place.label} />
            ))}
        </dl>
      </Section>
    </div>
  );
}

function Key({ names, what }: { names: string[]; what: string }) {
  return (
    <div>
      <dt>
        {names.map((name) => (
          <kbd key={name}>{name}</kbd>
        ))}
      </dt>
      <dd>{what}</dd>
    </div>
  );
}
