namespace Lambent.Kernel.Metrics;

/// <summary>A metric that can be asked for by name.</summary>
/// <param name="Name">Unique.</param>
/// <param name="Kind">What it is about.</param>
/// <param name="Unit">count, ms, s, ratio, GB-s or, of cost, what the operator set.</param>
/// <param name="Usual">The statistic when none is asked for.</param>
/// <param name="About">For people.</param>
/// <param name="Read">What a cell says about it.</param>
public sealed record MetricDefinition(
    string Name,
    MetricKind Kind,
    string Unit,
    MetricStatistic Usual,
    string About,
    Func<MetricCell, MetricValue> Read);

/// <summary>All metrics, but those that programs put themselves.</summary>
public static class MetricCatalog
{
    private const double Milliseconds = 1e-3;
    private const double Seconds = 1e-6;

    public static IReadOnlyList<MetricDefinition> All { get; } =
    [
        .. Functions(),
        .. Queues(),
        .. Machines(),
    ];

    private static readonly Dictionary<string, MetricDefinition> ByName =
        All.ToDictionary(metric => metric.Name, StringComparer.Ordinal);

    public static MetricDefinition? Find(string name) => ByName.GetValueOrDefault(name);

    public static string Word(MetricKind kind) => kind switch
    {
        MetricKind.Function => "function",
        MetricKind.Queue => "queue",
        MetricKind.StateMachine => "state-machine",
        _ => "custom",
    };

    private static IEnumerable<MetricDefinition> Functions()
    {
        const MetricKind Kind = MetricKind.Function;
        yield return Counter("invocations", Kind, "Calls that came into an environment", MetricCounter.Invocations);
        yield return Outcome("errors", "Calls that did not end well, whatever went wrong", InvocationFigures.Errors);
        yield return Outcome("errors.handler", "The handler threw", Of(MetricCounter.HandlerErrors));
        yield return Outcome("errors.init", "The code could not be loaded", Of(MetricCounter.InitializationErrors));
        yield return Outcome("errors.timeout", "The time limit passed", Of(MetricCounter.TimeOuts));
        yield return Outcome("errors.exit", "The process ended during the call", Of(MetricCounter.Exits));
        yield return Outcome("errors.memory", "There was not enough memory", Of(MetricCounter.OutOfMemory));
        yield return Outcome(
            "errors.response", "The response was too large or unreadable",
            cell => cell[MetricCounter.OversizedResponses] + cell[MetricCounter.InvalidResponses]);
        yield return Rate("error-rate", "Errors per invocation", InvocationFigures.Errors);
        yield return Counter("throttles", Kind, "Calls that a limit refused", MetricCounter.Throttles);
        yield return Outcome("cold-starts", "Calls that waited for a new environment", Of(MetricCounter.ColdStarts));
        yield return Rate("cold-share", "Cold starts per invocation", Of(MetricCounter.ColdStarts));
        yield return Outcome(
            "provisioned", "Calls in provisioned environments", Of(MetricCounter.ProvisionedCalls));
        yield return Outcome(
            "spill-over", "Calls that found all provisioned environments busy", Of(MetricCounter.SpillOvers));
        yield return Measure("duration", Kind, "ms", "Time in handlers", MetricMeasure.Duration, Milliseconds);
        yield return Measure(
            "init-duration", Kind, "ms", "What cold starts took", MetricMeasure.InitDuration, Milliseconds);
        yield return Measure(
            "event-age", Kind, "ms", "How long asynchronous calls waited", MetricMeasure.EventAge, Milliseconds);
        yield return Measure(
            "concurrency", Kind, "count", "Calls in flight", MetricMeasure.Concurrency, 1, MetricStatistic.Max);
        yield return Measure(
            "provisioned-concurrency", Kind, "count", "Calls in flight that were provisioned for",
            MetricMeasure.ProvisionedConcurrency, 1, MetricStatistic.Max);
        yield return Counter("billed-ms", Kind, "Billed milliseconds", MetricCounter.BilledMilliseconds, "ms");
        yield return new MetricDefinition(
            "gb-seconds", Kind, "GB-s", MetricStatistic.Sum, "Billed time times configured memory",
            cell => Amount(cell[MetricCounter.BilledMegabyteMilliseconds] / (1024.0 * 1000)));
        yield return Counter("events.received", Kind, "Asynchronous calls accepted", MetricCounter.EventsReceived);
        yield return Counter("events.dropped", Kind, "Asynchronous calls given up", MetricCounter.EventsDropped);
    }

    private static IEnumerable<MetricDefinition> Queues()
    {
        const MetricKind Kind = MetricKind.Queue;
        yield return Counter("queue.sent", Kind, "Messages that came", MetricCounter.MessagesSent);
        yield return Counter("queue.received", Kind, "Messages handed out", MetricCounter.MessagesReceived);
        yield return Counter("queue.deleted", Kind, "Messages worked off", MetricCounter.MessagesDeleted);
        yield return Counter("queue.empty-receives", Kind, "Receives that found nothing", MetricCounter.EmptyReceives);
        yield return Counter("queue.dead-letters", Kind, "Messages given up", MetricCounter.DeadLetters);
        yield return Gauge("queue.visible", "Messages that wait", MetricMeasure.MessagesVisible);
        yield return Gauge("queue.in-flight", "Messages handed out and not settled", MetricMeasure.MessagesInFlight);
        yield return Gauge("queue.delayed", "Messages that are to wait", MetricMeasure.MessagesDelayed);
        yield return Measure(
            "queue.oldest-age", Kind, "s", "Age of the oldest message", MetricMeasure.OldestMessageAge, Seconds,
            MetricStatistic.Max);
    }

    private static IEnumerable<MetricDefinition> Machines()
    {
        const MetricKind Kind = MetricKind.StateMachine;
        yield return Counter("executions.started", Kind, "Executions begun", MetricCounter.ExecutionsStarted);
        yield return Counter("executions.succeeded", Kind, "Executions done", MetricCounter.ExecutionsSucceeded);
        yield return Counter("executions.failed", Kind, "Executions failed", MetricCounter.ExecutionsFailed);
        yield return Counter("executions.timed-out", Kind, "Executions out of time", MetricCounter.ExecutionsTimedOut);
        yield return Counter("executions.aborted", Kind, "Executions stopped", MetricCounter.ExecutionsAborted);
        yield return Measure(
            "executions.time", Kind, "ms", "From begin to end", MetricMeasure.ExecutionTime, Milliseconds);
    }

    private static MetricDefinition Counter(
        string name, MetricKind kind, string about, MetricCounter counter, string unit = "count") => new(
            name, kind, unit, MetricStatistic.Sum, about, cell => Amount(cell[counter]));

    /// <summary>Of each call it is 0 or 1.</summary>
    private static MetricDefinition Outcome(string name, string about, Func<MetricCell, long> count) => new(
        name, MetricKind.Function, "count", MetricStatistic.Sum, about,
        cell => MetricValue.Share(cell[MetricCounter.Invocations], count(cell)));

    private static MetricDefinition Rate(string name, string about, Func<MetricCell, long> count) => new(
        name, MetricKind.Function, "ratio", MetricStatistic.Average, about,
        cell => MetricValue.Share(cell[MetricCounter.Invocations], count(cell)));

    private static MetricDefinition Gauge(string name, string about, MetricMeasure measure) =>
        Measure(name, MetricKind.Queue, "count", about, measure, 1, MetricStatistic.Max);

    private static MetricDefinition Measure(
        string name,
        MetricKind kind,
        string unit,
        string about,
        MetricMeasure measure,
        double scale,
        MetricStatistic? usual = null) => new(
            name, kind, unit, usual ?? MetricStatistic.Average, about,
            cell => MetricValue.Of(cell[measure], scale));

    private static Func<MetricCell, long> Of(MetricCounter counter) => cell => cell[counter];

    /// <summary>So many times one.</summary>
    private static MetricValue Amount(double amount) => amount == 0 ? default : new MetricValue(amount, amount, 1, 1);
}
