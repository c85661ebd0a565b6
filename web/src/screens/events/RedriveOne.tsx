import { useMutation, useQueryClient } from '@tanstack/react-query';
import { redriveEvent, type AcceptedEvent } from '../../api/events';
import { Button } from '../../ui/Button';
import { toast, toastError } from '../../ui/Toasts';

/** Sends one dead event again, with all its attempts. */
export function RedriveOne({ event, quiet }: { event: AcceptedEvent; quiet?: boolean }) {
  const queries = useQueryClient();
  const redrive = useMutation({
    mutationFn: () => redriveEvent(event.id),
    onSuccess: (after) => {
      toast('Sent again');
      queries.setQueryData(['event', event.id], after);
      return Promise.all(['events', 'event-lines', 'invocation'].map((key) => queries.invalidateQueries({ queryKey: [key] })));
    },
    onError: toastError,
  });
  return <Button kind={quiet ? 'quiet' : 'primary'} icon="retry" busy={redrive.isPending} onClick={() => redrive.mutate()}>Redrive</Button>;
}
