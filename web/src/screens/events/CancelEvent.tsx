import { useState } from 'react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { cancelEvent, hasEnded, type AcceptedEvent } from '../../api/events';
import { Button } from '../../ui/Button';
import { CopyText } from '../../ui/CopyAs';
import { Confirm } from '../../ui/Dialog';
import { toast, toastError } from '../../ui/Toasts';
import { visible } from '../../ui/text';
import { targetOfArn } from './names';

/** Takes an event back, after a question. */
export function CancelEvent({ event, quiet }: { event: AcceptedEvent; quiet?: boolean }) {
  const [asking, setAsking] = useState(false);
  const queries = useQueryClient();
  const cancel = useMutation({
    mutationFn: () => cancelEvent(event.id),
    onSuccess: (after) => {
      toast(after.state === 'cancelled' ? 'Cancelled' : 'Marked: the attempt that runs is the last');
      queries.setQueryData(['event', event.id], after);
      return Promise.all([
        queries.invalidateQueries({ queryKey: ['events'] }),
        queries.invalidateQueries({ queryKey: ['event-lines'] }),
      ]);
    },
    onError: toastError,
  });
  if (hasEnded(event.state)) return null;
  return (
    <>
      <Button kind={quiet ? 'quiet' : 'danger'} icon="cross" busy={cancel.isPending} onClick={() => setAsking(true)}>
        Cancel
      </Button>
      <Confirm
        open={asking}
        title="Cancel the event"
        action="Cancel it"
        onConfirm={() => cancel.mutate()}
        onClose={() => setAsking(false)}
      >
        <p>
          There will be no further attempt of this one event for{' '}
          <strong>{visible(targetOfArn(event.target).name)}</strong>.
          {event.state === 'running' && ' The attempt that runs goes on to its end, and what it comes to still counts.'}{' '}
          It cannot be had back.
        </p>
        <CopyText text={`lambent events cancel ${event.id}`} label="Copy the command" />
      </Confirm>
    </>
  );
}
