import { useDeferredValue, useEffect, useId, useMemo, useRef, useState, type KeyboardEvent } from 'react';
import { useVirtualizer } from '@tanstack/react-virtual';
import { Button } from './Button';
import { duration } from './format';
import { Icon } from './Icon';
import { WaterfallMinimap } from './WaterfallMinimap';
import {
  coloursOf, criticalPath, endOf, placeOf, rowsOf, ticksOf, treeOf, walk, type WaterfallNode, type WaterfallSpan,
} from './WaterfallModel';
import { visible } from './text';
import './Waterfall.css';

interface WaterfallProps {
  /** What it is of, for those who do not see it. */
  label: string;
  spans: WaterfallSpan[];
  /** Milliseconds of the whole. */
  length: number;
  selectedId?: string;
  onSelect?: (id: string) => void;
  /** Rows are drawn so high at most before it scrolls. */
  maxHeight?: number;
}

const rowPixels = 28;
/** Of few spans nothing need be looked for in a drawing of the whole. */
const minimapAbove = 6;

/** Spans on one axis, as a tree: the keyboard moves in it, dragging over the drawing of the whole looks closer. */
export function Waterfall({ label, spans, length, selectedId, onSelect, maxHeight = 620 }: WaterfallProps) {
  const roots = useMemo(() => treeOf(spans), [spans]);
  const critical = useMemo(() => criticalPath(roots), [roots]);
  const colours = useMemo(() => coloursOf(spans), [spans]);
  const whole = useMemo(() => Math.max(length, ...[...walk(roots)].map(endOf), 0.001), [roots, length]);
  const [collapsed, setCollapsed] = useState<ReadonlySet<string>>(new Set());
  const [zoom, setZoom] = useState<[number, number] | null>(null);
  const rows = useMemo(() => rowsOf(roots, collapsed), [roots, collapsed]);
  const scroll = useRef<HTMLDivElement>(null);
  const treeId = useId();
  const [from, to] = zoom ?? [0, whole];
  const shownRange = useDeferredValue({ from, to });
  const virtualizer = useVirtualizer({
    count: rows.length, getScrollElement: () => scroll.current, estimateSize: () => rowPixels, overscan: 10,
  });
  const selectedIndex = rows.findIndex((row) => row.node.span.id === selectedId);

  useEffect(() => {
    if (selectedIndex >= 0) virtualizer.scrollToIndex(selectedIndex, { align: 'auto' });
    // Only when another one is selected: scrolling is the reader's otherwise.
  }, [selectedId]);

  const toggle = (id: string, open: boolean) => setCollapsed((before) => {
    const next = new Set(before);
    if (open) next.delete(id);
    else next.add(id);
    return next;
  });
  const zoomTo = (node: WaterfallNode) => {
    const margin = Math.max(node.span.duration * 0.05, whole * 0.0005);
    setZoom([Math.max(0, node.span.offset - margin), Math.min(whole, endOf(node) + margin)]);
  };
  const pressed = (event: KeyboardEvent) => {
    const done = move(event.key, {
      rows, index: selectedIndex, toggle, select: (id) => onSelect?.(id), zoomTo, zoomOut: () => setZoom(null),
    });
    if (done) event.preventDefault();
  };
  const items = virtualizer.getVirtualItems();
  const activeId = items.some((item) => item.index === selectedIndex) ? `${treeId}-${selectedIndex}` : undefined;

  return (
    <div className="waterfall">
      <div className="waterfall-bar">
        <Legend colours={colours} />
        <span className="grow" />
        {zoom && <Button kind="quiet" icon="search" onClick={() => setZoom(null)}>Show the whole</Button>}
        <Button kind="quiet" onClick={() => setCollapsed(new Set())} disabled={collapsed.size === 0}>Expand all</Button>
        <Button kind="quiet" disabled={rows.length <= roots.length}
          onClick={() => setCollapsed(new Set([...walk(roots)].filter((node) => node.children.length > 0).map((node) => node.span.id)))}>
          Collapse all
        </Button>
      </div>
      {spans.length > minimapAbove && (
        <WaterfallMinimap rows={rows} colours={colours} whole={whole} zoom={zoom} onZoom={setZoom} />
      )}
      <Ruler from={shownRange.from} to={shownRange.to} />
      <div ref={scroll} className="waterfall-scroll" role="tree" aria-label={label} tabIndex={0} onKeyDown={pressed}
        aria-activedescendant={activeId} style={{ maxHeight }}>
        <div role="none" style={{ height: virtualizer.getTotalSize(), position: 'relative' }}>
          {items.map((item) => {
            const row = rows[item.index]!;
            return (
              <Row key={row.node.span.id} id={`${treeId}-${item.index}`} top={item.start} node={row.node}
                isCollapsed={row.isCollapsed} isSelected={item.index === selectedIndex}
                isCritical={critical.has(row.node.span.id)} colour={colours.get(row.node.span.group) ?? 1}
                from={shownRange.from} to={shownRange.to}
                onSelect={() => onSelect?.(row.node.span.id)} onZoom={() => zoomTo(row.node)}
                onToggle={() => toggle(row.node.span.id, row.isCollapsed)} />
            );
          })}
        </div>
      </div>
    </div>
  );
}

interface Moves {
  rows: ReturnType<typeof rowsOf>;
  index: number;
  toggle: (id: string, open: boolean) => void;
  select: (id: string) => void;
  zoomTo: (node: WaterfallNode) => void;
  zoomOut: () => void;
}

/** What a key does; whether it does anything. */
function move(key: string, { rows, index, toggle, select, zoomTo, zoomOut }: Moves): boolean {
  const at = rows[index];
  const go = (next: number) => {
    const row = rows[Math.min(Math.max(next, 0), rows.length - 1)];
    if (row) select(row.node.span.id);
  };
  switch (key) {
    case 'ArrowDown': case 'j': go(index + 1); return true;
    case 'ArrowUp': case 'k': go(index < 0 ? 0 : index - 1); return true;
    case 'Home': go(0); return true;
    case 'End': go(rows.length - 1); return true;
    case 'Escape': zoomOut(); return true;
    case 'z': if (at) zoomTo(at.node); return true;
    case 'ArrowRight':
      if (at?.isCollapsed) toggle(at.node.span.id, true);
      else if (at && at.node.children.length > 0) go(index + 1);
      return true;
    case 'ArrowLeft': {
      if (!at) return true;
      if (at.node.children.length > 0 && !at.isCollapsed) toggle(at.node.span.id, false);
      else {
        const parent = rows.slice(0, index).findLastIndex((row) => row.node.depth < at.node.depth);
        if (parent >= 0) go(parent);
      }
      return true;
    }
    default: return false;
  }
}

interface RowProps {
  id: string;
  top: number;
  node: WaterfallNode;
  isCollapsed: boolean;
  isSelected: boolean;
  isCritical: boolean;
  colour: number;
  from: number;
  to: number;
  onSelect: () => void;
  onToggle: () => void;
  onZoom: () => void;
}

function Row({ id, top, node, isCollapsed, isSelected, isCritical, colour, from, to, onSelect, onToggle, onZoom }: RowProps) {
  const { span } = node;
  const place = placeOf(span, from, to);
  const text = span.isOpen ? `${duration(span.duration)} so far` : duration(span.duration);
  const isLeft = place !== null && place.left + place.width > 78;
  return (
    <div id={id} role="treeitem" aria-level={node.depth + 1} aria-selected={isSelected}
      aria-expanded={node.children.length > 0 ? !isCollapsed : undefined}
      aria-label={`${span.name}, ${span.group}, ${text}${span.isError ? ', failed' : ''}${isCritical ? ', on the critical path' : ''}`}
      className={`waterfall-row${isSelected ? ' waterfall-selected' : ''}${isCritical ? ' waterfall-critical' : ''}`}
      style={{ transform: `translateY(${top}px)` }} onClick={onSelect} onDoubleClick={onZoom}>
      <div className="waterfall-name" style={{ paddingLeft: 6 + Math.min(node.depth, 24) * 14 }}>
        <span className={node.children.length > 0 ? 'waterfall-toggle' : 'waterfall-toggle waterfall-leaf'} aria-hidden="true"
          onClick={(event) => {
            event.stopPropagation();
            if (node.children.length > 0) onToggle();
          }}>
          {node.children.length > 0 && <Icon name={isCollapsed ? 'right' : 'down'} size={11} />}
        </span>
        <span className={`waterfall-dot ${colourClass(span, colour)}`} aria-hidden="true" />
        {node.hasError && (isCollapsed || span.isError) && <span className="waterfall-error"><Icon name="error" size={12} /></span>}
        <span className="ellipsis" title={visible(span.name)}>{visible(span.name)}</span>
        {isCollapsed && <span className="waterfall-below">{node.below}</span>}
      </div>
      <div className="waterfall-track">
        {place && (
          <>
            <span className={`waterfall-span ${colourClass(span, colour)}${span.isError ? ' waterfall-failed' : ''}${span.isOpen ? ' waterfall-open' : ''}`}
              style={{ left: `${place.left}%`, width: `max(2px, ${place.width}%)` }} />
            <span className={isLeft ? 'waterfall-time waterfall-time-left' : 'waterfall-time'}
              style={isLeft ? { right: `${100 - place.left}%` } : { left: `${place.left + place.width}%` }}>
              {text}
            </span>
          </>
        )}
      </div>
    </div>
  );
}

/** Phases have colours of their own, the same everywhere; the rest has that of whose it is. */
export function colourClass(span: WaterfallSpan, colour: number): string {
  return span.origin === 'phase' ? `waterfall-phase-${span.name}` : `waterfall-colour-${colour}`;
}

function Ruler({ from, to }: { from: number; to: number }) {
  return (
    <div className="waterfall-ruler" aria-hidden="true">
      <div className="waterfall-name" />
      <div className="waterfall-track">
        {ticksOf(from, to, 5).map((tick) => (
          <span key={tick} className="waterfall-tick" style={{ left: `${((tick - from) / (to - from)) * 100}%` }}>{duration(tick)}</span>
        ))}
      </div>
    </div>
  );
}

function Legend({ colours }: { colours: Map<string, number> }) {
  return (
    <ul className="waterfall-legend" aria-label="Colours">
      {[...colours].slice(0, 8).map(([group, colour]) => (
        <li key={group}><span className={`waterfall-dot waterfall-colour-${colour}`} aria-hidden="true" />{visible(group)}</li>
      ))}
      <li><span className="waterfall-critical-mark" aria-hidden="true" />critical path</li>
    </ul>
  );
}
