import { useState } from 'react';
import type { ErrorFrame } from '../../api/errors';
import { Icon } from '../../ui/Icon';
import { visible } from '../../ui/text';
import { frameRuns, placeOf } from './frames';
import './StackView.css';

/** A stack: frames of one's own code with the lines around, the others folded together. */
export function StackView({ frames }: { frames: ErrorFrame[] }) {
  const [open, setOpen] = useState<ReadonlySet<number>>(new Set());
  return (
    <ol className="stack-view" aria-label="Stack, the innermost frame first">
      {frameRuns(frames).map((run) => {
        if (!run.isApplication && !open.has(run.start)) {
          return (
            <li key={run.start} className="stack-view-fold">
              <button type="button" onClick={() => setOpen(new Set([...open, run.start]))}>
                <Icon name="right" size={11} />
                {run.frames.length} {run.frames.length === 1 ? 'frame' : 'frames'} of libraries and the runtime
              </button>
            </li>
          );
        }
        return run.frames.map((frame, index) => (
          <Frame key={`${run.start}-${index}`} frame={frame} isFirst={run.start === 0 && index === 0} />
        ));
      })}
    </ol>
  );
}

function Frame({ frame, isFirst }: { frame: ErrorFrame; isFirst: boolean }) {
  const [open, setOpen] = useState(frame.isApplication);
  const line = frame.source?.line ?? frame.line;
  return (
    <li className={frame.isApplication ? 'stack-view-frame stack-view-own' : 'stack-view-frame'}>
      <div className="stack-view-head">
        {frame.context ? (
          <button type="button" aria-expanded={open} onClick={() => setOpen(!open)} aria-label="Lines around">
            <Icon name={open ? 'down' : 'right'} size={11} />
          </button>
        ) : (
          <span className="stack-view-space" />
        )}
        <code className="stack-view-function">{visible(frame.source?.name ?? frame.function) || '(anonymous)'}</code>
        <code className="stack-view-place" title={visible(frame.text)}>
          {visible(placeOf(frame))}
        </code>
        {frame.source && (
          <span className="faint" title={`Compiled to ${frame.file}:${frame.line}:${frame.column}`}>
            source map
          </span>
        )}
        {isFirst && frame.isApplication && <span className="stack-view-mark">thrown here</span>}
      </div>
      {frame.problem && <p className="stack-view-problem faint">{visible(frame.problem)}</p>}
      {open && frame.context && (
        <pre className="stack-view-context" tabIndex={0} aria-label={`Lines around ${placeOf(frame)}`}>
          {frame.context.map((each) => (
            <span key={each.line} className={each.line === line ? 'stack-view-line stack-view-hit' : 'stack-view-line'}>
              <span className="stack-view-number">{each.line}</span>
              {visible(each.text)}
              {'\n'}
            </span>
          ))}
        </pre>
      )}
    </li>
  );
}
