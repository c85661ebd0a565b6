import { useQuery } from '@tanstack/react-query';
import { call, path } from '../../api/client';
import { StatusBadge } from '../../ui/Badge';
import { DataTable } from '../../ui/DataTable';
import { shellQuote } from '../../ui/CopyAs';
import { Section } from '../../ui/Page';
import { Time } from '../../ui/Time';

interface ProvisionedConfig {
  qualifier: string;
  count?: number;
  requested: number;
  allocated: number;
  available: number;
  status: string;
  statusReason?: string;
  nextChange?: string;
}

/** Environments that are kept started for a function, whether calls come or not. */
export function Provisioned({ name }: { name: string }) {
  const { data, error, refetch } = useQuery({
    queryKey: ['provisioned', name],
    refetchInterval: 5000,
    queryFn: ({ signal }) =>
      call<{ provisioned: ProvisionedConfig[] }>(path`/v1/functions/${name}/provisioned`, { signal }),
  });
  return (
    <Section title="Provisioned">
      <DataTable
        label="Provisioned"
        rows={data?.provisioned}
        error={error}
        retry={() => void refetch()}
        rowKey={(config) => config.qualifier}
        columns={[
          { id: 'qualifier', header: 'Version or alias', cell: (config) => config.qualifier },
          { id: 'requested', header: 'Wanted now', number: true, cell: (config) => config.requested },
          { id: 'allocated', header: 'Started', number: true, cell: (config) => config.allocated },
          { id: 'available', header: 'Ready', number: true, cell: (config) => config.available },
          {
            id: 'status',
            header: 'Status',
            cell: (config) => <StatusBadge status={config.status} title={config.statusReason} />,
          },
          { id: 'next', header: 'Changes', wideOnly: true, cell: (config) => <Time at={config.nextChange} /> },
        ]}
        empty={
          <p className="soft">
            Nothing is kept started: environments start when calls come, and ahead of calls that are foreseen.{' '}
            <code>lambent provision {shellQuote(name)} --qualifier 1 --count 3</code>
          </p>
        }
      />
    </Section>
  );
}
