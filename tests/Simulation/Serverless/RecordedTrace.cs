using Lambent.Kernel.Invocations;

namespace Lambent.Simulation.Serverless;

/// <summary>
/// The trace that the call records of a real server tell, so that the same checker reads what was simulated and what
/// really ran. Records have no payload; a call's outcome stands for its value.
/// </summary>
internal static class RecordedTrace
{
    /// <summary>The steps of the records, in the order of their times.</summary>
    /// <param name="records">All records of the server's life: an instance whose first call is missing looks wrong.</param>
    public static IReadOnlyList<TraceStep> From(IEnumerable<InvocationRecord> records)
    {
        var steps = new List<(DateTimeOffset At, int Order, TraceStep Step)>();
        var started = new HashSet<string>(StringComparer.Ordinal);
        var accepted = new HashSet<string>(StringComparer.Ordinal);
        foreach (var record in records.OrderBy(record => record.StartedAt))
        {
            var end = record.StartedAt + record.Duration;
            var function = record.Function.Name;
            if (accepted.Add(record.RequestId))
            {
                steps.Add((record.StartedAt, 1, new TraceStep.Accept(record.RequestId, function)));
            }

            var kind = new InstanceKind(record.Function.Account.Value, function, record.Version);
            var isCold = started.Add(record.EnvironmentId);
            steps.Add((
                record.StartedAt, 2, new TraceStep.Assign(record.RequestId, record.EnvironmentId, kind, isCold)));
            if (record.Outcome is OutcomeKind.Success or OutcomeKind.HandlerError)
            {
                var value = record.Outcome.ToString();
                steps.Add((end, 0, new TraceStep.Finish(record.EnvironmentId, record.RequestId, value)));
                if (record.Outcome == OutcomeKind.Success || record.Source != "event")
                {
                    steps.Add((end, 0, new TraceStep.Respond(record.RequestId, value)));
                }
            }
            else
            {
                // It timed out, crashed or was broken off: its environment is not used again.
                steps.Add((end, 0, new TraceStep.Die(record.EnvironmentId)));
            }
        }

        return [.. steps.OrderBy(step => step.At).ThenBy(step => step.Order).Select(step => step.Step)];
    }
}
