import { useQuery } from '@tanstack/react-query';
import { accountSettings, readStatus } from '../../api/status';
import { useSession } from '../../session/useSession';
import { CopyText } from '../../ui/CopyAs';
import { bytes, count } from '../../ui/format';
import { Facts, Section } from '../../ui/Page';
import { Time } from '../../ui/Time';

/** Whose things one sees, and how programs reach them. */
export function AccountTab() {
  const session = useSession();
  const status = useQuery({ queryKey: ['status'], queryFn: ({ signal }) => readStatus(signal) });
  const settings = useQuery({ queryKey: ['account-settings'], queryFn: ({ signal }) => accountSettings(signal) });
  const limits = settings.data?.AccountLimit;
  const usage = settings.data?.AccountUsage;
  return (
    <div className="stack-large">
      <div className="card">
        <Facts
          facts={[
            [
              'Account',
              <span key="id" className="mono">
                {session?.account}
              </span>,
            ],
            ['Name', session?.accountName],
            [
              'Region',
              <span key="region" className="mono">
                {session?.region}
              </span>,
            ],
            ['Functions', status.data ? count(status.data.functions) : '…'],
            ['Code', usage ? bytes(usage.TotalCodeSize) : '…'],
            [
              'Calls at a time',
              limits
                ? `${count(limits.ConcurrentExecutions)}, ${count(limits.UnreservedConcurrentExecutions)} of them for everybody`
                : '…',
            ],
            ['Server', status.data ? `Lambent ${status.data.version}` : '…'],
            ['Up since', <Time key="up" at={status.data?.startedAt} />],
            ['Session ends', <Time key="end" at={session?.expiresAt} />],
          ]}
        />
      </div>
      <Section title="From a terminal and from programs">
        <div className="grid-two">
          <div className="card stack">
            <h3>Address and keys for a shell, and for every AWS tool</h3>
            <CopyText text={'eval "$(lambent env)"'} label="Copy the command" />
            <CopyText text="aws lambda list-functions" label="Copy the command" />
          </div>
          <div className="card stack">
            <h3>This server’s address</h3>
            <CopyText text={location.origin} label="Copy the address" />
            <p className="soft">
              Unmodified AWS clients take it as their endpoint: <code>AWS_ENDPOINT_URL={location.origin}</code>
            </p>
          </div>
        </div>
      </Section>
    </div>
  );
}
