import { useQuery } from '@tanstack/react-query';
import { useEffect, useMemo } from 'react';
import { executionGraph } from '../../api/machineEditing';
import { overlayOf } from '../../graph/overlay';
import type { GraphOverlay } from '../../graph/overlay';
import { StatusBadge } from '../../ui/Badge';
import { Button, ButtonLink } from '../../ui/Button';
import { ErrorBox } from '../../ui/ErrorBox';

const POLL_MILLISECONDS = 800;

/** The run that is followed on the drawing; asked for again until it has ended. */
export function LiveRun({ machine, execution, onOverlay, onClose }: {
  machine: string; execution: string; onOverlay: (overlay: GraphOverlay | undefined) => void; onClose: () => void;
}) {
  const query = useQuery({
    queryKey: ['designer-run', machine, execution],
    queryFn: ({ signal }) => executionGraph(machine, execution, signal),
    refetchInterval: (known) => (known.state.data === undefined || known.state.data.status === 'running' ? POLL_MILLISECONDS : false),
  });
  const overlay = useMemo(() => (query.data === undefined ? undefined : overlayOf(query.data.graph)), [query.data]);
  useEffect(() => onOverlay(overlay), [overlay, onOverlay]);
  useEffect(() => () => onOverlay(undefined), [onOverlay]);
  return (
    <div className="designer-run" role="status" data-testid="live-run">
      {query.data && <StatusBadge status={query.data.status} />}
      <span className="grow ellipsis mono">{execution}</span>
      {query.isError && <ErrorBox error={query.error} retry={() => void query.refetch()} />}
      <ButtonLink href={`/executions/${encodeURIComponent(machine)}/${encodeURIComponent(execution)}`} icon="right">Open the execution</ButtonLink>
      <Button icon="cross" onClick={onClose}>Back to editing</Button>
    </div>
  );
}
