import { useEffect, useRef, useState } from 'react';
import { uploadObject } from '../../api/objects';
import { Button } from '../../ui/Button';
import { bytes } from '../../ui/format';
import { Meter } from '../../ui/Meter';
import { visible } from '../../ui/text';

export interface UploadWish {
  key: string;
  file: File;
}

interface Progress {
  sent: number;
  state: 'waiting' | 'running' | 'done' | 'failed';
  why?: string;
}

/** Files on their way, one after the other. */
export function Uploads({
  bucket,
  wishes,
  onStored,
  onClear,
}: {
  bucket: string;
  wishes: UploadWish[];
  onStored: () => void;
  onClear: () => void;
}) {
  const [progress, setProgress] = useState<Progress[]>([]);
  const begun = useRef(0);
  const running = useRef(false);
  const stop = useRef(new AbortController());
  const latest = useRef({ wishes, onStored });
  latest.current = { wishes, onStored };
  // Leaving the screen ends what is on its way.
  useEffect(() => {
    stop.current = new AbortController();
    return () => stop.current.abort();
  }, []);
  useEffect(() => {
    if (wishes.length === 0) {
      begun.current = 0;
      setProgress([]);
      return;
    }
    if (running.current) return;
    running.current = true;
    const note = (index: number, part: Partial<Progress>) =>
      setProgress((before) => {
        const next = [...before];
        next[index] = { sent: 0, state: 'waiting', ...before[index], ...part };
        return next;
      });
    const work = async () => {
      while (begun.current < latest.current.wishes.length && !stop.current.signal.aborted) {
        const index = begun.current++;
        const wish = latest.current.wishes[index]!;
        note(index, { state: 'running' });
        try {
          await uploadObject(bucket, wish.key, wish.file, (sent) => note(index, { sent }), stop.current.signal);
          note(index, { state: 'done', sent: wish.file.size });
          latest.current.onStored();
        } catch (error) {
          note(index, { state: 'failed', why: error instanceof Error ? error.message : String(error) });
        }
      }
      running.current = false;
    };
    void work();
  }, [wishes, bucket]);
  if (wishes.length === 0) return null;
  const isOver =
    progress.length === wishes.length && progress.every((each) => each?.state === 'done' || each?.state === 'failed');
  return (
    <section className="card uploads" aria-label="Uploads">
      {wishes.map((wish, index) => {
        const state = progress[index] ?? { sent: 0, state: 'waiting' };
        return (
          <div key={`${index}${wish.key}`}>
            <Meter
              label={visible(wish.key)}
              used={state.sent}
              limit={Math.max(1, wish.file.size)}
              format={bytes}
              isProgress
            />
            {state.state === 'failed' && <p className="upload-failed">{state.why}</p>}
          </div>
        );
      })}
      <div className="row">
        <span className="grow" />
        {isOver ? (
          <Button onClick={onClear}>Done</Button>
        ) : (
          <Button
            onClick={() => {
              stop.current.abort();
              stop.current = new AbortController();
              onClear();
            }}
          >
            Stop
          </Button>
        )}
      </div>
    </section>
  );
}
