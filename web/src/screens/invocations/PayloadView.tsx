import type { Payload } from '../../api/invocations';
import { bytes } from '../../ui/format';
import { JsonView } from '../../ui/JsonView';

/** An event or an answer, or why it is not here. */
export function PayloadView({ payload, label, absent }: { payload: Payload | undefined; label: string; absent: string }) {
  if (!payload) return <p className="soft">{absent}</p>;
  if (payload.missing) return <p className="soft">It has {bytes(payload.bytes)} and is not here: {payload.missing}.</p>;
  return (
    <div className="stack">
      <JsonView label={label} value={payload.base64 ?? payload.text ?? payload.json ?? null} />
      <p className="faint">
        {bytes(payload.bytes)}{payload.base64 !== undefined && ', shown as base64'}
        {payload.isMasked && ' · values of secret variables were taken out'}
      </p>
    </div>
  );
}

/** Its value as JSON that can be edited. */
export function editable(payload: Payload | undefined): string {
  if (!payload || payload.missing) return '{}';
  return JSON.stringify(payload.json ?? payload.text ?? null, null, 2);
}
