using Lambent.Kernel.Invocations;

namespace Lambent.Kernel.Metrics;

/// <summary>What one call is in figures.</summary>
public static class InvocationFigures
{
    /// <summary>Waits below it are the way through the server.</summary>
    private static readonly TimeSpan AgeMin = TimeSpan.FromTicks(1);

    /// <summary>Counts a call into the cell of the minute in which it began.</summary>
    public static void Count(MetricCell cell, InvocationRecord record)
    {
        var billed = ReportLines.BilledMilliseconds(record);
        cell.Count(MetricCounter.Invocations);
        cell.Count(MetricCounter.BilledMilliseconds, billed);
        cell.Count(MetricCounter.BilledMegabyteMilliseconds, billed * record.MemoryMegabytes);
        cell.Measure(MetricMeasure.Duration, record.Duration.Ticks / 10.0);
        if (record.Outcome != OutcomeKind.Success)
        {
            cell.Count((MetricCounter)record.Outcome);
        }

        if (record.Use != EnvironmentUse.OnDemand)
        {
            cell.Count(record.Use == EnvironmentUse.Provisioned
                ? MetricCounter.ProvisionedCalls : MetricCounter.SpillOvers);
        }

        if (record.InitDuration is { } init)
        {
            cell.Count(MetricCounter.ColdStarts);
            cell.Measure(MetricMeasure.InitDuration, init.Ticks / 10.0);
        }

        if (record.Phases.Queue >= AgeMin)
        {
            cell.Measure(MetricMeasure.EventAge, record.Phases.Queue.Ticks / 10.0);
        }
    }

    /// <summary>Calls that did not end with the handler's answer, whatever went wrong.</summary>
    public static long Errors(MetricCell cell) =>
        cell[MetricCounter.HandlerErrors] + cell[MetricCounter.InitializationErrors] + cell[MetricCounter.TimeOuts]
        + cell[MetricCounter.Exits] + cell[MetricCounter.OutOfMemory] + cell[MetricCounter.OversizedResponses]
        + cell[MetricCounter.InvalidResponses];
}
