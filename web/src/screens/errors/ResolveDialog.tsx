import { useState } from 'react';
import type { ErrorDetail } from '../../api/errors';
import { Button } from '../../ui/Button';
import { CopyText } from '../../ui/CopyAs';
import { Dialog } from '../../ui/Dialog';
import { resolvableIn } from './state';

/** As of now, or in a version: what comes back in a later one opens the group again. */
export function ResolveDialog({
  detail,
  onResolve,
  onClose,
}: {
  detail: ErrorDetail;
  onResolve: (version?: string) => Promise<unknown>;
  onClose: () => void;
}) {
  const [version, setVersion] = useState('');
  const [busy, setBusy] = useState(false);
  const known = resolvableIn(detail.versions);
  const resolve = async () => {
    setBusy(true);
    try {
      await onResolve(version || undefined);
      onClose();
    } catch {
      // What failed is told by a toast, and the question stays.
      setBusy(false);
    }
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title="Resolve"
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" icon="check" busy={busy} onClick={() => void resolve()}>
            Resolve
          </Button>
        </>
      }
    >
      <div className="stack">
        <p>
          It opens again, and is announced, when it is seen in a release that is later than the one it is resolved in.
        </p>
        <label className="errors-field">
          Resolved in
          <input
            list="errors-versions"
            value={version}
            placeholder="As of now"
            onChange={(event) => setVersion(event.target.value)}
            autoComplete="off"
          />
        </label>
        <datalist id="errors-versions">
          {known.map((each) => (
            <option key={each} value={each} />
          ))}
        </datalist>
        <p className="soft">
          Empty: what was published or deployed until now. Otherwise <code>FUNCTION:NUMBER</code>; the version may be
          one that is still to come.
        </p>
        <CopyText
          text={`lambent error resolve ${detail.error.id}${version && ` --in ${version}`}`}
          label="Copy the command"
        />
      </div>
    </Dialog>
  );
}
