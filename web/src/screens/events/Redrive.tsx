import { useState } from 'react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { redriveEvents } from '../../api/events';
import { Button } from '../../ui/Button';
import { CopyAs, shellQuote } from '../../ui/CopyAs';
import { Dialog } from '../../ui/Dialog';
import { duration } from '../../ui/format';
import { toast, toastError } from '../../ui/Toasts';

const countMax = 10_000;

/** Dead events of a function again, the oldest first: how many there are is said before. */
export function Redrive({
  lines,
  chosen,
  onClose,
}: {
  lines: Array<{ name: string; dead: number }>;
  chosen: string | undefined;
  onClose: () => void;
}) {
  const [name, setName] = useState(lines.some((line) => line.name === chosen) ? chosen! : (lines[0]?.name ?? ''));
  const [rate, setRate] = useState('10');
  const [most, setMost] = useState('');
  const queries = useQueryClient();
  const dead = lines.find((line) => line.name === name)?.dead ?? 0;
  const count = Math.min(dead, countMax, Number(most) > 0 ? Math.floor(Number(most)) : Infinity);
  const perSecond = Number(rate) > 0 ? Number(rate) : undefined;
  const request = { function: name, count: Math.max(count, 1), perSecond };
  const redrive = useMutation({
    mutationFn: () => redriveEvents(request),
    onSuccess: ({ sent }) => {
      toast(`Sent ${sent.toLocaleString('en-US')} ${sent === 1 ? 'event' : 'events'} again`);
      onClose();
      return Promise.all(['events', 'event-lines'].map((key) => queries.invalidateQueries({ queryKey: [key] })));
    },
    onError: toastError,
  });
  return (
    <Dialog
      open
      onClose={onClose}
      title="Redrive dead events"
      footer={
        <>
          <CopyAs
            forms={{
              cli:
                `lambent events redrive ${shellQuote(name)} --count ${request.count}` +
                (perSecond ? ` --rate ${perSecond}` : ''),
              request: { method: 'POST', path: '/v1/events/redrive', body: request },
            }}
          />
          <span className="grow" />
          <Button onClick={onClose}>Cancel</Button>
          <Button
            kind="primary"
            icon="retry"
            busy={redrive.isPending}
            disabled={count < 1}
            onClick={() => redrive.mutate()}
          >
            Redrive {count.toLocaleString('en-US')}
          </Button>
        </>
      }
    >
      <div className="stack">
        <p>Events that were given up are sent again under their ids, with all their attempts, the oldest first.</p>
        <div className="events-fields">
          <label>
            Function
            <select value={name} onChange={(event) => setName(event.target.value)}>
              {lines.map((line) => (
                <option key={line.name} value={line.name}>
                  {line.name} ({line.dead.toLocaleString('en-US')})
                </option>
              ))}
            </select>
          </label>
          <label>
            At most in a second
            <input
              value={rate}
              inputMode="decimal"
              onChange={(event) => setRate(event.target.value)}
              placeholder="all at once"
            />
          </label>
          <label>
            At most
            <input
              value={most}
              inputMode="numeric"
              onChange={(event) => setMost(event.target.value)}
              placeholder={String(Math.min(dead, countMax))}
            />
          </label>
        </div>
        <p className="soft" aria-live="polite">
          {count.toLocaleString('en-US')} of {dead.toLocaleString('en-US')} dead {dead === 1 ? 'event' : 'events'}
          {perSecond !== undefined && count > 0 && `, which takes about ${duration((count / perSecond) * 1000)}`}.
        </p>
      </div>
    </Dialog>
  );
}
