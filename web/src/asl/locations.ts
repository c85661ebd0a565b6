import { nodeAt, positionOf } from './json';
import type { JsonPath } from './json';
import type { MachineDocument } from './document';

/** What ValidateStateMachineDefinition says of a definition. */
export interface Diagnostic {
  severity: 'ERROR' | 'WARNING';
  code: string;
  message: string;
  /** Such as `/States/Pay/Catch[0]`; may be missing. */
  location?: string;
}

/** A diagnostic, found again in the document. */
export interface LocatedProblem extends Diagnostic {
  /** The id of the state that it is about; null when it is about the machine. */
  state: string | null;
  /** Its place within the state, or the machine: `Catch[0]/ErrorEquals`, or "" for all of it. */
  field: string;
  /** Where to show it in the text. */
  offset: number;
  length: number;
  line: number;
}

/** Finds the states and fields that diagnostics are about. */
export function locate(document: MachineDocument, diagnostics: readonly Diagnostic[]): LocatedProblem[] {
  return diagnostics.map((diagnostic) => {
    const location = diagnostic.location ?? '';
    const state = stateAt(document, location);
    const rest = state === null ? location : location.slice(state.length);
    const field = rest.replace(/^\//, '');
    const path = [...(state === null ? [] : document.states.get(state)!.path), ...partsOf(field)];
    return { ...diagnostic, state, field, ...spanOf(document, path) };
  });
}

/** The parts of a place within a state: `Catch[0]/ErrorEquals` is Catch, 0, ErrorEquals. */
export function partsOf(field: string): JsonPath {
  return field.split('/').flatMap((part) => {
    const indexes = [...part.matchAll(/\[(\d+)\]/g)].map((match) => Number(match[1]));
    const name = part.replace(/(\[\d+\])+$/, '');
    return name === '' ? indexes : [name, ...indexes];
  });
}

// Names of states may hold what places are written with, so the longest id that fits is the state.
function stateAt(document: MachineDocument, location: string): string | null {
  let found: string | null = null;
  for (const id of document.states.keys()) {
    const after = location.charAt(id.length);
    if (location.startsWith(id) && (after === '' || after === '/' || after === '[') && id.length > (found?.length ?? 0)) {
      found = id;
    }
  }

  return found;
}

function spanOf(document: MachineDocument, path: JsonPath): { offset: number; length: number; line: number } {
  for (let depth = path.length; depth >= 0; depth--) {
    const node = nodeAt(document.root, path.slice(0, depth));
    if (node !== null) {
      const key = node.parent?.type === 'property' ? node.parent.children?.[0] : undefined;
      const isWhole = node.type === 'object' || node.type === 'array';
      const shown = isWhole && key !== undefined ? key : node;
      // The whole definition is not underlined for what is wrong with it as a whole.
      const length = depth === 0 ? 1 : shown.length;
      return { offset: shown.offset, length, line: positionOf(document.text, shown.offset).line };
    }
  }

  return { offset: 0, length: 0, line: 1 };
}
