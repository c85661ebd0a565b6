using Lambent.Kernel.Workflows.Executions;
using Lambent.Kernel.Workflows.Journal;

namespace Lambent.Server.Workflows;

/// <summary>A run of a distributed Map, as its execution's journal tells it.</summary>
/// <param name="Record">The execution.</param>
/// <param name="Started">The event that began the run.</param>
internal sealed record MapRun(ExecutionRecord Record, JournalEvent Started)
{
    public int Total { get; private set; }

    public int ConcurrencyMax { get; private set; }

    public int ToleratedFailures { get; private set; }

    public int Running { get; private set; }

    public int Succeeded { get; private set; }

    public int Failed { get; private set; }

    public int Aborted { get; private set; }

    public ExecutionStatus Status { get; private set; }

    public DateTimeOffset? StoppedAt { get; private set; }

    /// <summary>Iterations whose results are in a bucket.</summary>
    public int ResultsWritten { get; private set; }

    public int RedriveCount { get; private set; }

    public DateTimeOffset? RedrivenAt { get; private set; }

    public int Pending => Status == ExecutionStatus.Running ? Total - Running - Succeeded - Failed - Aborted : 0;

    /// <summary>All runs of an execution, in the order in which they began.</summary>
    public static IReadOnlyList<MapRun> Of(ExecutionRecord record, IEnumerable<JournalEvent> journal)
    {
        List<MapRun> runs = [];
        Dictionary<int, MapRun> current = [];
        Dictionary<int, JournalEvent> maps = [];
        foreach (var happened in journal)
        {
            switch (happened.Type)
            {
                case JournalEventType.MapStateStarted:
                    maps[happened.Branch] = happened;
                    current.Remove(happened.Branch);
                    break;
                case JournalEventType.MapRunStarted when maps.TryGetValue(happened.Branch, out var map):
                    var run = new MapRun(record, happened)
                    {
                        Total = map.Index ?? 0,
                        ConcurrencyMax = map.ConcurrencyMax ?? 0,
                        ToleratedFailures = map.ToleratedFailures ?? 0,
                    };
                    runs.Add(run);
                    current[happened.Branch] = run;
                    break;
                case JournalEventType.ExecutionAborted or JournalEventType.ExecutionFailed
                    or JournalEventType.ExecutionTimedOut:
                    runs.ForEach(open => open.Abort(happened));
                    break;
                case JournalEventType.ExecutionRedriven:
                    runs.ForEach(ended => ended.Redrive(happened));
                    break;
                default:
                    current.GetValueOrDefault(happened.Branch)?.Count(happened);
                    break;
            }
        }

        return runs;
    }

    private void Count(JournalEvent happened)
    {
        switch (happened.Type)
        {
            case JournalEventType.MapIterationStarted:
                Running++;
                break;
            case JournalEventType.MapIterationSucceeded:
                (Running, Succeeded) = (Running - 1, Succeeded + 1);
                break;
            case JournalEventType.MapIterationFailed:
                (Running, Failed) = (Running - 1, Failed + 1);
                break;
            case JournalEventType.MapIterationAborted:
                (Running, Aborted) = (Running - 1, Aborted + 1);
                break;
            case JournalEventType.MapDataSucceeded:
                ResultsWritten = Succeeded + Failed + Aborted;
                break;
            case JournalEventType.MapRunSucceeded:
                (Status, StoppedAt) = (ExecutionStatus.Succeeded, happened.At);
                break;
            case JournalEventType.MapRunFailed:
                (Status, StoppedAt) = (ExecutionStatus.Failed, happened.At);
                break;
            case JournalEventType.MapRunAborted:
                Abort(happened);
                break;
            case JournalEventType.MapRunChanged:
                (ConcurrencyMax, ToleratedFailures) =
                    (happened.ConcurrencyMax ?? ConcurrencyMax, happened.ToleratedFailures ?? ToleratedFailures);
                break;
        }
    }

    private void Abort(JournalEvent happened)
    {
        if (Status == ExecutionStatus.Running)
        {
            (Status, StoppedAt, Aborted, Running) = (ExecutionStatus.Aborted, happened.At, Aborted + Running, 0);
        }
    }

    /// <summary>Iterations that had not succeeded run again.</summary>
    private void Redrive(JournalEvent happened)
    {
        if (Status is ExecutionStatus.Failed or ExecutionStatus.Aborted)
        {
            (Status, StoppedAt) = (ExecutionStatus.Running, null);
            (Running, Failed, Aborted) = (Failed + Aborted, 0, 0);
            (RedriveCount, RedrivenAt) = (RedriveCount + 1, happened.At);
        }
    }
}
