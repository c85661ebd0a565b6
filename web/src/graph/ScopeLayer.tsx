import { ViewportPortal } from '@xyflow/react';
import type { DrawnScope } from './drawing';

/** The frames of branches and processors. */
export function ScopeLayer({ scopes, highlight }: { scopes: readonly DrawnScope[]; highlight: string | null }) {
  return (
    <ViewportPortal>
      {scopes.map((scope) => (
        <div key={scope.id} className={highlight === scope.id ? 'graph-scope graph-scope-target' : 'graph-scope'}
          data-scope={scope.id} aria-hidden="true"
          style={{ transform: `translate(${scope.x}px, ${scope.y}px)`, width: scope.width, height: scope.height }}>
          <span>{scope.title}</span>
        </div>
      ))}
    </ViewportPortal>
  );
}
