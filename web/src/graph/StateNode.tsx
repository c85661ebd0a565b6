import { Handle, Position, type Node, type NodeProps } from '@xyflow/react';
import { createContext, useContext } from 'react';
import type { DrawnNode, DrawnScope } from './drawing';
import type { GraphOverlay, StateOverlay } from './overlay';
import { statusWords } from './overlay';
import { familyOf, iconOf, StateIcon } from './StateIcon';

/** What nodes and ways need to know besides their own shape; it changes without a new layout. */
export interface GraphState {
  overlay: GraphOverlay | undefined;
  selected: string | null;
  /** The one that the Tab key comes to. */
  focusable: string | null;
  /** Problems by the ids of states. */
  problems: ReadonlyMap<string, { count: number; isError: boolean; text: string }>;
  /** Where something would be dropped. */
  highlight: string | null;
  isEditable: boolean;
  select: (id: string | null) => void;
}

export const GraphContext = createContext<GraphState>({
  overlay: undefined, selected: null, focusable: null, problems: new Map(), highlight: null, isEditable: false,
  select: () => undefined,
});

export type FlowNode = Node<{ drawn: DrawnNode }>;
export type FrameNodeType = Node<{ scope: DrawnScope }>;

export function StateNode({ data }: NodeProps<FlowNode>) {
  const graph = useContext(GraphContext);
  const { drawn } = data;
  const state = drawn.state!;
  const overlay = graph.overlay?.states.get(state.name);
  const problem = graph.problems.get(drawn.id);
  const status = graph.overlay === undefined ? null : overlay?.status ?? 'idle';
  const classes = [
    'graph-state', `graph-${familyOf(state)}`, drawn.kind === 'container' && 'graph-container',
    graph.selected === drawn.id && 'graph-selected', graph.highlight === drawn.id && 'graph-target',
    status !== null && `graph-is-${status}`, problem && (problem.isError ? 'graph-wrong' : 'graph-doubtful'),
  ];
  return (
    <div className={classes.filter(Boolean).join(' ')} data-state={state.name} data-status={status ?? undefined}>
      <button type="button" className="graph-face" data-node={drawn.id} data-testid={`state-${state.name}`}
        tabIndex={graph.focusable === drawn.id ? 0 : -1} aria-pressed={graph.selected === drawn.id}
        aria-label={faceLabel(drawn, graph, overlay)} title={problem?.text ?? `${state.name}: ${drawn.subtitle}`}
        onClick={() => graph.select(drawn.id)}>
        <span className="graph-icon"><StateIcon name={iconOf(state)} /></span>
        <span className="graph-words">
          <span className="graph-name">{state.name}</span>
          <span className="graph-subtitle">{drawn.subtitle}</span>
        </span>
        <Marks overlay={overlay} problem={problem} />
      </button>
      <Handles isEditable={graph.isEditable} hasSource={state.type !== 'Succeed' && state.type !== 'Fail'} />
    </div>
  );
}

function faceLabel(drawn: DrawnNode, graph: GraphState, overlay: StateOverlay | undefined): string {
  const problem = graph.problems.get(drawn.id);
  const parts = [drawn.title, drawn.state!.type, drawn.subtitle];
  if (graph.overlay !== undefined) parts.push(statusWords(overlay));
  if (problem !== undefined) parts.push(`${problem.count} ${problem.count === 1 ? 'problem' : 'problems'}: ${problem.text}`);
  return parts.join(', ');
}

const marks: Record<string, string> = {
  succeeded: '✓', failed: '✕', caught: '↪', aborted: '■', skipped: '⤼', retrying: '↻', waiting: '◷', running: '',
};

function Marks({ overlay, problem }: {
  overlay: StateOverlay | undefined; problem: { count: number; isError: boolean } | undefined;
}) {
  return (
    <span className="graph-marks" aria-hidden="true">
      {problem && <span className="graph-problem" data-testid="state-problem">{problem.count}</span>}
      {overlay && overlay.entered > 1 && (
        <span className="graph-count" title={`entered ${overlay.entered} times`}>
          {overlay.open > 0 ? `${overlay.entered - overlay.open}/${overlay.entered}` : `×${overlay.entered}`}
        </span>
      )}
      {overlay && overlay.retries > 0 && <span className="graph-count graph-retries">↻{overlay.retries}</span>}
      {overlay?.status && <span className={`graph-status graph-status-${overlay.status}`}>{marks[overlay.status]}</span>}
    </span>
  );
}

// Ways are drawn from the layout; handles are only there so that they may be drawn by hand.
function Handles({ isEditable, hasSource }: { isEditable: boolean; hasSource: boolean }) {
  return (
    <>
      <Handle type="target" position={Position.Top} isConnectable={isEditable} className="graph-handle" />
      <Handle type="source" position={Position.Bottom} isConnectable={isEditable && hasSource} className="graph-handle" />
    </>
  );
}

/** The frame of a branch or a processor. */
export function FrameNode({ data }: NodeProps<FrameNodeType>) {
  const { highlight } = useContext(GraphContext);
  const { scope } = data;
  return (
    <div className={highlight === scope.id ? 'graph-scope graph-scope-target' : 'graph-scope'} data-scope={scope.id} aria-hidden="true">
      <span>{scope.title}</span>
    </div>
  );
}

/** Where a scope begins or ends. */
export function MarkerNode({ data }: NodeProps<FlowNode>) {
  const { drawn } = data;
  const isLabelled = drawn.width > 40;
  return (
    <div className={`graph-marker graph-marker-${drawn.kind}`} aria-hidden="true">
      {isLabelled ? drawn.title : null}
      <Handles isEditable={false} hasSource={drawn.kind === 'start'} />
    </div>
  );
}

/** A name that a way leads to, and that no state has. */
export function MissingNode({ data }: NodeProps<FlowNode>) {
  return (
    <div className="graph-missing" role="note">
      <strong>{data.drawn.title}</strong>
      <span>{data.drawn.subtitle}</span>
      <Handles isEditable={false} hasSource={false} />
    </div>
  );
}

/** What starts executions. */
export function TriggerNode({ data }: NodeProps<FlowNode>) {
  const graph = useContext(GraphContext);
  const { drawn } = data;
  return (
    <div className={graph.selected === drawn.id ? 'graph-trigger graph-selected' : 'graph-trigger'}>
      <button type="button" className="graph-face" data-node={drawn.id} data-testid={`trigger-${drawn.title}`}
        aria-label={`Trigger ${drawn.title}, ${drawn.subtitle}`} onClick={() => graph.select(drawn.id)}>
        <span className="graph-icon"><StateIcon name="schedule" /></span>
        <span className="graph-words">
          <span className="graph-name">{drawn.title}</span>
          <span className="graph-subtitle">{drawn.subtitle}</span>
        </span>
      </button>
      <Handles isEditable={false} hasSource />
    </div>
  );
}
