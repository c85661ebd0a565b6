import { useMemo, useRef } from 'react';
import { readDocument } from '../asl/document';
import type { MachineDocument } from '../asl/document';
import { GraphCanvas } from './GraphCanvas';
import { layout } from './layout';
import type { GraphOverlay } from './overlay';

export { overlayOf } from './overlay';
export type { GraphAnswer, GraphOverlay, GraphViewAnswer, StateOverlay } from './overlay';

export interface MachineGraphProps {
  /** The definition's text, as DescribeStateMachine or an execution has it. */
  definition: string;
  /**
   * What an execution made of it: `overlayOf(answer.graph)` of `GET /v1/executions/MACHINE/NAME/graph`. It may change
   * every second; the layout stays as long as the definition does. Without it, the definition alone is drawn.
   */
  overlay?: GraphOverlay;
  /** The name of the state that is selected; names are unique over the whole machine. */
  selected?: string | null;
  /** Called with the name of a state, or null when the ground is clicked or Escape is pressed. */
  onSelect?: (name: string | null) => void;
  /** What it is a drawing of, for those who do not see it. Default: "State machine". */
  label?: string;
}

/**
 * The drawing of a state machine, to be looked at: states, ways between them, what is inside of containers, and what an
 * execution made of each. It fills its parent, which needs a height. Arrow keys walk along the ways; a list of the
 * states is there for screen readers. A text that is no definition is told as such.
 */
export function MachineGraph({ definition, overlay, selected = null, onSelect, label }: MachineGraphProps) {
  const document = useDefinition(definition);
  const drawing = useMemo(() => (document === null ? null : layout(document)), [document]);
  if (document === null || drawing === null) {
    return <p className="graph-unreadable">This definition is not JSON, so there is nothing to draw.</p>;
  }
  const idOf = (name: string | null) => [...document.states.values()].find((state) => state.name === name)?.id ?? null;
  return (
    <GraphCanvas drawing={drawing} overlay={overlay} selected={idOf(selected)} label={label ?? 'State machine'}
      onSelect={(id) => onSelect?.(id === null ? null : document.states.get(id)?.name ?? null)} />
  );
}

/** The last document that the text was, so that a drawing outlives what is wrong for a moment. */
export function useDefinition(definition: string): MachineDocument | null {
  const last = useRef<MachineDocument | null>(null);
  const read = useMemo(() => readDocument(definition).document, [definition]);
  last.current = read ?? last.current;
  return last.current;
}
