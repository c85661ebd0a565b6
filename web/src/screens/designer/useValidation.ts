import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { validateDefinition } from '../../api/machineEditing';
import { readDocument } from '../../asl/document';
import { hintsOf } from '../../asl/hints';
import { locate } from '../../asl/locations';
import type { LocatedProblem } from '../../asl/locations';
import type { GraphState } from '../../graph/StateNode';
import { useRested } from './useDesigner';
import type { DesignerState } from './useDesigner';

export interface Validation {
  problems: LocatedProblem[];
  /** Problems by state, for the drawing. */
  marks: GraphState['problems'];
  /** "checking" until the server has answered for the text as it is now. */
  state: 'checking' | 'valid' | 'invalid' | 'unknown';
  error: unknown;
}

const RESTED_MILLISECONDS = 400;
const none: LocatedProblem[] = [];

/** What the server says of the definition, asked when typing rests. */
export function useValidation(designer: DesignerState): Validation {
  const text = useRested(designer.text, RESTED_MILLISECONDS);
  const { type } = designer.settings;
  const isReadable = designer.textProblems.length === 0;
  const query = useQuery({
    queryKey: ['designer-validation', type, text],
    queryFn: ({ signal }) => validateDefinition(text, type, signal),
    enabled: isReadable,
    staleTime: Infinity,
    gcTime: 60_000,
    retry: false,
    placeholderData: (previous) => previous,
  });
  const located = useMemo(() => {
    const document = readDocument(text).document;
    return document === null || query.data === undefined ? none : locate(document, [...query.data, ...hintsOf(document)]);
  }, [text, query.data]);
  const problems = useMemo(() => (isReadable ? located : designer.textProblems.map((problem): LocatedProblem => ({
    severity: 'ERROR', code: 'INVALID_JSON', message: problem.message, state: null, field: '',
    offset: problem.offset, length: problem.length, line: problem.line,
  }))), [isReadable, located, designer.textProblems]);
  const marks = useMemo(() => marksOf(problems), [problems]);
  const isCurrent = text === designer.text && !query.isPlaceholderData && !query.isFetching;
  const hasErrors = problems.some((problem) => problem.severity === 'ERROR');
  const state = !isReadable ? 'invalid'
    : query.isError ? 'unknown'
      : isCurrent ? (hasErrors ? 'invalid' : 'valid') : 'checking';
  return { problems, marks, state, error: query.error };
}

function marksOf(problems: readonly LocatedProblem[]): GraphState['problems'] {
  const marks = new Map<string, { count: number; isError: boolean; text: string }>();
  for (const problem of problems) {
    if (problem.state === null) continue;
    const known = marks.get(problem.state);
    marks.set(problem.state, {
      count: (known?.count ?? 0) + 1,
      isError: (known?.isError ?? false) || problem.severity === 'ERROR',
      text: known === undefined ? problem.message : `${known.text}; ${problem.message}`,
    });
  }
  return marks;
}
