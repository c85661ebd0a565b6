import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useMemo, useRef, useState, type KeyboardEvent, type PointerEvent, type WheelEvent } from 'react';
import type { Timeline as TimelineData } from '../../api/executions';
import { Button, IconButton } from '../../ui/Button';
import { EmptyState } from '../../ui/EmptyState';
import { count, duration } from '../../ui/format';
import { Icon } from '../../ui/Icon';
import { visible } from '../../ui/text';
import { useNow } from '../../ui/useNow';
import { aroundOf, clamp, linesOf, segmentsOf, ticksOf, type Line } from './timelineModel';
import './Timeline.css';

const linePixels = 30;
const indentPixels = 14;
const zoomFactor = 1.5;
const containers = ['Map', 'Parallel'];

interface Range {
  from: number;
  to: number;
}

/** States and their attempts on one axis. Only the lines in view are in the page, however many there are. */
export function Timeline({
  timeline,
  selected,
  onSelect,
}: {
  timeline: TimelineData;
  selected: number | null;
  onSelect: (number: number | null) => void;
}) {
  const [turned, setTurned] = useState<ReadonlySet<number>>(new Set());
  const [zoom, setZoom] = useState<Range | null>(null);
  const isOver = timeline.stoppedAt !== undefined;
  // The server's clock tells how long it goes on; this browser's only how long ago that was said.
  const clock = useNow(500, !isOver);
  const [offset, setOffset] = useState(0);
  useEffect(() => setOffset(Date.parse(timeline.now) - Date.now()), [timeline.now]);
  const now = isOver ? Date.parse(timeline.stoppedAt!) : clock + offset;
  const start = Date.parse(timeline.startedAt);
  const end = Math.max(now, start + 1);
  const range = zoom ? rangeOf(zoom.from, zoom.to, start, end) : { from: start, to: end + (end - start) * 0.06 };
  const lines = useMemo(() => linesOf(timeline.rows, turned), [timeline.rows, turned]);
  const scroll = useRef<HTMLDivElement>(null);
  const track = useRef<HTMLDivElement>(null);
  const virtualizer = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => linePixels,
    overscan: 12,
  });
  const index = lines.findIndex((line) => line.row.number === selected);

  useEffect(() => {
    if (selected === null) return;
    const closed = aroundOf(timeline.rows, selected).filter((number) =>
      lines.some((line) => line.row.number === number && !line.isOpen),
    );
    if (closed.length > 0) setTurned(new Set([...turned, ...closed]));
    else if (index >= 0) virtualizer.scrollToIndex(index, { align: 'auto' });
    // Only when another one is selected, or what is around it was opened: scrolling is the reader's otherwise.
  }, [selected, index >= 0]);

  const toggle = (number: number) => {
    const next = new Set(turned);
    if (!next.delete(number)) next.add(number);
    setTurned(next);
  };
  const zoomBy = (factor: number, at = 0.5) => {
    const middle = range.from + (range.to - range.from) * at;
    const length = (range.to - range.from) * factor;
    setZoom(length >= end - start ? null : rangeOf(middle - length * at, middle + length * (1 - at), start, end));
  };
  const pan = (share: number) =>
    zoom &&
    setZoom(
      rangeOf(range.from + (range.to - range.from) * share, range.to + (range.to - range.from) * share, start, end),
    );
  const pressed = (event: KeyboardEvent) => {
    const line = lines[index];
    const go = (next: number) => {
      const found = lines[Math.min(Math.max(next, 0), lines.length - 1)];
      if (found) onSelect(found.row.number);
    };
    const actions: Record<string, () => void> = {
      ArrowDown: () => go(index + 1),
      j: () => go(index + 1),
      ArrowUp: () => go(index - 1),
      k: () => go(index - 1),
      Home: () => go(0),
      End: () => go(lines.length - 1),
      PageDown: () => go(index + 15),
      PageUp: () => go(index - 15),
      ArrowRight: () => (line && line.below > 0 && !line.isOpen ? toggle(line.row.number) : pan(0.2)),
      ArrowLeft: () => (line && line.below > 0 && line.isOpen ? toggle(line.row.number) : pan(-0.2)),
      '+': () => zoomBy(1 / zoomFactor),
      '=': () => zoomBy(1 / zoomFactor),
      '-': () => zoomBy(zoomFactor),
      0: () => setZoom(null),
      z: () =>
        line &&
        setZoom(
          rangeOf(Date.parse(line.row.enteredAt), line.row.exitedAt ? Date.parse(line.row.exitedAt) : now, start, end),
        ),
      Escape: () => (zoom ? setZoom(null) : onSelect(null)),
    };
    const act = actions[event.key];
    if (!act || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    act();
  };
  const wheel = (event: WheelEvent) => {
    if (!event.ctrlKey || !track.current) return;
    const box = track.current.getBoundingClientRect();
    zoomBy(
      event.deltaY > 0 ? zoomFactor : 1 / zoomFactor,
      Math.min(1, Math.max(0, (event.clientX - box.left) / box.width)),
    );
  };

  if (timeline.rows.length === 0) return <EmptyState icon="workflow" title="No state was entered yet" />;
  return (
    <div className="timeline">
      <div className="row">
        <Legend />
        <span className="grow" />
        <span className="faint">{count(timeline.rowCount)} states</span>
        <IconButton label="Look closer (+)" icon="plus" onClick={() => zoomBy(1 / zoomFactor)} />
        <IconButton
          label="Look from further away (-)"
          icon="minus"
          onClick={() => zoomBy(zoomFactor)}
          disabled={zoom === null}
        />
        <Button kind="quiet" disabled={zoom === null} onClick={() => setZoom(null)}>
          Show the whole
        </Button>
      </div>
      <div className="timeline-frame">
        <Axis reference={track} range={range} start={start} onPan={pan} />
        <div
          ref={scroll}
          className="timeline-scroll"
          role="listbox"
          aria-label="States of the execution, in time"
          tabIndex={0}
          aria-activedescendant={index >= 0 ? `timeline-${selected}` : undefined}
          onKeyDown={pressed}
          onWheel={wheel}
        >
          <div role="presentation" style={{ height: virtualizer.getTotalSize(), position: 'relative' }}>
            {virtualizer.getVirtualItems().map((item) => {
              const line = lines[item.index]!;
              return (
                <LineView
                  key={line.row.number}
                  line={line}
                  top={item.start}
                  range={range}
                  now={now}
                  isSelected={line.row.number === selected}
                  onSelect={() => onSelect(line.row.number)}
                  onToggle={() => toggle(line.row.number)}
                />
              );
            })}
            <Marks timeline={timeline} range={range} now={now} />
          </div>
        </div>
      </div>
      <p className="faint">
        Keys: <kbd>j</kbd> <kbd>k</kbd> move, <kbd>+</kbd> <kbd>-</kbd> <kbd>0</kbd> zoom, <kbd>z</kbd> fits the
        selected, arrows open and pan.
      </p>
    </div>
  );
}

function rangeOf(from: number, to: number, start: number, end: number): Range {
  const [low, high] = clamp(from, to, start, end);
  return { from: low, to: high };
}

const shareOf = (time: number, range: Range) => ((time - range.from) / (range.to - range.from)) * 100;

/** The time since the beginning; dragging pans what was zoomed into. */
function Axis({
  reference,
  range,
  start,
  onPan,
}: {
  reference: React.RefObject<HTMLDivElement | null>;
  range: Range;
  start: number;
  onPan: (share: number) => void;
}) {
  const last = useRef<number | null>(null);
  const moved = (event: PointerEvent<HTMLDivElement>) => {
    if (last.current === null) return;
    onPan((last.current - event.clientX) / event.currentTarget.clientWidth);
    last.current = event.clientX;
  };
  const first = range.from - start;
  const length = range.to - range.from;
  const ticks = ticksOf(length, 7);
  const stepLength = ticks[1] ?? length;
  const begin = Math.ceil(first / stepLength) * stepLength;
  return (
    <div
      ref={reference}
      className="timeline-axis"
      aria-hidden="true"
      onPointerMove={moved}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        last.current = event.clientX;
      }}
      onPointerUp={() => {
        last.current = null;
      }}
    >
      {ticks
        .map((tick) => begin + tick)
        .filter((tick) => tick < first + length)
        .map((tick) => (
          <span key={tick} className="timeline-tick" style={{ left: `${((tick - first) / length) * 100}%` }}>
            {duration(tick)}
          </span>
        ))}
    </div>
  );
}

function LineView({
  line,
  top,
  range,
  now,
  isSelected,
  onSelect,
  onToggle,
}: {
  line: Line;
  top: number;
  range: Range;
  now: number;
  isSelected: boolean;
  onSelect: () => void;
  onToggle: () => void;
}) {
  const { row } = line;
  const from = Date.parse(row.enteredAt);
  const to = row.exitedAt ? Date.parse(row.exitedAt) : now;
  const took = duration(Math.max(0, to - from));
  const end = shareOf(to, range);
  const isContainer = containers.includes(row.type);
  return (
    <div
      role="option"
      id={`timeline-${row.number}`}
      aria-selected={isSelected}
      className="timeline-line"
      onClick={onSelect}
      style={{ transform: `translateY(${top}px)` }}
    >
      <div className="timeline-name" style={{ paddingLeft: 8 + Math.min(line.depth, 10) * indentPixels }}>
        {line.below > 0 ? (
          // For the pointer: the keys left and right do the same.
          <span
            className="timeline-toggle"
            aria-hidden="true"
            onClick={(event) => {
              event.stopPropagation();
              onToggle();
            }}
          >
            <Icon name={line.isOpen ? 'down' : 'right'} size={12} />
          </span>
        ) : (
          <span className="timeline-leaf" />
        )}
        <span className={`timeline-dot timeline-is-${row.status}`} />
        <span className="ellipsis" title={row.state}>
          {visible(row.state)}
        </span>
        <span className="visually-hidden">
          , {row.type}, {row.status}
        </span>
        {row.index !== undefined && <span className="timeline-index">[{row.index}]</span>}
        {row.attempts.length > 1 && <span className="timeline-index">×{row.attempts.length}</span>}
        {line.below > 0 && !line.isOpen && <span className="timeline-below">{count(line.below)}</span>}
      </div>
      <div className="timeline-track">
        {segmentsOf(row, now).map((segment, place) => {
          const left = Math.max(-1, shareOf(segment.from, range));
          const right = Math.min(101, shareOf(segment.to, range));
          return right < 0 || left > 100 ? null : (
            <span
              key={place}
              title={`${segment.title}, ${duration(segment.to - segment.from)}`}
              className={`timeline-bar timeline-${segment.kind} ${isContainer ? 'timeline-container' : ''}`}
              style={{ left: `${left}%`, width: `${Math.max(0, right - left)}%` }}
            />
          );
        })}
        {end >= 0 &&
          end <= 100 &&
          (end > 88 ? (
            <span className="timeline-time" style={{ right: `${100 - Math.max(0, shareOf(from, range))}%` }}>
              {took}
            </span>
          ) : (
            <span className="timeline-time" style={{ left: `${end}%` }}>
              {took}
            </span>
          ))}
      </div>
    </div>
  );
}

/** When it was paused, and taken up again. */
function Marks({ timeline, range, now }: { timeline: TimelineData; range: Range; now: number }) {
  if (timeline.pauses.length === 0 && timeline.redrives.length === 0) return null;
  return (
    <div
      aria-hidden="true"
      style={{
        position: 'absolute',
        inset: 0,
        left: 'var(--timeline-names)',
        overflow: 'hidden',
        pointerEvents: 'none',
      }}
    >
      {timeline.pauses.map((pause) => {
        const left = Math.max(0, shareOf(Date.parse(pause.from), range));
        const right = Math.min(100, shareOf(pause.to ? Date.parse(pause.to) : now, range));
        return (
          right > left && (
            <span key={pause.from} className="timeline-pause" style={{ left: `${left}%`, width: `${right - left}%` }} />
          )
        );
      })}
      {timeline.redrives.map((at) => (
        <span key={at} className="timeline-redrive" style={{ left: `${shareOf(Date.parse(at), range)}%` }} />
      ))}
    </div>
  );
}

function Legend() {
  return (
    <div className="timeline-legend" aria-hidden="true">
      <span>
        <i className="timeline-bar timeline-succeeded" /> worked
      </span>
      <span>
        <i className="timeline-bar timeline-failed" /> failed
      </span>
      <span>
        <i className="timeline-bar timeline-running" /> goes on
      </span>
      <span>
        <i className="timeline-bar timeline-wait" /> waits
      </span>
      <span>
        <i className="timeline-bar timeline-retry" /> until tried again
      </span>
    </div>
  );
}
