import {
  Background, BackgroundVariant, MarkerType, MiniMap, Panel, ReactFlow, ReactFlowProvider, useReactFlow, useStore,
  type Connection, type EdgeTypes, type NodeTypes,
} from '@xyflow/react';
import '@xyflow/react/dist/base.css';
import { useEffect, useLayoutEffect, useMemo, useRef, type DragEvent, type KeyboardEvent, type ReactNode } from 'react';
import { IconButton } from '../ui/Button';
import type { Drawing, DrawnNode, DrawnScope, Point } from './drawing';
import type { GraphOverlay } from './overlay';
import { statusWords } from './overlay';
import { FrameNode, GraphContext, MarkerNode, MissingNode, StateNode, TriggerNode } from './StateNode';
import type { FlowNode, FrameNodeType, GraphState } from './StateNode';
import { walk } from './walk';
import type { Direction } from './walk';
import WayEdge from './WayEdge';
import type { FlowEdge } from './WayEdge';
import './graph.css';

export interface GraphCanvasProps {
  drawing: Drawing;
  label: string;
  overlay?: GraphOverlay;
  /** The id of a state, a way or a trigger. */
  selected?: string | null;
  onSelect?: (id: string | null) => void;
  problems?: GraphState['problems'];
  highlight?: string | null;
  /** When given, ways can be drawn by hand and things can be dropped. */
  edit?: {
    onConnect: (from: string, to: string) => void;
    onDragOver: (event: DragEvent, at: Point) => void;
    onDragLeave: () => void;
    onDrop: (event: DragEvent, at: Point) => void;
    onKey: (event: KeyboardEvent) => void;
  };
  children?: ReactNode;
}

const nodeTypes: NodeTypes = {
  state: StateNode, container: StateNode, start: MarkerNode, end: MarkerNode, missing: MissingNode, trigger: TriggerNode,
  frame: FrameNode,
};
const edgeTypes: EdgeTypes = { way: WayEdge };
const noProblems: GraphState['problems'] = new Map();
const MANY_NODES = 60;
const READABLE_ZOOM = 0.6;

export function GraphCanvas(props: GraphCanvasProps) {
  return (
    <ReactFlowProvider>
      <Canvas {...props} />
    </ReactFlowProvider>
  );
}

function Canvas({ drawing, label, overlay, selected = null, onSelect, problems, highlight, edit, children }: GraphCanvasProps) {
  const flow = useReactFlow();
  const host = useRef<HTMLDivElement>(null);
  const nodes = useMemo(() => [...drawing.scopes.map(frameNode), ...drawing.nodes.map(flowNode)], [drawing]);
  const edges = useMemo(() => flowEdges(drawing), [drawing]);
  useFirstView(drawing);
  const select = useRef(onSelect);
  select.current = onSelect;
  const focusable = drawing.nodes.some((node) => node.id === selected && node.state !== null)
    ? selected
    : walk(drawing, null, 'down');
  const isEditable = edit !== undefined;
  const context = useMemo<GraphState>(() => ({
    overlay, selected, focusable, problems: problems ?? noProblems, highlight: highlight ?? null, isEditable,
    select: (id) => select.current?.(id),
  }), [overlay, selected, focusable, problems, highlight, isEditable]);

  useReveal(drawing, selected, host);
  const pressed = (event: KeyboardEvent) => {
    const direction = directions[event.key];
    const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey;
    if (direction !== undefined && isPlain) {
      const next = drawing.nodes.find((node) => node.id === walk(drawing, selected, direction));
      event.preventDefault();
      if (next === undefined) return;
      onSelect?.(next.id);
      focusSoon(host.current, next.id);
      return;
    }
    if (event.key === 'Escape') onSelect?.(null);
    edit?.onKey(event);
  };
  const at = (event: DragEvent): Point => flow.screenToFlowPosition({ x: event.clientX, y: event.clientY });
  return (
    <div className="graph" ref={host} role="group" aria-label={`${label}: arrow keys walk along the ways`}
      onKeyDown={pressed} data-testid="graph"
      onDragOver={edit && ((event) => edit.onDragOver(event, at(event)))} onDragLeave={edit?.onDragLeave}
      onDrop={edit && ((event) => edit.onDrop(event, at(event)))}>
      <GraphContext.Provider value={context}>
        <ReactFlow<FlowNode | FrameNodeType, FlowEdge> nodes={nodes} edges={edges} nodeTypes={nodeTypes} edgeTypes={edgeTypes}
          nodesDraggable={false} nodesFocusable={false} edgesFocusable={false} elementsSelectable={false}
          nodesConnectable={isEditable} disableKeyboardA11y onlyRenderVisibleElements={nodes.length > MANY_NODES}
          minZoom={0.05} maxZoom={1.6} proOptions={{ hideAttribution: true }} zoomOnDoubleClick={false}
          onPaneClick={() => onSelect?.(null)}
          onEdgeClick={(_, edge) => isEditable && edge.data?.drawn.kind !== 'end' && onSelect?.(edge.id)}
          onConnect={(connection: Connection) => edit?.onConnect(connection.source, connection.target)}>
          <Background variant={BackgroundVariant.Dots} gap={20} size={1.2} color="var(--line-strong)" />
          {nodes.length > MANY_NODES && <MiniMap pannable zoomable ariaLabel="Overview" className="graph-overview" />}
          <Panel position="bottom-left" className="graph-zoom">
            <IconButton label="Zoom in" icon="plus" onClick={() => void flow.zoomIn()} />
            <IconButton label="Zoom out" icon="minus" onClick={() => void flow.zoomOut()} />
            <IconButton label="Show all" icon="search" onClick={() => void flow.fitView({ padding: 0.08 })} />
          </Panel>
          {children}
        </ReactFlow>
      </GraphContext.Provider>
      <StateList drawing={drawing} overlay={overlay} label={label} />
    </div>
  );
}

const directions: Record<string, Direction> = { ArrowUp: 'up', ArrowDown: 'down', ArrowLeft: 'left', ArrowRight: 'right' };

// What was out of sight is drawn only after it has come into sight.
function focusSoon(host: HTMLElement | null, id: string, tries = 5): void {
  const face = host?.querySelector<HTMLElement>(`[data-node="${CSS.escape(id)}"]`);
  if (face) face.focus({ preventScroll: true });
  else if (tries > 0) requestAnimationFrame(() => focusSoon(host, id, tries - 1));
}

// A drawing begins at its top, as large as fits: a long machine shown whole could not be read.
function useFirstView(drawing: Drawing): void {
  const flow = useReactFlow();
  const width = useStore((state) => state.width);
  const height = useStore((state) => state.height);
  const shown = useRef(false);
  const anchor = useRef<Point | null>(null);
  // A new layout moves everything; where it begins stays where it was on the screen.
  useLayoutEffect(() => {
    const start = drawing.nodes.find((node) => node.kind === 'start');
    if (start === undefined) return;
    const before = anchor.current;
    anchor.current = { x: start.x + start.width / 2, y: start.y };
    if (!shown.current || before === null) return;
    const { x, y, zoom } = flow.getViewport();
    const [across, down] = [before.x - anchor.current.x, before.y - anchor.current.y];
    if (across !== 0 || down !== 0) void flow.setViewport({ x: x + across * zoom, y: y + down * zoom, zoom });
  }, [drawing, flow]);
  useEffect(() => {
    if (shown.current || width === 0 || height === 0 || drawing.width === 0) return;
    shown.current = true;
    const whole = Math.min((width - 32) / drawing.width, (height - 48) / drawing.height, 1);
    const zoom = whole >= READABLE_ZOOM ? whole : READABLE_ZOOM;
    const isWide = drawing.width * zoom > width - 32;
    const start = drawing.nodes.find((node) => node.kind === 'start')!;
    const middle = isWide ? start.x + start.width / 2 : drawing.width / 2;
    void flow.setViewport({
      x: width / 2 - middle * zoom, y: Math.max(24, (height - drawing.height * zoom) / 3), zoom,
    });
  }, [flow, width, height, drawing]);
}

// What is selected from elsewhere, or was added below the edge, comes into sight.
function useReveal(drawing: Drawing, selected: string | null, host: { current: HTMLDivElement | null }): void {
  const flow = useReactFlow();
  useEffect(() => {
    const node = drawing.nodes.find((known) => known.id === selected);
    const box = host.current?.getBoundingClientRect();
    if (node === undefined || box === undefined || box.width === 0) return;
    const { x, y, zoom } = flow.getViewport();
    const [left, top] = [node.x * zoom + x, node.y * zoom + y];
    const isSeen = left >= 0 && top >= 0 && left + Math.min(node.width * zoom, 200) <= box.width && top + 60 * zoom <= box.height;
    if (!isSeen) void flow.setCenter(node.x + node.width / 2, node.y + Math.min(node.height, 200) / 2, { zoom });
  }, [drawing, selected, flow, host]);
}

function frameNode(scope: DrawnScope): FrameNodeType {
  const { width, height } = scope;
  return {
    id: `${scope.id}#frame`, type: 'frame', data: { scope }, position: { x: scope.x, y: scope.y }, width, height,
    measured: { width, height }, draggable: false, zIndex: scope.depth * 2 - 1, style: { pointerEvents: 'none' },
  };
}

function flowNode(drawn: DrawnNode): FlowNode {
  const { width, height } = drawn;
  return {
    id: drawn.id, type: drawn.kind, data: { drawn }, position: { x: drawn.x, y: drawn.y }, width, height,
    measured: { width, height }, draggable: false, zIndex: drawn.depth * 2 + (drawn.kind === 'container' ? 0 : 1),
    // The library takes nodes that it neither drags nor selects for decoration.
    style: { pointerEvents: drawn.kind === 'start' || drawn.kind === 'end' ? 'none' : 'all' },
    handles: [
      { type: 'target', position: 'top' as never, x: width / 2, y: 0, width: 1, height: 1 },
      { type: 'source', position: 'bottom' as never, x: width / 2, y: height, width: 1, height: 1 },
    ],
  };
}

function flowEdges(drawing: Drawing): FlowEdge[] {
  const names = new Map(drawing.nodes.map((node) => [node.id, node.state?.name ?? null]));
  const depths = new Map(drawing.nodes.map((node) => [node.id, node.depth]));
  return drawing.edges.map((drawn) => ({
    id: drawn.id, type: 'way', source: drawn.from, target: drawn.to, zIndex: (depths.get(drawn.from) ?? 0) * 2 + 1,
    markerEnd: { type: MarkerType.ArrowClosed, width: 14, height: 14, color: 'var(--graph-arrow)' },
    data: { drawn, fromName: names.get(drawn.from) ?? null, toName: names.get(drawn.to) ?? null },
  }));
}

/** The same in words, for those who do not see the drawing. */
function StateList({ drawing, overlay, label }: { drawing: Drawing; overlay: GraphOverlay | undefined; label: string }) {
  const titles = useMemo(() => new Map(drawing.nodes.map((node) => [node.id, node.title])), [drawing]);
  return (
    <ol className="visually-hidden" aria-label={`States of ${label}`}>
      {drawing.nodes.filter((node) => node.state !== null).map((node) => (
        <li key={node.id}>
          {`${node.title}, ${node.state!.type}, ${node.subtitle}`}
          {overlay && `, ${statusWords(overlay.states.get(node.title))}`}
          {drawing.edges.filter((edge) => edge.from === node.id)
            .map((edge) => `; ${edge.words === '' ? '' : `${edge.words}: `}goes to ${titles.get(edge.to) ?? 'the end'}`).join('')}
        </li>
      ))}
    </ol>
  );
}
