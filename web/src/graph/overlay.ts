/** What an execution made of a state; the words of `GET /v1/executions/MACHINE/NAME/graph`. */
export type StateStatus =
  | 'running' | 'waiting' | 'retrying' | 'succeeded' | 'caught' | 'failed' | 'aborted' | 'skipped';

/** A node of that answer, over all entries of the state. */
export interface GraphNodeAnswer {
  name: string;
  type: string;
  resource?: string;
  isEnd?: boolean;
  /** Missing when it was never entered. */
  status?: StateStatus;
  entered?: number;
  open?: number;
  succeeded?: number;
  caught?: number;
  failed?: number;
  aborted?: number;
  skipped?: number;
  retries?: number;
  graphs?: GraphViewAnswer[];
}

export interface GraphEdgeAnswer {
  from: string;
  to: string;
  kind: 'next' | 'choice' | 'default' | 'catch';
  label?: string;
  /** How often it was gone; ways between the same two states share it. */
  taken: number;
}

export interface GraphViewAnswer {
  startAt: string;
  nodes: GraphNodeAnswer[];
  edges: GraphEdgeAnswer[];
}

/** The whole answer. */
export interface GraphAnswer {
  machine: string;
  name: string;
  status: string;
  graph: GraphViewAnswer;
}

export interface StateOverlay {
  status: StateStatus | null;
  entered: number;
  open: number;
  failed: number;
  caught: number;
  retries: number;
  skipped: number;
}

/** What is laid over a drawing: by names of states, which are unique over the whole machine. */
export interface GraphOverlay {
  states: ReadonlyMap<string, StateOverlay>;
  /** How often an execution went from one state to another. */
  taken(from: string, to: string): number;
}

/** Lays an execution over the drawing of its definition. */
export function overlayOf(graph: GraphViewAnswer): GraphOverlay {
  const states = new Map<string, StateOverlay>();
  const taken = new Map<string, Map<string, number>>();
  const waiting = [graph];
  for (let view = waiting.pop(); view !== undefined; view = waiting.pop()) {
    for (const node of view.nodes) {
      states.set(node.name, {
        status: node.status ?? null,
        entered: node.entered ?? 0,
        open: node.open ?? 0,
        failed: node.failed ?? 0,
        caught: node.caught ?? 0,
        retries: node.retries ?? 0,
        skipped: node.skipped ?? 0,
      });
      waiting.push(...(node.graphs ?? []));
    }

    for (const edge of view.edges) {
      const from = taken.get(edge.from) ?? new Map<string, number>();
      from.set(edge.to, edge.taken);
      taken.set(edge.from, from);
    }
  }

  return { states, taken: (from, to) => taken.get(from)?.get(to) ?? 0 };
}

/** A status for people. */
export function statusWords(overlay: StateOverlay | undefined): string {
  if (overlay === undefined || overlay.status === null) {
    return 'not reached';
  }

  const parts: string[] = [overlay.status];
  if (overlay.entered > 1) {
    parts.push(`entered ${overlay.entered} times`);
  }

  if (overlay.retries > 0) {
    parts.push(overlay.retries === 1 ? '1 retry' : `${overlay.retries} retries`);
  }

  return parts.join(', ');
}
