import { duration } from './format';
import { Icon } from './Icon';
import { visible } from './text';
import type { Axis } from './WaterfallAxis';
import { endOf, placeOf, type WaterfallNode, type WaterfallSpan } from './WaterfallModel';

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
  axis: Axis;
  onSelect: () => void;
  onToggle: () => void;
  onZoom: () => void;
}

/** A span as a row of the tree, with its bar on the axis. */
export function WaterfallRow({
  id,
  top,
  node,
  isCollapsed,
  isSelected,
  isCritical,
  colour,
  from,
  to,
  axis,
  onSelect,
  onToggle,
  onZoom,
}: RowProps) {
  const { span } = node;
  const offset = axis.place(span.offset);
  const place = placeOf({ offset, duration: axis.place(endOf(node)) - offset }, from, to);
  const text = span.isOpen ? `${duration(span.duration)} so far` : duration(span.duration);
  const side = place === null || place.left + place.width < 78 ? 'after' : place.left > 16 ? 'before' : 'within';
  return (
    <div
      id={id}
      role="treeitem"
      aria-level={node.depth + 1}
      aria-selected={isSelected}
      aria-expanded={node.children.length > 0 ? !isCollapsed : undefined}
      className={`waterfall-row${isSelected ? ' waterfall-selected' : ''}${isCritical ? ' waterfall-critical' : ''}`}
      style={{ transform: `translateY(${top}px)` }}
      onClick={onSelect}
      onDoubleClick={onZoom}
    >
      <div className="waterfall-name" style={{ paddingLeft: 6 + Math.min(node.depth, 24) * 14 }}>
        <span
          className={node.children.length > 0 ? 'waterfall-toggle' : 'waterfall-toggle waterfall-leaf'}
          aria-hidden="true"
          onClick={(event) => {
            event.stopPropagation();
            if (node.children.length > 0) onToggle();
          }}
        >
          {node.children.length > 0 && <Icon name={isCollapsed ? 'right' : 'down'} size={11} />}
        </span>
        <span className={`waterfall-dot ${colourClass(span, colour)}`} aria-hidden="true" />
        {node.hasError && (isCollapsed || span.isError) && (
          <span className="waterfall-error">
            <Icon name="error" size={12} />
          </span>
        )}
        <span className="ellipsis" title={visible(span.name)}>
          {visible(span.name)}
        </span>
        <span className="visually-hidden">
          {span.group !== span.name && `, ${span.group}`}
          {span.isError && ', failed'}
          {isCritical && ', on the critical path'}
        </span>
        {isCollapsed && (
          <span className="waterfall-below">
            {node.below}
            <span className="visually-hidden"> below</span>
          </span>
        )}
      </div>
      <div className="waterfall-track">
        {place && (
          <>
            <span
              className={[
                'waterfall-span',
                colourClass(span, colour),
                span.isError && 'waterfall-failed',
                span.isOpen && 'waterfall-open',
              ]
                .filter(Boolean)
                .join(' ')}
              style={{ left: `${place.left}%`, width: `max(2px, ${place.width}%)` }}
            />
            <span
              className={side === 'within' ? 'waterfall-time waterfall-time-within' : 'waterfall-time'}
              style={
                side === 'after'
                  ? { left: `${place.left + place.width}%` }
                  : { right: `${100 - place.left - (side === 'within' ? place.width : 0)}%` }
              }
            >
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
