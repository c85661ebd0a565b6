import { useEffect, useMemo, useState } from 'react';
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { downloadPackage, functionQuery, settled, updateCode, type FunctionDescription } from '../../api/functions';
import { Badge } from '../../ui/Badge';
import { Button } from '../../ui/Button';
import { CodeEditor } from '../../ui/CodeEditor';
import { CopyAs, CopyText, shellQuote } from '../../ui/CopyAs';
import { ErrorBox } from '../../ui/ErrorBox';
import { bytes } from '../../ui/format';
import { toast } from '../../ui/Toasts';
import { useUrlState } from '../../ui/useUrlState';
import { CodeTree } from './CodeTree';
import {
  handlerFile,
  languageOf,
  openPackage,
  packFiles,
  textFile,
  textOf,
  unpackedBytesMax,
  unpackedSize,
  type PackageFile,
} from './packageFiles';
import { useUnsavedGuard } from './useUnsavedGuard';
import './CodeTab.css';

interface Opened {
  /** Null: too large to be opened here. */
  files: PackageFile[] | null;
  unpackedBytes: number;
  digest: string;
}

/** The function's package: looked into, changed, and put back as a new one. */
export function CodeTab({ name, description }: { name: string; description: FunctionDescription }) {
  const { Configuration: configuration, Code } = description;
  const digest = configuration.CodeSha256;
  const opened = useQuery({
    queryKey: ['function', name, 'package', digest],
    queryFn: async (): Promise<Opened> => {
      const zip = await downloadPackage(Code.Location);
      return { files: openPackage(zip), unpackedBytes: unpackedSize(zip), digest };
    },
    staleTime: Infinity,
    placeholderData: keepPreviousData,
    enabled: configuration.CodeSize <= unpackedBytesMax,
  });
  if (configuration.CodeSize > unpackedBytesMax || opened.data?.files === null) {
    return <TooLarge name={name} packed={configuration.CodeSize} unpacked={opened.data?.unpackedBytes} />;
  }
  if (opened.error) return <ErrorBox error={opened.error} retry={() => void opened.refetch()} />;
  if (!opened.data) return <div className="code-tab-wait" aria-busy="true" />;
  return <Editing name={name} description={description} files={opened.data.files!} digest={opened.data.digest} />;
}

function Editing({
  name,
  description,
  files,
  digest,
}: {
  name: string;
  description: FunctionDescription;
  files: PackageFile[];
  digest: string;
}) {
  // What is being edited began as this package; the server's may have become another one since.
  const [base, setBase] = useState({ files, digest });
  const [current, setCurrent] = useState(files);
  const [path, setPath] = useUrlState('file');
  const names = useMemo(() => current.map((file) => file.name), [current]);
  const open = names.includes(path) ? path : (handlerFile(description.Configuration.Handler, names) ?? '');
  const file = current.find((each) => each.name === open);
  const changed = changedNames(base.files, current);
  // While the package of a new digest is fetched, the one before is still here.
  const isOvertaken = digest === description.Configuration.CodeSha256 && digest !== base.digest;
  useUnsavedGuard(changed.size > 0);
  useEffect(() => {
    if (isOvertaken && changed.size === 0) {
      setBase({ files, digest });
      setCurrent(files);
    }
  }, [isOvertaken, changed.size, files, digest]);

  const queries = useQueryClient();
  const save = useMutation({
    mutationFn: async () => {
      const sent = current;
      await updateCode(name, packFiles(sent), description.Configuration.RevisionId);
      const { CodeSha256 } = await settled(name);
      const unpackedBytes = sent.reduce((sum, each) => sum + each.bytes.length, 0);
      // Known before the function is read again, so that nothing is fetched that was just sent.
      queries.setQueryData<Opened>(['function', name, 'package', CodeSha256], {
        files: sent,
        unpackedBytes,
        digest: CodeSha256,
      });
      await queries.refetchQueries({ queryKey: functionQuery(name).queryKey, exact: true });
      return { files: sent, digest: CodeSha256 };
    },
    onSuccess: (saved) => {
      setBase(saved);
      toast('Saved: calls use it from now on');
    },
  });
  const put = (next: PackageFile) =>
    setCurrent((known) => known.map((each) => (each.name === next.name ? next : each)));
  return (
    <div className="stack">
      <div className="row">
        <p className="soft grow">
          {current.length} {current.length === 1 ? 'file' : 'files'},{' '}
          {bytes(current.reduce((sum, each) => sum + each.bytes.length, 0))}
          {changed.size > 0 && (
            <>
              {' '}
              · <strong>{changed.size} changed</strong>
            </>
          )}
        </p>
        <CopyAs
          forms={{
            cli: `lambent deploy ./${name} --name ${shellQuote(name)}`,
            request: {
              method: 'PUT',
              path: `/2015-03-31/functions/${encodeURIComponent(name)}/code`,
              body: { ZipFile: 'BASE64' },
            },
          }}
        />
        <Button disabled={changed.size === 0 || save.isPending} onClick={() => setCurrent(base.files)}>
          Discard
        </Button>
        <Button kind="primary" busy={save.isPending} disabled={changed.size === 0} onClick={() => save.mutate()}>
          Save
        </Button>
      </div>
      {save.error && <ErrorBox error={save.error} />}
      {isOvertaken && changed.size > 0 && !save.isPending && (
        <p>
          <Badge tone="warn">changed elsewhere</Badge> The function got other code since this was opened. Saving
          replaces it.
        </p>
      )}
      <div className="code-tab">
        <CodeTree
          names={names}
          open={open}
          changed={changed}
          onOpen={setPath}
          onAdd={(added) => {
            setCurrent([...current, textFile(added, '')]);
            setPath(added);
          }}
          onRemove={(removed) => setCurrent(current.filter((each) => each.name !== removed))}
        />
        <div className="code-tab-file">
          {file && (
            <OpenFile key={file.name} file={file} onChange={put} onSave={() => changed.size > 0 && save.mutate()} />
          )}
        </div>
      </div>
    </div>
  );
}

function OpenFile({
  file,
  onChange,
  onSave,
}: {
  file: PackageFile;
  onChange: (file: PackageFile) => void;
  onSave: () => void;
}) {
  const text = textOf(file);
  if (text === null) {
    return (
      <p className="soft code-tab-binary">
        <code>{file.name}</code> is no text ({bytes(file.bytes.length)}). It stays as it is.
      </p>
    );
  }
  return (
    <CodeEditor
      label={file.name}
      value={text}
      language={languageOf(file.name)}
      minHeight={480}
      onSave={onSave}
      onChange={(next) => next !== text && onChange({ ...file, bytes: new TextEncoder().encode(next) })}
    />
  );
}

function TooLarge({ name, packed, unpacked }: { name: string; packed: number; unpacked?: number }) {
  return (
    <div className="card stack">
      <h2>This package is edited where it is built</h2>
      <p className="soft">
        It has {bytes(packed)}
        {unpacked !== undefined && `, ${bytes(unpacked)} unpacked`}; up to {bytes(unpackedBytesMax)} are opened here.
      </p>
      <h3>Get it</h3>
      <CopyText label="Copy the command" text={downloadCommand(name)} />
      <h3>Replace it</h3>
      <CopyText label="Copy the command" text={`lambent deploy FOLDER --name ${shellQuote(name)}`} />
    </div>
  );
}

function downloadCommand(name: string): string {
  const address = `aws lambda get-function --function-name ${shellQuote(name)} --query Code.Location --output text`;
  return `curl -o ${shellQuote(name)}.zip "$(${address})"`;
}

function changedNames(before: PackageFile[], now: PackageFile[]): Set<string> {
  const known = new Map(before.map((file) => [file.name, file]));
  const changed = new Set<string>();
  for (const file of now) {
    const old = known.get(file.name);
    if (!old || (old.bytes !== file.bytes && !same(old.bytes, file.bytes))) changed.add(file.name);
    known.delete(file.name);
  }
  for (const name of known.keys()) changed.add(name);
  return changed;
}

function same(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, index) => byte === other[index]);
}
