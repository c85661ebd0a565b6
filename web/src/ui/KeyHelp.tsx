import { Dialog } from './Dialog';
import { places } from './navigation';
import './KeyHelp.css';

const keys: Array<[string[], string]> = [
  [['/'], 'Filter this list, or find anything'],
  [['Ctrl', 'K'], 'Find anything'],
  [['j'], 'Next row'],
  [['k'], 'Row before'],
  [['Enter'], 'Open the row'],
  [['Esc'], 'Close'],
  [['?'], 'This help'],
];

export function KeyHelp({ open, onClose }: { open: boolean; onClose: () => void }) {
  const all: Array<[string[], string]> = [
    ...keys,
    ...places
      .flatMap((group) => group.places)
      .flatMap((place): Array<[string[], string]> => (place.key ? [[['g', place.key], place.label]] : [])),
  ];
  return (
    <Dialog open={open} onClose={onClose} title="Keys">
      <dl className="key-help">
        {all.map(([names, what]) => (
          <div key={what}>
            <dt>
              {names.map((name) => (
                <kbd key={name}>{name}</kbd>
              ))}
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
