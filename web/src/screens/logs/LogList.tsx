import { useCallback, useEffect, useLayoutEffect, useRef, useState, type KeyboardEvent } from 'react';
import { useVirtualizer } from '@tanstack/react-virtual';
import { Button } from '../../ui/Button';
import { count } from '../../ui/format';
import { Icon } from '../../ui/Icon';
import { Time } from '../../ui/Time';
import { LogDetail } from './LogDetail';
import { LogRow } from './LogRow';
import type { ShownLine } from './lines';
import type { LogStream } from './useLogStream';

const rowPixels = 24;
/** Nearer to the end than this is at the end. */
const endPixels = 30;

interface LogListProps {
  stream: LogStream;
  showsFunction: boolean;
  onCondition: (name: string, value: string) => void;
  onOnly: (what: 'function' | 'version' | 'request', value: string) => void;
}

/** The lines, the newest last. At the end it follows what comes; elsewhere what comes waits, so that nothing moves. */
export function LogList({ stream, showsFunction, onCondition, onOnly }: LogListProps) {
  const { lines } = stream;
  const frame = useRef<HTMLDivElement>(null);
  const isAtEnd = useRef(true);
  const [open, setOpen] = useState<ReadonlySet<number>>(new Set());
  const [active, setActive] = useState<number | null>(null);
  const virtualizer = useVirtualizer({
    count: lines.length,
    getScrollElement: () => frame.current,
    estimateSize: () => rowPixels,
    getItemKey: (index) => lines[index]!.key,
    overscan: 20,
  });

  useLayoutEffect(() => {
    const place = frame.current;
    if (place && isAtEnd.current) place.scrollTop = place.scrollHeight;
  }, [lines, virtualizer.getTotalSize()]);

  useEffect(() => {
    stream.hold(!isAtEnd.current || open.size > 0);
  }, [open, stream.hold]);

  const scrolled = () => {
    const place = frame.current!;
    isAtEnd.current = place.scrollHeight - place.scrollTop - place.clientHeight < endPixels;
    stream.hold(!isAtEnd.current || open.size > 0);
  };
  const toggle = useCallback((key: number) => {
    setActive(key);
    // What one opens is to stay where it is.
    isAtEnd.current = false;
    setOpen((before) => {
      const after = new Set(before);
      if (!after.delete(key)) after.add(key);
      return after;
    });
    // Once it is drawn, and has its size.
    requestAnimationFrame(() =>
      requestAnimationFrame(() =>
        frame.current?.querySelector(`[data-key="${key}"]`)?.scrollIntoView({ block: 'nearest' }),
      ),
    );
  }, []);
  const toEnd = () => {
    setOpen(new Set());
    isAtEnd.current = true;
    stream.hold(false);
    const place = frame.current!;
    place.scrollTop = place.scrollHeight;
  };
  const older = async () => {
    const before = frame.current!.scrollHeight;
    if ((await stream.loadOlder()) === 0) return;
    requestAnimationFrame(() => {
      frame.current!.scrollTop += frame.current!.scrollHeight - before;
    });
  };
  const keyed = (event: KeyboardEvent) => {
    const place = lines.findIndex((line) => line.key === active);
    const step =
      event.key === 'j' || event.key === 'ArrowDown' ? 1 : event.key === 'k' || event.key === 'ArrowUp' ? -1 : 0;
    if (event.target !== frame.current) return;
    if (step !== 0) {
      const next = place < 0 ? lines.length - 1 : Math.min(lines.length - 1, Math.max(0, place + step));
      setActive(lines[next]?.key ?? null);
      virtualizer.scrollToIndex(next);
      isAtEnd.current = next === lines.length - 1;
    } else if (event.key === 'Enter' && active !== null) toggle(active);
    else if (event.key === 'G' || event.key === 'End') toEnd();
    else return;
    event.preventDefault();
  };

  return (
    <div className="log-frame">
      <div
        className="log-list"
        ref={frame}
        tabIndex={0}
        role="log"
        aria-live="off"
        aria-label="Lines, the newest last"
        aria-busy={stream.state === 'loading'}
        onScroll={scrolled}
        onKeyDown={keyed}
      >
        <Beginning stream={stream} onOlder={() => void older()} />
        <div className="log-list-space" style={{ height: virtualizer.getTotalSize() }}>
          {virtualizer.getVirtualItems().map((item) => {
            const line: ShownLine = lines[item.index]!;
            return (
              <div
                key={item.key}
                ref={virtualizer.measureElement}
                data-index={item.index}
                data-key={line.key}
                className="log-list-item"
                style={{ transform: `translateY(${item.start}px)` }}
              >
                <LogRow
                  line={line}
                  isOpen={open.has(line.key)}
                  isActive={line.key === active}
                  showsFunction={showsFunction}
                  onToggle={toggle}
                />
                {open.has(line.key) && <LogDetail line={line} onCondition={onCondition} onOnly={onOnly} />}
              </div>
            );
          })}
        </div>
      </div>
      {stream.waiting > 0 && (
        <button type="button" className="log-newest" onClick={toEnd}>
          <Icon name="down" size={14} /> {count(stream.waiting)} new {stream.waiting === 1 ? 'line' : 'lines'}
        </button>
      )}
    </div>
  );
}

function Beginning({ stream, onOlder }: { stream: LogStream; onOlder: () => void }) {
  if (stream.state === 'loading') return <p className="log-beginning faint">Reading …</p>;
  return (
    <p className="log-beginning faint">
      {stream.hasOlder && (
        <Button kind="quiet" icon="up" busy={stream.loadingOlder} onClick={onOlder}>
          Load older lines
        </Button>
      )}
      {stream.oldest ? (
        <span>
          The log goes back to <Time at={stream.oldest} /> ({new Date(stream.oldest).toLocaleString()})
        </span>
      ) : (
        <span>There is nothing older.</span>
      )}
    </p>
  );
}
