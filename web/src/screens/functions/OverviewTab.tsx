import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { accountSettingsQuery, type FunctionDescription } from '../../api/functions';
import { callsOf, environmentsOf, errorsOf, figuresOf, type MetricData } from '../../api/functionFigures';
import { scalingQuery } from '../../api/functionTriggers';
import { Badge } from '../../ui/Badge';
import { Chart } from '../../ui/Chart';
import { CopyText, shellQuote } from '../../ui/CopyAs';
import { ErrorBox } from '../../ui/ErrorBox';
import { count, duration, percent } from '../../ui/format';
import { Meter } from '../../ui/Meter';
import { Section } from '../../ui/Page';
import { Stat } from '../../ui/Stat';
import { Time } from '../../ui/Time';
import { TimeRange, useTimeRange } from '../../ui/TimeRange';
import { CallTable, ErrorTable } from './EvidenceTabs';
import { figuresOfSeries, find, money } from './figures';
import './OverviewTab.css';

const unzippedBytesMax = 262_144_000;
const shownCalls = 5;

export function OverviewTab({ name, description }: { name: string; description: FunctionDescription }) {
  const { range, setRange } = useTimeRange('1h');
  const figures = useQuery(figuresOf(name, range));
  const calls = useQuery(callsOf(name, shownCalls));
  const errors = useQuery(errorsOf(name, shownCalls));
  return (
    <div className="stack-large">
      <div className="row">
        <span className="grow" />
        <TimeRange range={range} setRange={setRange} />
      </div>
      {figures.error && !figures.data ? (
        <ErrorBox error={figures.error} />
      ) : (
        <Figures name={name} data={figures.data} />
      )}
      <div className="grid-two">
        <Section
          title="Last invocations"
          actions={<Link href={`/functions/${encodeURIComponent(name)}?tab=invocations`}>More</Link>}
        >
          <CallTable calls={calls.data} error={calls.error} name={name} />
        </Section>
        <Section
          title="Recent errors"
          actions={<Link href={`/functions/${encodeURIComponent(name)}?tab=errors`}>More</Link>}
        >
          <ErrorTable errors={errors.data?.errors} error={errors.error} />
        </Section>
      </div>
      <div className="grid-two">
        <Section title="Limits">
          <LimitMeters name={name} description={description} data={figures.data} />
        </Section>
        <Section title="Why is it not running, or slow?">
          <Why name={name} description={description} />
        </Section>
      </div>
    </div>
  );
}

const noData: MetricData = { from: '', to: '', periodSeconds: 60, times: [], groups: [], groupsLeftOut: 0 };

function Figures({ name, data = noData }: { name: string; data?: MetricData }) {
  const series = data.groups[0]?.series ?? [];
  const figures = figuresOfSeries(series);
  const times = data.times.map((time) => Date.parse(time) / 1000);
  const values = (metric: string, statistic?: string) =>
    find(series, metric, statistic)?.values ?? times.map(() => null);
  const ms = (value: number | null) => (value === null ? '–' : duration(value));
  return (
    <>
      <div className="grid overview-stats">
        <Stat label="Calls" value={count(figures.calls)} />
        <Stat
          label="Errors"
          value={figures.errorShare === null ? '–' : percent(figures.errorShare)}
          detail={figures.errors === 1 ? '1 call' : `${count(figures.errors)} calls`}
          tone={figures.errors > 0 ? 'bad' : undefined}
        />
        <Stat label="Duration p50" value={ms(figures.p50)} detail={`p95 ${ms(figures.p95)} · p99 ${ms(figures.p99)}`} />
        <Stat
          label="Cold starts"
          value={figures.coldShare === null ? '–' : percent(figures.coldShare)}
          detail={`${count(find(series, 'cold-starts')?.total ?? 0)} calls waited`}
        />
        <Stat
          label="Throttled"
          value={count(figures.throttles)}
          detail="refused by a limit"
          tone={figures.throttles > 0 ? 'warn' : undefined}
        />
        {data.currency ? (
          <Stat
            label={`Cost, ${data.currency}`}
            value={
              figures.cost !== null && figures.cost > 0 && figures.cost < 0.01
                ? '< 0.01'
                : (figures.cost ?? 0).toFixed(2)
            }
            detail={`${money(figures.cost, data.currency)}, ${count(figures.gigabyteSeconds)} GB-s`}
          />
        ) : (
          <Stat label="Used" value={`${count(figures.gigabyteSeconds)} GB-s`} detail="no prices are set" />
        )}
      </div>
      <div className="grid-two">
        <ChartCard title="Calls">
          <Chart
            label={`Calls of ${name}`}
            times={times}
            format={count}
            series={[
              { label: 'Calls', values: values('invocations'), kind: 'bars', colour: 1 },
              { label: 'Errors', values: values('errors'), kind: 'bars', colour: 'bad' },
              { label: 'Throttles', values: values('throttles'), colour: 'warn' },
            ]}
          />
        </ChartCard>
        <ChartCard title="Duration">
          <Chart
            label={`Duration of ${name}`}
            times={times}
            format={duration}
            series={[
              { label: 'p50', values: values('duration', 'p50'), colour: 1 },
              { label: 'p95', values: values('duration', 'p95'), colour: 3 },
              { label: 'p99', values: values('duration', 'p99'), colour: 4 },
            ]}
          />
        </ChartCard>
        <ChartCard title="Calls in flight">
          <Chart
            label={`Calls of ${name} in flight`}
            times={times}
            format={count}
            height={140}
            series={[{ label: 'Most at a time', values: values('concurrency'), kind: 'area', colour: 2 }]}
          />
        </ChartCard>
        <ChartCard title="Cold starts">
          <Chart
            label={`Cold starts of ${name}`}
            times={times}
            format={count}
            height={140}
            series={[{ label: 'Cold starts', values: values('cold-starts'), kind: 'bars', colour: 5 }]}
          />
        </ChartCard>
        <ChartCard title="Starting an environment">
          <Chart
            label={`What cold starts of ${name} took`}
            times={times}
            format={duration}
            height={140}
            series={[{ label: 'p95', values: values('init-duration', 'p95'), colour: 3 }]}
          />
        </ChartCard>
        {data.currency ? (
          <ChartCard title={`Cost, ${data.currency}`}>
            <Chart
              label={`Cost of ${name}`}
              times={times}
              format={short}
              height={140}
              series={[{ label: 'Cost', values: values('cost'), kind: 'bars', colour: 6 }]}
            />
          </ChartCard>
        ) : (
          <ChartCard title="GB-seconds">
            <Chart
              label={`GB-seconds of ${name}`}
              times={times}
              format={short}
              height={140}
              series={[{ label: 'GB-s', values: values('gb-seconds'), kind: 'bars', colour: 6 }]}
            />
          </ChartCard>
        )}
      </div>
    </>
  );
}

/** Amounts that are often very small, short enough for an axis. */
function short(value: number): string {
  return value !== 0 && Math.abs(value) < 0.001 ? value.toExponential(1) : count(value);
}

function ChartCard({ title, children }: { title: string; children: React.ReactNode }) {
  return (
    <section className="card overview-chart">
      <h2>{title}</h2>
      {children}
    </section>
  );
}

/** Limits that could bite, with what they are at; a bar warns from 80 % on. */
function LimitMeters({
  name,
  description,
  data,
}: {
  name: string;
  description: FunctionDescription;
  data?: MetricData;
}) {
  const { Configuration: configuration, Concurrency } = description;
  const account = useQuery(accountSettingsQuery());
  const environments = useQuery(environmentsOf(name));
  const series = data?.groups[0]?.series ?? [];
  const reserved = Concurrency?.ReservedConcurrentExecutions;
  const most = account.data?.AccountLimit.UnreservedConcurrentExecutions;
  const peakMemory = Math.max(0, ...(environments.data ?? []).map((environment) => environment.memoryMegabytes));
  const variables = Object.entries(configuration.Environment?.Variables ?? {}).reduce(
    (sum, [key, value]) => sum + new TextEncoder().encode(key + value).length,
    0,
  );
  const megabytes = (value: number) => `${count(value)} MB`;
  return (
    <div className="card stack">
      {(reserved ?? most) !== undefined && (
        <Meter
          label={reserved !== undefined ? 'Reserved concurrency' : 'Concurrency of the account'}
          format={count}
          used={find(series, 'concurrency')?.total ?? 0}
          limit={reserved ?? most!}
          detail={reserved === 0 ? 'At 0 every call is refused.' : 'The most calls at a time in this time.'}
        />
      )}
      <Meter
        label="Duration p99 of the timeout"
        used={find(series, 'duration', 'p99')?.total ?? 0}
        limit={configuration.Timeout * 1000}
        format={duration}
        detail={
          <>
            Raise it:{' '}
            <code>
              lambent deploy {shellQuote(name)} --timeout {Math.min(900, configuration.Timeout * 2)}
            </code>
          </>
        }
      />
      <Meter
        label="Memory"
        used={peakMemory}
        limit={configuration.MemorySize}
        format={megabytes}
        detail={`The most of the ${count(environments.data?.length ?? 0)} environments there are now.`}
      />
      <Meter label="Environment variables" used={variables} limit={4096} format={(value) => `${count(value)} B`} />
      <Meter
        label="Package, zipped"
        used={configuration.CodeSize}
        limit={52_428_800}
        format={(value) => megabytes(value / 1e6)}
        detail={`${count(unzippedBytesMax / 1e6)} MB unpacked with layers.`}
      />
    </div>
  );
}

function Why({ name, description }: { name: string; description: FunctionDescription }) {
  const scaling = useQuery(scalingQuery(name));
  const environments = useQuery(environmentsOf(name));
  const account = useQuery(accountSettingsQuery());
  const reasons = reasonsOf(description, account.data?.AccountLimit.UnreservedConcurrentExecutions);
  const ready = environments.data ?? [];
  return (
    <div className="card stack">
      {reasons.map((reason) => (
        <p key={reason}>
          <Badge tone="bad">stopped</Badge> {reason}
        </p>
      ))}
      {environments.data && (
        <p>
          {ready.length === 0
            ? 'No environment is there now: the next call waits for one to start.'
            : `${ready.length} ${ready.length === 1 ? 'environment is' : 'environments are'} there: ${
                ready.filter((each) => each.state === 'busy').length
              } busy, ${ready.filter((each) => each.state === 'idle').length} idle, ${
                ready.filter((each) => each.state === 'starting').length
              } starting.`}
        </p>
      )}
      {scaling.error && <ErrorBox error={scaling.error} />}
      {scaling.data?.length === 0 && (
        <p className="soft">It was not called since the server started, so nothing was decided.</p>
      )}
      {scaling.data?.map((controller) => (
        <div key={`${controller.controller}${controller.source}${controller.version}`}>
          <h3>
            {controller.source
              ? `${controller.controller} ${controller.source}`
              : `Calls of ${controller.version ?? '$LATEST'}`}{' '}
            <span className="faint">
              <Time at={controller.last.at} />
            </span>
          </h3>
          <ul className="overview-why">
            {controller.explanation.map((sentence) => (
              <li key={sentence}>{sentence}</li>
            ))}
          </ul>
        </div>
      ))}
      <CopyText text={`lambent why ${shellQuote(name)}`} label="Copy the command" />
    </div>
  );
}

/** Preconditions of a call that do not hold. */
function reasonsOf(
  { Configuration: configuration, Concurrency }: FunctionDescription,
  unreserved: number | undefined,
): string[] {
  return [
    configuration.State === 'Failed' &&
      `It could not be made ready: ${configuration.StateReason ?? 'no reason was given'}.`,
    configuration.LastUpdateStatus === 'Failed' &&
      `The last change failed, and calls use what was there before: ${configuration.LastUpdateStatusReason ?? ''}`,
    Concurrency?.ReservedConcurrentExecutions === 0 &&
      'Its reserved concurrency is 0: every call is refused until that is raised or removed.',
    Concurrency === undefined &&
      unreserved === 0 &&
      'The account has no concurrency left that is not reserved by other functions.',
  ].filter((reason) => reason !== false);
}
