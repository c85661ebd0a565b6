import { useQuery } from '@tanstack/react-query';
import { accountSettings, operatorAccount, readNode, readStatus } from '../../api/status';
import { useSession } from '../../session/useSession';
import { ErrorBox } from '../../ui/ErrorBox';
import { bytes, count, percent } from '../../ui/format';
import { Meter } from '../../ui/Meter';
import { Facts, Section } from '../../ui/Page';
import { Time } from '../../ui/Time';

const often = 3000;

/** The machine and the limits, before they bite. The machine is the operator's to see. */
export function Capacity() {
  const account = useSession()?.account ?? '';
  const isOperator = account === operatorAccount;
  const status = useQuery({
    queryKey: ['status'],
    queryFn: ({ signal }) => readStatus(signal),
    refetchInterval: often,
  });
  const node = useQuery({
    queryKey: ['node'],
    queryFn: ({ signal }) => readNode(signal),
    refetchInterval: often,
    enabled: isOperator,
  });
  const settings = useQuery({
    queryKey: ['account-settings'],
    queryFn: ({ signal }) => accountSettings(signal),
    refetchInterval: 10_000,
  });
  const error = status.error ?? node.error ?? settings.error;
  const machine = node.data;
  const limits = settings.data?.AccountLimit;
  const log = status.data?.logs;
  return (
    <>
      {error && !status.data ? <ErrorBox error={error} retry={() => void status.refetch()} /> : null}
      <div className="card nodes-facts">
        <Facts
          facts={
            [
              ['Node', machine?.host ?? '…'],
              ['Version', status.data ? `Lambent ${status.data.version}` : '…'],
              ['Up since', <Time key="up" at={status.data?.startedAt} />],
              isOperator && [
                'Processors',
                machine
                  ? `${machine.processors}${machine.processorShare === undefined ? '' : `, ${percent(Math.round(machine.processorShare * 100) / 100)} busy`}`
                  : '…',
              ],
              isOperator && ['Server’s memory', machine ? bytes(machine.serverBytes) : '…'],
              ['Calls in flight', status.data ? count(status.data.callsInFlight) : '…'],
              isOperator && [
                'Warm, for no function yet',
                machine ? `${machine.environments.waiting} of ${machine.environments.waitingWanted} wanted` : '…',
              ],
              ['Runtimes', status.data?.runtimes.join(', ') ?? '…'],
            ].filter((fact) => fact !== false) as Array<[string, string]>
          }
        />
      </div>
      <Section title="Limits">
        <div className="grid nodes-limits">
          {machine && (
            <>
              <Meter
                label="Memory of the machine"
                used={machine.memoryBytes - (machine.memoryFreeBytes ?? machine.memoryBytes)}
                limit={machine.memoryBytes}
                format={bytes}
                detail={`Environments took ${bytes(machine.environments.peakMemoryMegabytes * 1024 * 1024)} at most.`}
              />
              <Meter
                label="Disk of the data folder"
                used={machine.diskBytes - machine.diskFreeBytes}
                limit={machine.diskBytes}
                format={bytes}
                detail={`The server’s files: ${bytes(machine.storeBytes)}.`}
              />
              <Meter
                label="Environments"
                limit={machine.environments.max}
                format={count}
                used={machine.environments.busy + machine.environments.idle + machine.environments.starting}
                detail={`${machine.environments.busy} busy, ${machine.environments.idle} idle, ${machine.environments.starting} starting.`}
              />
            </>
          )}
          {log && (
            <Meter
              label="Log"
              used={log.bytes}
              limit={log.bytesMax}
              format={bytes}
              detail={
                <>
                  {log.retentionDays} days are kept; the oldest go first. <code>lambent up --log-mb</code>
                </>
              }
            />
          )}
          {limits && status.data && (
            <Meter
              label="Calls at a time, of the account"
              used={status.data.callsInFlight}
              limit={limits.ConcurrentExecutions}
              format={count}
              detail={
                <>
                  {count(limits.ConcurrentExecutions - limits.UnreservedConcurrentExecutions)} are reserved or
                  provisioned. <code>lambent account limit {account} --concurrency N</code>
                </>
              }
            />
          )}
        </div>
      </Section>
    </>
  );
}
