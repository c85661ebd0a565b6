using Lambent.Kernel.Metrics;
using Lambent.Kernel.Workflows.Executions;

namespace Lambent.Server.Metrics;

/// <summary>How many executions of each state machine began and ended, and how long they took.</summary>
internal sealed class ExecutionCounts(TimeProvider time) : IMetricSource
{
    private readonly Lock gate = new();
    private Dictionary<(MetricSeries Series, DateTimeOffset Minute), MetricCell> waiting = [];

    /// <param name="execution">As it stands after its first steps: it may be over.</param>
    public void Start(ExecutionRecord execution)
    {
        Count(execution, execution.StartedAt, cell => cell.Count(MetricCounter.ExecutionsStarted));
        if (execution.Status != ExecutionStatus.Running)
        {
            End(execution);
        }
    }

    /// <param name="execution">As it ended.</param>
    public void End(ExecutionRecord execution)
    {
        var counter = execution.Status switch
        {
            ExecutionStatus.Succeeded => MetricCounter.ExecutionsSucceeded,
            ExecutionStatus.TimedOut => MetricCounter.ExecutionsTimedOut,
            ExecutionStatus.Aborted => MetricCounter.ExecutionsAborted,
            _ => MetricCounter.ExecutionsFailed,
        };
        var at = execution.StoppedAt ?? time.GetUtcNow();
        Count(execution, at, cell =>
        {
            cell.Count(counter);
            cell.Measure(MetricMeasure.ExecutionTime, Math.Max(0, (at - execution.StartedAt).Ticks) / 10.0);
        });
    }

    public void Collect(DateTimeOffset now, List<MetricEntry> entries)
    {
        lock (gate)
        {
            entries.AddRange(waiting.Select(one => new MetricEntry(one.Key.Series, one.Key.Minute, one.Value)));
            waiting = [];
        }
    }

    private void Count(ExecutionRecord execution, DateTimeOffset at, Action<MetricCell> count)
    {
        var series = new MetricSeries(execution.Id.Account, MetricKind.StateMachine, execution.Id.Machine);
        var key = (series, MetricSpans.Floor(at, TimeSpan.FromMinutes(1)));
        lock (gate)
        {
            if (!waiting.TryGetValue(key, out var cell))
            {
                waiting[key] = cell = new MetricCell();
            }

            count(cell);
        }
    }
}
