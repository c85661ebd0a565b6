import { useRef, useState } from 'react';
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { useLocation } from 'wouter';
import { bucketsQuery, deleteBucket, objectPages } from '../../api/objects';
import { Button } from '../../ui/Button';
import { CopyAs, shellQuote } from '../../ui/CopyAs';
import { DataTable } from '../../ui/DataTable';
import { Confirm } from '../../ui/Dialog';
import { EmptyState } from '../../ui/EmptyState';
import { bytes } from '../../ui/format';
import { Icon } from '../../ui/Icon';
import { Page } from '../../ui/Page';
import { visible } from '../../ui/text';
import { Time } from '../../ui/Time';
import { toast, toastError } from '../../ui/Toasts';
import { useUrlState } from '../../ui/useUrlState';
import { lastPart, stepsOf } from './names';
import { ObjectPanel } from './ObjectPanel';
import { Uploads, type UploadWish } from './Uploads';
import './BucketPage.css';

interface Row {
  /** A folder's ends with a slash and has no size. */
  key: string;
  isFolder: boolean;
  bytes?: number;
  modifiedAt?: string;
}

export default function BucketPage({ params }: { params: Record<string, string> }) {
  const bucket = params['bucket']!;
  const [, navigate] = useLocation();
  const [prefix] = useUrlState('prefix');
  const [search, setSearch] = useUrlState('search');
  const [key, setKey] = useUrlState('key');
  const [wishes, setWishes] = useState<UploadWish[]>([]);
  const [over, setOver] = useState(false);
  const [deleting, setDeleting] = useState(false);
  const file = useRef<HTMLInputElement>(null);
  const pages = useInfiniteQuery(objectPages(bucket, prefix + search));
  const queries = useQueryClient();
  const refresh = () => void queries.invalidateQueries({ queryKey: ['bucket', bucket] });
  const rows = pages.data?.pages.flatMap((page): Row[] => [
    ...page.folders.map((folder) => ({ key: folder, isFolder: true })),
    // A key that is the prefix itself is the folder one is in.
    ...page.objects.filter((each) => each.key !== prefix).map((each) => ({ ...each, isFolder: false })),
  ]);
  // A folder is a place of its own: going back leads out of it again.
  const go = (next: string) =>
    navigate(`/objects/${encodeURIComponent(bucket)}${next ? `?prefix=${encodeURIComponent(next)}` : ''}`);
  const upload = (files: FileList | null) => {
    const added = [...(files ?? [])].map((each) => ({ key: prefix + each.name, file: each }));
    setWishes((before) => [...before, ...added]);
  };
  return (
    <Page
      title={bucket}
      crumbs={[{ label: 'Objects', href: '/objects' }]}
      actions={
        <>
          <CopyAs
            forms={{
              cli: `aws s3 ls s3://${shellQuote(`${bucket}/${prefix}`)}`,
              request: {
                method: 'GET',
                path: `/${bucket}?list-type=2&prefix=${encodeURIComponent(prefix)}&delimiter=%2F`,
                service: 's3',
              },
            }}
          />
          <Button kind="quiet" icon="trash" onClick={() => setDeleting(true)}>
            Delete bucket
          </Button>
          <Button kind="primary" icon="upload" onClick={() => file.current?.click()}>
            Upload
          </Button>
          <input
            ref={file}
            type="file"
            multiple
            hidden
            aria-label="Files to upload"
            onChange={(event) => {
              upload(event.target.files);
              event.target.value = '';
            }}
          />
        </>
      }
    >
      <div className="row">
        <nav aria-label="Prefix" className="bucket-steps">
          <button type="button" onClick={() => go('')} aria-current={prefix === '' || undefined}>
            {bucket}
          </button>
          {stepsOf(prefix).map((step) => (
            <span key={step.prefix}>
              {' '}
              /{' '}
              <button type="button" onClick={() => go(step.prefix)} aria-current={step.prefix === prefix || undefined}>
                {visible(step.label)}
              </button>
            </span>
          ))}
        </nav>
        <span className="grow" />
        <input
          data-search
          aria-label="Beginning of a name here"
          placeholder="Beginning of a name here"
          value={search}
          onChange={(event) => setSearch(event.target.value)}
        />
      </div>
      <Uploads bucket={bucket} wishes={wishes} onStored={refresh} onClear={() => setWishes([])} />
      <div className={key ? 'bucket bucket-open' : 'bucket'}>
        <div
          className={over ? 'bucket-list bucket-over' : 'bucket-list'}
          onDragOver={(event) => {
            event.preventDefault();
            setOver(true);
          }}
          onDragLeave={() => setOver(false)}
          onDrop={(event) => {
            event.preventDefault();
            setOver(false);
            upload(event.dataTransfer.files);
          }}
        >
          <DataTable<Row>
            label="Objects"
            rows={rows}
            rowKey={(row) => row.key}
            selectedKey={key || null}
            error={pages.error}
            retry={() => void pages.refetch()}
            onOpen={(row) => (row.isFolder ? go(row.key) : setKey(row.key))}
            more={{
              available: pages.hasNextPage,
              loading: pages.isFetchingNextPage,
              load: () => void pages.fetchNextPage(),
            }}
            columns={[
              {
                id: 'key',
                header: 'Name',
                grow: true,
                cell: (row) => (
                  <span className="bucket-name">
                    <Icon name={row.isFolder ? 'right' : 'object'} size={14} /> {visible(lastPart(row.key))}
                  </span>
                ),
              },
              {
                id: 'bytes',
                header: 'Size',
                number: true,
                cell: (row) => (row.isFolder ? <span className="faint">folder</span> : bytes(row.bytes!)),
              },
              { id: 'at', header: 'Stored', wideOnly: true, cell: (row) => <Time at={row.modifiedAt} /> },
            ]}
            empty={
              search ? (
                <EmptyState icon="filter" title="No name here begins so" />
              ) : (
                <EmptyState
                  icon="object"
                  title="Objects will be here"
                  command={`aws s3 cp FILE s3://${bucket}/${prefix}`}
                >
                  Drop files here, or upload them.
                </EmptyState>
              )
            }
          />
        </div>
        {key && (
          <ObjectPanel
            key={key}
            bucket={bucket}
            name={key}
            onClose={() => setKey('')}
            onDeleted={() => {
              setKey('');
              refresh();
            }}
          />
        )}
      </div>
      <DeleteBucket bucket={bucket} open={deleting} onClose={() => setDeleting(false)} />
    </Page>
  );
}

function DeleteBucket({ bucket, open, onClose }: { bucket: string; open: boolean; onClose: () => void }) {
  const [, navigate] = useLocation();
  const queries = useQueryClient();
  const remove = async () => {
    try {
      await deleteBucket(bucket);
      toast(`${bucket} is deleted`);
      void queries.invalidateQueries({ queryKey: bucketsQuery().queryKey });
      navigate('/objects');
    } catch (error) {
      toastError(error);
      throw error;
    }
  };
  return (
    <Confirm
      open={open}
      onClose={onClose}
      title={`Delete the bucket ${bucket}?`}
      action="Delete the bucket"
      typed={bucket}
      onConfirm={remove}
    >
      <p>The server refuses as long as there are objects in it, or uploads under way. Nothing is taken with it.</p>
      <p className="soft">To take its objects too:</p>
      <CopyAs
        forms={{
          cli: `aws s3 rb --force s3://${bucket}`,
          request: { method: 'DELETE', path: `/${bucket}`, service: 's3' },
        }}
      />
    </Confirm>
  );
}
