import { memo, useMemo } from 'react';
import { ClockTime } from '../../ui/Time';
import { cut, visible } from '../../ui/text';
import { bodyOf, isPlatformLine, jsonOf, summaryOf, type ShownLine } from './lines';

const rowCharacters = 600;

interface LogRowProps {
  line: ShownLine;
  isOpen: boolean;
  isActive: boolean;
  showsFunction: boolean;
  onToggle: (key: number) => void;
}

/** One line, cut to one row of the screen. */
export const LogRow = memo(function LogRow({ line, isOpen, isActive, showsFunction, onToggle }: LogRowProps) {
  const level = line.level ?? (isPlatformLine(line.text) ? 'platform' : 'none');
  return (
    <div
      className={`log-row log-level-${level} ${isActive ? 'log-row-active' : ''}`}
      onClick={() => !selecting() && onToggle(line.key)}
    >
      <span className="log-row-mark" aria-hidden="true">
        {isOpen ? '▾' : '▸'}
      </span>
      <span className="log-row-time">
        <ClockTime at={line.time} />
      </span>
      <span className="log-row-level">{line.level ?? ''}</span>
      {showsFunction && (
        <span className="log-row-function" title={`${line.function} ${line.version}`}>
          {line.function}
        </span>
      )}
      <span className="log-row-text">
        <RowText text={line.text} />
      </span>
    </div>
  );
});

function RowText({ text }: { text: string }) {
  const summary = useMemo(() => {
    const json = jsonOf(text);
    return json ? summaryOf(json) : null;
  }, [text]);
  if (!summary)
    return (
      <>
        {visible(
          cut(
            bodyOf(text)
              .trimEnd()
              .replace(/\s*\n\s*/g, ' ↵ '),
            rowCharacters,
          ),
        )}
      </>
    );
  return (
    <>
      {summary.message && <span>{visible(cut(summary.message, rowCharacters))} </span>}
      <span className="log-row-rest">{visible(cut(summary.rest, rowCharacters))}</span>
    </>
  );
}

/** Who marks a text with the pointer does not want to open the row. */
function selecting(): boolean {
  return (getSelection()?.toString().length ?? 0) > 0;
}
