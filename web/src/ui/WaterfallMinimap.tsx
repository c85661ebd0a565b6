import { useMemo, useRef, useState, type PointerEvent } from 'react';
import { duration } from './format';
import type { Axis } from './WaterfallAxis';
import type { WaterfallRow } from './WaterfallModel';

const unitsHigh = 48;
const unitsWide = 1000;
/** A drag shorter than this was meant as a click. */
const dragMin = 0.004;

interface MinimapProps {
  rows: WaterfallRow[];
  colours: Map<string, number>;
  axis: Axis;
  /** Places on the axis. */
  zoom: [number, number] | null;
  onZoom: (range: [number, number] | null) => void;
}

/** All spans, each a thin line; dragging over it chooses the part of time that is looked at, a click ends that. */
export function WaterfallMinimap({ rows, colours, axis, zoom, onZoom }: MinimapProps) {
  const drawing = useRef<SVGSVGElement>(null);
  const [drag, setDrag] = useState<{ start: number; end: number } | null>(null);
  const paths = useMemo(() => pathsOf(rows, colours, axis), [rows, colours, axis]);
  const at = (event: PointerEvent) => {
    const box = drawing.current!.getBoundingClientRect();
    return Math.min(Math.max((event.clientX - box.left) / box.width, 0), 1);
  };
  const ended = () => {
    if (!drag) return;
    const [low, high] = [Math.min(drag.start, drag.end), Math.max(drag.start, drag.end)];
    onZoom(high - low < dragMin ? null : [low * axis.length, high * axis.length]);
    setDrag(null);
  };
  const shown = drag
    ? [Math.min(drag.start, drag.end), Math.max(drag.start, drag.end)]
    : zoom?.map((place) => place / axis.length);
  return (
    <div
      className="waterfall-minimap"
      aria-hidden="true"
      title={zoom ? `${duration(axis.time(zoom[0]))} to ${duration(axis.time(zoom[1]))}` : 'Drag to look closer'}
    >
      <svg
        ref={drawing}
        viewBox={`0 0 ${unitsWide} ${unitsHigh}`}
        preserveAspectRatio="none"
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          setDrag({ start: at(event), end: at(event) });
        }}
        onPointerMove={(event) => drag && setDrag({ ...drag, end: at(event) })}
        onPointerUp={ended}
        onPointerCancel={() => setDrag(null)}
      >
        {paths.map(([name, path]) => (
          <path key={name} d={path} className={`waterfall-line-${name}`} vectorEffect="non-scaling-stroke" />
        ))}
        {shown && (
          <>
            <rect className="waterfall-outside" x="0" y="0" width={shown[0]! * unitsWide} height={unitsHigh} />
            <rect
              className="waterfall-outside"
              x={shown[1]! * unitsWide}
              y="0"
              width={(1 - shown[1]!) * unitsWide}
              height={unitsHigh}
            />
          </>
        )}
      </svg>
    </div>
  );
}

/** One path for each colour, so that thousands of spans are a handful of elements. */
function pathsOf(rows: WaterfallRow[], colours: Map<string, number>, axis: Axis): Array<[string, string]> {
  const parts = new Map<string, string[]>();
  const step = Math.min(5, (unitsHigh - 4) / Math.max(rows.length, 1));
  rows.forEach(({ node: { span } }, index) => {
    const name = span.isError ? 'error' : String(colours.get(span.group) ?? 1);
    const left = (axis.place(span.offset) / axis.length) * unitsWide;
    const right = Math.max((axis.place(span.offset + span.duration) / axis.length) * unitsWide, left + 1);
    const list = parts.get(name) ?? [];
    list.push(`M${left.toFixed(1)} ${(3 + index * step).toFixed(2)}H${right.toFixed(1)}`);
    parts.set(name, list);
  });
  return [...parts].map(([name, lines]) => [name, lines.join('')]);
}
