import { useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import { toBase64 } from '../../api/functions';
import {
  deleteObject,
  getObject,
  objectBytesQuery,
  objectHeadQuery,
  objectPath,
  previewBytesMax,
  type ObjectHead,
} from '../../api/objects';
import { Button, IconButton } from '../../ui/Button';
import { CopyAs, CopyText, shellQuote } from '../../ui/CopyAs';
import { Confirm } from '../../ui/Dialog';
import { ErrorBox } from '../../ui/ErrorBox';
import { bytes } from '../../ui/format';
import { JsonView } from '../../ui/JsonView';
import { Facts } from '../../ui/Page';
import { saveBlob } from '../../ui/saveFile';
import { visible } from '../../ui/text';
import { Time } from '../../ui/Time';
import { toast, toastError } from '../../ui/Toasts';
import { decodeText, lastPart, previewOf } from './names';

/** The browser holds a download in memory before it saves it; larger objects have the command. */
const downloadBytesMax = 200_000_000;

/** One object: what is known of it, and a look at it. */
export function ObjectPanel({
  bucket,
  name,
  onClose,
  onDeleted,
}: {
  bucket: string;
  name: string;
  onClose: () => void;
  onDeleted: () => void;
}) {
  const head = useQuery(objectHeadQuery(bucket, name));
  const [busy, setBusy] = useState(false);
  const [deleting, setDeleting] = useState(false);
  const download = async () => {
    setBusy(true);
    try {
      saveBlob(lastPart(name), await (await getObject(bucket, name)).blob());
    } catch (error) {
      toastError(error);
    } finally {
      setBusy(false);
    }
  };
  const remove = async () => {
    try {
      await deleteObject(bucket, name);
    } catch (error) {
      toastError(error);
      throw error;
    }
    toast(`${lastPart(name)} is deleted`);
    onDeleted();
  };
  const address = shellQuote(`s3://${bucket}/${name}`);
  const isLarge = head.data !== undefined && head.data.bytes > downloadBytesMax;
  return (
    <aside className="card object-panel" aria-label={`Object ${name}`}>
      <div className="row">
        <h2 className="grow">{visible(lastPart(name))}</h2>
        <IconButton label="Close" icon="cross" onClick={onClose} />
      </div>
      <div className="row">
        <Button icon="download" busy={busy} disabled={!head.data || isLarge} onClick={() => void download()}>
          Download
        </Button>
        <Button icon="trash" kind="quiet" onClick={() => setDeleting(true)}>
          Delete
        </Button>
        <CopyAs
          forms={{
            cli: `aws s3 cp ${address} .`,
            request: { method: 'GET', path: objectPath(bucket, name), service: 's3' },
          }}
        />
      </div>
      {isLarge && <CopyText text={`aws s3 cp ${address} .`} label="Copy the command" />}
      {head.error && <ErrorBox error={head.error} retry={() => void head.refetch()} />}
      {head.data && (
        <>
          <Facts
            facts={[
              ['Size', bytes(head.data.bytes)],
              ['Type', <code key="type">{visible(head.data.contentType) || '–'}</code>],
              ['Stored', <Time key="at" at={head.data.modifiedAt} />],
              ['ETag', <code key="tag">{head.data.eTag}</code>],
              ...Object.entries(head.data.headers).map(([header, value]): [string, string] => [header, visible(value)]),
              ...Object.entries(head.data.metadata).map(([header, value]): [string, string] => [
                `metadata ${visible(header)}`,
                visible(value),
              ]),
            ]}
          />
          <div>
            <h3>Key</h3>
            <CopyText text={name} label="Copy the key" />
          </div>
          <Look bucket={bucket} name={name} head={head.data} />
          <div>
            <h3>An address for ten minutes</h3>
            <CopyText text={`aws s3 presign ${address} --expires-in 600`} label="Copy the command" />
          </div>
        </>
      )}
      <Confirm
        open={deleting}
        onClose={() => setDeleting(false)}
        title="Delete this object?"
        action="Delete"
        onConfirm={remove}
      >
        <p>
          <code>{visible(name)}</code>
          {head.data && ` (${bytes(head.data.bytes)})`} goes, and cannot be had back: there are no versions.
        </p>
        <CopyAs
          forms={{
            cli: `aws s3 rm ${address}`,
            request: { method: 'DELETE', path: objectPath(bucket, name), service: 's3' },
          }}
        />
      </Confirm>
    </aside>
  );
}

/** A look at the content, as data that runs nothing. */
function Look({ bucket, name, head }: { bucket: string; name: string; head: ObjectHead }) {
  const isSmall = head.bytes <= previewBytesMax;
  const content = useQuery({ ...objectBytesQuery(bucket, name, head.eTag), enabled: isSmall && head.bytes > 0 });
  if (head.bytes === 0) return <p className="soft">It is empty.</p>;
  if (!isSmall) return <p className="soft">Objects up to {bytes(previewBytesMax)} are shown here.</p>;
  if (content.error) return <ErrorBox error={content.error} />;
  if (!content.data) return <div className="skeleton" />;
  const kind = previewOf(head.contentType, content.data);
  if (kind === 'none') return <p className="soft">It is neither text nor a picture.</p>;
  if (kind === 'image') {
    const type = head.contentType.split(';')[0]!.trim().toLowerCase();
    return (
      <img
        className="object-image"
        src={`data:${type};base64,${toBase64(content.data)}`}
        alt={`Object ${lastPart(name)}`}
      />
    );
  }
  const text = decodeText(content.data) ?? '';
  return kind === 'json' ? (
    <JsonView value={text} label="Content" />
  ) : (
    <pre className="object-text" tabIndex={0} aria-label="Content">
      {visible(text)}
    </pre>
  );
}
