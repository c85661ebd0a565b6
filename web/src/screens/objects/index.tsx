import { useState } from 'react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useLocation } from 'wouter';
import { bucketsQuery, bucketSummaryQuery, createBucket, type Bucket } from '../../api/objects';
import { Button } from '../../ui/Button';
import { CopyAs } from '../../ui/CopyAs';
import { DataTable } from '../../ui/DataTable';
import { Dialog } from '../../ui/Dialog';
import { EmptyState } from '../../ui/EmptyState';
import { ErrorBox } from '../../ui/ErrorBox';
import { Field } from '../../ui/Field';
import { bytes, count } from '../../ui/format';
import { Page } from '../../ui/Page';
import { Time } from '../../ui/Time';
import { useUrlState } from '../../ui/useUrlState';
import { wrongBucketName } from './names';

export default function Objects() {
  const buckets = useQuery(bucketsQuery());
  const [filter, setFilter] = useUrlState('filter');
  const [creating, setCreating] = useState(false);
  const rows = buckets.data?.filter((bucket) => bucket.name.includes(filter.trim().toLowerCase()));
  return (
    <Page
      title="Objects"
      badge={
        buckets.data && (
          <span className="faint">
            {buckets.data.length} {buckets.data.length === 1 ? 'bucket' : 'buckets'}
          </span>
        )
      }
      actions={
        <>
          <CopyAs forms={{ cli: 'lambent ls buckets', request: { method: 'GET', path: '/v1/blobs' } }} />
          <Button kind="primary" icon="plus" onClick={() => setCreating(true)}>
            New bucket
          </Button>
        </>
      }
    >
      <div className="row">
        <input
          data-search
          aria-label="Part of a name"
          placeholder="Part of a name"
          value={filter}
          onChange={(event) => setFilter(event.target.value)}
        />
      </div>
      <DataTable<Bucket>
        label="Buckets"
        rows={rows}
        rowKey={(bucket) => bucket.name}
        error={buckets.error}
        retry={() => void buckets.refetch()}
        href={(bucket) => `/objects/${encodeURIComponent(bucket.name)}`}
        columns={[
          { id: 'name', header: 'Bucket', grow: true, cell: (bucket) => bucket.name, sortBy: (bucket) => bucket.name },
          {
            id: 'objects',
            header: 'Objects',
            number: true,
            cell: (bucket) => <Summary bucket={bucket.name} of="objects" />,
          },
          { id: 'bytes', header: 'Size', number: true, cell: (bucket) => <Summary bucket={bucket.name} of="bytes" /> },
          {
            id: 'created',
            header: 'Created',
            wideOnly: true,
            cell: (bucket) => <Time at={bucket.createdAt} />,
            sortBy: (bucket) => bucket.createdAt,
          },
        ]}
        empty={
          filter ? (
            <EmptyState icon="filter" title="No bucket has that in its name" />
          ) : (
            <EmptyState icon="object" title="Buckets will be here" command="aws s3 mb s3://reports">
              Files in buckets, by the API of Amazon S3. Every client of S3 works with the address changed.
            </EmptyState>
          )
        }
      />
      {creating && <NewBucket onClose={() => setCreating(false)} />}
    </Page>
  );
}

function Summary({ bucket, of }: { bucket: string; of: 'objects' | 'bytes' }) {
  const { data } = useQuery(bucketSummaryQuery(bucket));
  if (!data) return <span className="faint">…</span>;
  const text = of === 'objects' ? count(data.objects) : bytes(data.bytes);
  return data.isWhole ? text : <span title="Of the first 1,000 objects; there are more">over {text}</span>;
}

function NewBucket({ onClose }: { onClose: () => void }) {
  const [name, setName] = useState('');
  const [, navigate] = useLocation();
  const queries = useQueryClient();
  const wrong = wrongBucketName(name);
  const create = useMutation({
    mutationFn: () => createBucket(name),
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: bucketsQuery().queryKey });
      navigate(`/objects/${encodeURIComponent(name)}`);
    },
  });
  return (
    <Dialog
      open
      onClose={onClose}
      title="New bucket"
      footer={
        <>
          <CopyAs
            forms={{
              cli: `aws s3 mb s3://${name || 'NAME'}`,
              request: { method: 'PUT', path: `/${name || 'NAME'}`, service: 's3' },
            }}
          />
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" busy={create.isPending} disabled={wrong !== null} onClick={() => create.mutate()}>
            Create
          </Button>
        </>
      }
    >
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          if (!wrong) create.mutate();
        }}
      >
        {create.error && <ErrorBox error={create.error} />}
        <Field
          label="Name"
          error={name === '' ? null : wrong}
          hint="3 to 63 lower-case letters, digits, dots and hyphens."
        >
          {(field) => (
            <input
              {...field}
              className="mono"
              value={name}
              autoFocus
              maxLength={63}
              spellCheck={false}
              onChange={(event) => setName(event.target.value)}
            />
          )}
        </Field>
      </form>
    </Dialog>
  );
}
