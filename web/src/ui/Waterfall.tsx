import { useDeferredValue, useEffect, useId, useMemo, useRef, useState, type KeyboardEvent } from 'react';
import { useVirtualizer } from '@tanstack/react-virtual';
import { Button } from './Button';
import { axisOf, idleTimes } from './WaterfallAxis';
import { WaterfallMinimap } from './WaterfallMinimap';
import {
  coloursOf,
  criticalPath,
  endOf,
  rowsOf,
  treeOf,
  walk,
  type WaterfallNode,
  type WaterfallSpan,
} from './WaterfallModel';
import { WaterfallRow } from './WaterfallRow';
import { WaterfallLegend, WaterfallRuler } from './WaterfallRuler';
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
  const idle = useMemo(() => idleTimes(spans, whole), [spans, whole]);
  const [isFolded, setFolded] = useState(true);
  const axis = useMemo(() => axisOf(whole, isFolded ? idle : []), [whole, idle, isFolded]);
  const [collapsed, setCollapsed] = useState<ReadonlySet<string>>(new Set());
  const [zoom, setZoom] = useState<[number, number] | null>(null);
  const rows = useMemo(() => rowsOf(roots, collapsed), [roots, collapsed]);
  const scroll = useRef<HTMLDivElement>(null);
  const treeId = useId();
  const [from, to] = zoom ?? [0, axis.length];
  const shownRange = useDeferredValue({ from, to });
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => rowPixels,
    overscan: 10,
  });
  const selectedIndex = rows.findIndex((row) => row.node.span.id === selectedId);

  useEffect(() => {
    if (selectedIndex >= 0) virtualizer.scrollToIndex(selectedIndex, { align: 'auto' });
    // Only when another one is selected: scrolling is the reader's otherwise.
  }, [selectedId]);

  const toggle = (id: string, open: boolean) =>
    setCollapsed((before) => {
      const next = new Set(before);
      if (open) next.delete(id);
      else next.add(id);
      return next;
    });
  const zoomTo = (node: WaterfallNode) => {
    const [begin, end] = [axis.place(node.span.offset), axis.place(endOf(node))];
    const margin = Math.max((end - begin) * 0.05, axis.length * 0.0005);
    setZoom([Math.max(0, begin - margin), Math.min(axis.length, end + margin)]);
  };
  const pressed = (event: KeyboardEvent) => {
    const done = move(event.key, {
      rows,
      index: selectedIndex,
      toggle,
      select: (id) => onSelect?.(id),
      zoomTo,
      zoomOut: () => setZoom(null),
    });
    if (done) event.preventDefault();
  };
  const items = virtualizer.getVirtualItems();
  const activeId = items.some((item) => item.index === selectedIndex) ? `${treeId}-${selectedIndex}` : undefined;

  return (
    <div className="waterfall">
      <div className="waterfall-bar">
        <WaterfallLegend colours={colours} />
        <span className="grow" />
        {idle.length > 0 && (
          <Button
            kind="quiet"
            aria-pressed={isFolded}
            title="Long times in which nothing happened"
            onClick={() => {
              setFolded(!isFolded);
              setZoom(null);
            }}
          >
            {isFolded ? 'Unfold idle time' : 'Fold idle time'}
          </Button>
        )}
        {zoom && (
          <Button kind="quiet" icon="search" onClick={() => setZoom(null)}>
            Show the whole
          </Button>
        )}
        {collapsed.size > 0 && (
          <Button kind="quiet" onClick={() => setCollapsed(new Set())}>
            Expand all
          </Button>
        )}
        {collapsed.size === 0 && rows.length > roots.length && (
          <Button kind="quiet" onClick={() => setCollapsed(new Set(parentsOf(roots)))}>
            Collapse all
          </Button>
        )}
      </div>
      {spans.length > minimapAbove && (
        <WaterfallMinimap rows={rows} colours={colours} axis={axis} zoom={zoom} onZoom={setZoom} />
      )}
      <WaterfallRuler from={shownRange.from} to={shownRange.to} axis={axis} />
      <div
        ref={scroll}
        className="waterfall-scroll"
        role="tree"
        aria-label={label}
        tabIndex={0}
        onKeyDown={pressed}
        aria-activedescendant={activeId}
        style={{ maxHeight }}
      >
        <div role="none" style={{ height: virtualizer.getTotalSize(), position: 'relative' }}>
          {items.map((item) => {
            const row = rows[item.index]!;
            return (
              <WaterfallRow
                key={row.node.span.id}
                id={`${treeId}-${item.index}`}
                top={item.start}
                node={row.node}
                isCollapsed={row.isCollapsed}
                isSelected={item.index === selectedIndex}
                isCritical={critical.has(row.node.span.id)}
                colour={colours.get(row.node.span.group) ?? 1}
                from={shownRange.from}
                to={shownRange.to}
                axis={axis}
                onSelect={() => onSelect?.(row.node.span.id)}
                onZoom={() => zoomTo(row.node)}
                onToggle={() => toggle(row.node.span.id, row.isCollapsed)}
              />
            );
          })}
        </div>
      </div>
    </div>
  );
}

function parentsOf(roots: WaterfallNode[]): string[] {
  return [...walk(roots)].filter((node) => node.children.length > 0).map((node) => node.span.id);
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
    case 'ArrowDown':
    case 'j':
      go(index + 1);
      return true;
    case 'ArrowUp':
    case 'k':
      go(index < 0 ? 0 : index - 1);
      return true;
    case 'Home':
      go(0);
      return true;
    case 'End':
      go(rows.length - 1);
      return true;
    case 'Escape':
      zoomOut();
      return true;
    case 'z':
      if (at) zoomTo(at.node);
      return true;
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
    default:
      return false;
  }
}
