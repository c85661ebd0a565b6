using Lambent.Kernel.Functions;
using Lambent.Kernel.Metrics;
using Lambent.Protocol.Otlp;
using Lambent.Storage.Telemetry;

namespace Lambent.Server.Telemetry.Exports;

/// <summary>
/// Figures of minutes as OpenTelemetry's protocol has them: a resource for each function's version, queue and state
/// machine, the names of OpenTelemetry's conventions (faas.*) where there are any, and sums and histograms as what came
/// in that minute (delta temporality).
/// </summary>
/// <param name="region">Of this server.</param>
/// <param name="rates">What is asked for at a time; null: nothing.</param>
internal sealed class OtlpFigures(string region, Func<DateTimeOffset, Rates?> rates)
{
    private const double Seconds = 1e-6;
    private const double MegabyteMillisecondsPerGigabyteSecond = 1024.0 * 1000;

    private static readonly Instrument[] Instruments = [.. Functions(), .. Queues(), .. Machines()];

    /// <param name="cells">Of minutes that are over, in order of time.</param>
    /// <param name="points">How many figures it is.</param>
    public IReadOnlyList<OtlpMetricResource> Of(IEnumerable<MetricArrival> cells, out int points)
    {
        List<OtlpMetricResource> resources =
        [
            .. cells.GroupBy(cell => cell.Series with { Detail = "" })
                .Select(group => new OtlpMetricResource(
                    Resource(group.Key), OtlpResources.Scope, ProgramVersion.Text, Metrics(group.Key.Kind, [.. group])))
                .Where(resource => resource.Metrics.Count > 0),
        ];
        points = resources.Sum(resource => resource.Metrics.Sum(metric => metric.Points.Count));
        return resources;
    }

    private List<OtlpAttribute> Resource(MetricSeries series)
    {
        var attributes = series.Kind == MetricKind.Function
            ? OtlpResources.OfFunction(new FunctionId(series.Account, series.Name), series.Part, region)
            : OtlpResources.Of(series.Name, series.Account.Value, region);
        attributes.Add(new OtlpAttribute("lambent.kind", MetricCatalog.Word(series.Kind)));
        return attributes;
    }

    private List<OtlpMetric> Metrics(MetricKind kind, List<MetricArrival> cells)
    {
        var metrics = new List<OtlpMetric>();
        foreach (var instrument in Instruments.Where(instrument => instrument.Kind == kind))
        {
            var points = cells.Select(cell => Place(instrument.Read(cell.Cell), cell)).OfType<OtlpPoint>().ToList();
            if (points.Count > 0)
            {
                metrics.Add(new OtlpMetric(instrument.Name, instrument.About, instrument.Unit, points));
            }
        }

        // Its unit is what the operator set, and may change with the rates.
        foreach (var priced in cells.Select(cell => (Cell: cell, Rates: rates(cell.Minute)))
            .Where(one => kind == MetricKind.Function && one.Rates is not null
                && one.Cell.Cell[MetricCounter.Invocations] > 0)
            .GroupBy(one => one.Rates!.Currency))
        {
            metrics.Add(new OtlpMetric(
                "lambent.cost", "What calls cost at the rates of the time", $"{{{priced.Key}}}",
                [.. priced.Select(one => Place(Cost(one.Cell.Cell, one.Rates!), one.Cell)!)]));
        }

        return metrics;
    }

    private static OtlpPoint? Place(OtlpPoint? point, MetricArrival cell) => point is null
        ? null
        : point with
        {
            StartUnixNanoseconds = OtlpResources.Nanoseconds(cell.Minute),
            EndUnixNanoseconds = OtlpResources.Nanoseconds(cell.Minute.AddMinutes(1)),
            Attributes = cell.Series.Detail.Length > 0
                ? [new OtlpAttribute("lambent.alias", cell.Series.Detail)]
                : [],
        };

    private static OtlpAmount Cost(MetricCell cell, Rates rates) => new(Money.Of(
        cell[MetricCounter.BilledMegabyteMilliseconds], cell[MetricCounter.Invocations], rates).Approximately);

    private static IEnumerable<Instrument> Functions()
    {
        const MetricKind Kind = MetricKind.Function;
        yield return Count(
            Kind, "faas.invocations", "{invocation}", "Calls that came into an environment",
            MetricCounter.Invocations);
        yield return new Instrument(
            Kind, "faas.errors", "{error}", "Calls that did not end well, whatever went wrong",
            cell => cell[MetricCounter.Invocations] > 0 ? new OtlpCount(InvocationFigures.Errors(cell)) : null);
        yield return Count(
            Kind, "faas.timeouts", "{timeout}", "Calls whose time limit passed", MetricCounter.TimeOuts);
        yield return Count(
            Kind, "faas.coldstarts", "{coldstart}", "Calls that waited for a new environment",
            MetricCounter.ColdStarts);
        yield return Times(Kind, "faas.invoke_duration", "Time in handlers", MetricMeasure.Duration);
        yield return Times(Kind, "faas.init_duration", "What cold starts took", MetricMeasure.InitDuration);
        yield return Count(
            Kind, "lambent.throttles", "{call}", "Calls that a limit refused", MetricCounter.Throttles);
        yield return Most(
            Kind, "lambent.concurrency", "{call}", "Calls in flight: the most of the minute",
            MetricMeasure.Concurrency);
        yield return Count(
            Kind, "lambent.billed_duration", "ms", "Billed time", MetricCounter.BilledMilliseconds);
        yield return new Instrument(
            Kind, "lambent.gb_seconds", "GBy.s", "Billed time times configured memory",
            cell => cell[MetricCounter.BilledMegabyteMilliseconds] is not 0 and var amount
                ? new OtlpAmount(amount / MegabyteMillisecondsPerGigabyteSecond)
                : null);
        yield return Times(
            Kind, "lambent.event_age", "How long asynchronous calls waited", MetricMeasure.EventAge);
        yield return Count(
            Kind, "lambent.events.received", "{event}", "Asynchronous calls accepted", MetricCounter.EventsReceived);
        yield return Count(
            Kind, "lambent.events.dropped", "{event}", "Asynchronous calls given up", MetricCounter.EventsDropped);
    }

    private static IEnumerable<Instrument> Queues()
    {
        const MetricKind Kind = MetricKind.Queue;
        const string Unit = "{message}";
        yield return Count(Kind, "lambent.queue.sent", Unit, "Messages that came", MetricCounter.MessagesSent);
        yield return Count(
            Kind, "lambent.queue.received", Unit, "Messages handed out", MetricCounter.MessagesReceived);
        yield return Count(Kind, "lambent.queue.deleted", Unit, "Messages worked off", MetricCounter.MessagesDeleted);
        yield return Count(Kind, "lambent.queue.dead_letters", Unit, "Messages given up", MetricCounter.DeadLetters);
        yield return Most(Kind, "lambent.queue.visible", Unit, "Messages that wait", MetricMeasure.MessagesVisible);
        yield return Most(
            Kind, "lambent.queue.in_flight", Unit, "Messages handed out and not settled",
            MetricMeasure.MessagesInFlight);
        yield return Most(
            Kind, "lambent.queue.delayed", Unit, "Messages that are to wait", MetricMeasure.MessagesDelayed);
        yield return Most(
            Kind, "lambent.queue.oldest_age", "s", "Age of the oldest message", MetricMeasure.OldestMessageAge,
            Seconds);
    }

    private static IEnumerable<Instrument> Machines()
    {
        const MetricKind Kind = MetricKind.StateMachine;
        const string Unit = "{execution}";
        yield return Count(
            Kind, "lambent.executions.started", Unit, "Executions begun", MetricCounter.ExecutionsStarted);
        yield return Count(
            Kind, "lambent.executions.succeeded", Unit, "Executions done", MetricCounter.ExecutionsSucceeded);
        yield return Count(
            Kind, "lambent.executions.failed", Unit, "Executions failed", MetricCounter.ExecutionsFailed);
        yield return Count(
            Kind, "lambent.executions.timed_out", Unit, "Executions out of time",
            MetricCounter.ExecutionsTimedOut);
        yield return Count(
            Kind, "lambent.executions.aborted", Unit, "Executions stopped", MetricCounter.ExecutionsAborted);
        yield return Times(
            Kind, "lambent.execution_duration", "From begin to end", MetricMeasure.ExecutionTime);
    }

    private static Instrument Count(
        MetricKind kind, string name, string unit, string about, MetricCounter counter) => new(
            kind, name, unit, about, cell => cell[counter] is > 0 and var count ? new OtlpCount(count) : null);

    private static Instrument Most(
        MetricKind kind, string name, string unit, string about, MetricMeasure measure, double scale = 1) => new(
            kind, name, unit, about, cell => cell[measure] is { Count: > 0 } measured
                ? new OtlpGauge(measured.Max * scale)
                : null);

    private static Instrument Times(MetricKind kind, string name, string about, MetricMeasure measure) => new(
        kind, name, "s", about, cell => cell[measure] is { Count: > 0 } measured ? Histogram(measured) : null);

    private static OtlpHistogram Histogram(MetricDistribution measured)
    {
        var buckets = ExponentialBuckets.Of(measured.Histogram, Seconds);
        return new OtlpHistogram(
            measured.Count, measured.Sum * Seconds, measured.Min * Seconds, measured.Max * Seconds, buckets.Scale,
            buckets.ZeroCount, buckets.Offset, buckets.Counts);
    }

    /// <param name="Kind">What it is of.</param>
    /// <param name="Name">As it is sent.</param>
    /// <param name="Unit">As it is sent.</param>
    /// <param name="About">For people.</param>
    /// <param name="Read">What a cell says of it; null: nothing. Without its place in time.</param>
    private sealed record Instrument(
        MetricKind Kind, string Name, string Unit, string About, Func<MetricCell, OtlpPoint?> Read);
}
