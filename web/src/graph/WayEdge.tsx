import { BaseEdge, EdgeLabelRenderer, type Edge, type EdgeProps } from '@xyflow/react';
import { memo, useContext } from 'react';
import { pathOf } from './drawing';
import type { DrawnEdge } from './drawing';
import type { GraphOverlay } from './overlay';
import { GraphContext } from './StateNode';

/** Names instead of ids, by which an execution knows its ways. */
export interface WayData extends Record<string, unknown> {
  drawn: DrawnEdge;
  fromName: string | null;
  toName: string | null;
}

export type FlowEdge = Edge<WayData>;

function WayEdge({ id, data, markerEnd }: EdgeProps<FlowEdge>) {
  const graph = useContext(GraphContext);
  const { drawn } = data!;
  const taken = graph.overlay === undefined ? null : takenOf(graph.overlay, data!);
  const classes = [
    'graph-way', `graph-way-${drawn.kind}`, graph.selected === id && 'graph-way-selected',
    graph.highlight === id && 'graph-way-target', taken !== null && (taken > 0 ? 'graph-way-taken' : 'graph-way-idle'),
  ].filter(Boolean).join(' ');
  const canSelect = graph.isEditable && drawn.kind !== 'end' && drawn.kind !== 'trigger';
  return (
    <>
      <BaseEdge path={pathOf(drawn.points)} markerEnd={markerEnd} className={classes} interactionWidth={canSelect ? 24 : 0} />
      {drawn.labelAt !== null && (
        <EdgeLabelRenderer>
          <Label drawn={drawn} classes={classes} select={canSelect ? () => graph.select(id) : null}
            count={taken !== null && taken > 1 ? taken : null} />
        </EdgeLabelRenderer>
      )}
    </>
  );
}

function Label({ drawn, classes, select, count }: {
  drawn: DrawnEdge; classes: string; select: (() => void) | null; count: number | null;
}) {
  const style = { transform: `translate(-50%, -50%) translate(${drawn.labelAt!.x}px, ${drawn.labelAt!.y}px)` };
  const text = <>{drawn.label}{count !== null && <b> ×{count}</b>}</>;
  const className = `graph-label nopan nodrag ${classes}`;
  return select === null
    ? <span className={className} style={style} title={drawn.words}>{text}</span>
    : (
      <button type="button" tabIndex={-1} className={className} style={style} title={drawn.words} onClick={select}
        data-edge={drawn.id} aria-label={`Way: ${drawn.words}`}>
        {text}
      </button>
    );
}

function takenOf(overlay: GraphOverlay, { drawn, fromName, toName }: WayData): number {
  if (drawn.kind === 'trigger') return 0;
  if (drawn.kind === 'start') return overlay.states.get(toName ?? '')?.entered ?? 0;
  const from = overlay.states.get(fromName ?? '');
  if (drawn.kind === 'end') return from === undefined ? 0 : from.entered - from.open - from.failed;
  return overlay.taken(fromName ?? '', toName ?? '');
}

export default memo(WayEdge);
