import type { LocatedProblem } from '../../asl/locations';
import { Icon } from '../../ui/Icon';
import type { DesignerState } from './useDesigner';
import type { Validation } from './useValidation';

/** Everything that is wrong, with the place; a click leads there. */
export function ProblemList({ validation, designer, onText }: {
  validation: Validation; designer: DesignerState; onText: () => void;
}) {
  const { problems } = validation;
  if (problems.length === 0) return null;
  const go = (problem: LocatedProblem): void => {
    if (problem.state === null) onText();
    else designer.select(problem.state);
  };
  return (
    <details className="designer-problems" data-testid="problems" open>
      <summary>{problems.length === 1 ? '1 problem' : `${problems.length} problems`}</summary>
      <ul>
        {problems.map((problem, index) => (
          <li key={index}>
            <button type="button" className={problem.severity === 'ERROR' ? 'designer-problem' : 'designer-problem designer-warning'}
              onClick={() => go(problem)}>
              <Icon name={problem.severity === 'ERROR' ? 'error' : 'info'} />
              <span className="grow">{problem.message}</span>
              <span className="mono faint">{placeWords(problem, designer)}</span>
            </button>
          </li>
        ))}
      </ul>
    </details>
  );
}

function placeWords(problem: LocatedProblem, designer: DesignerState): string {
  const name = problem.state === null ? null : designer.document?.states.get(problem.state)?.name;
  const place = [name, problem.field].filter(Boolean).join(' · ');
  return place === '' ? `line ${problem.line}` : `${place} · line ${problem.line}`;
}
