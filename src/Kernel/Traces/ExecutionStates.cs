using Lambent.Kernel.Functions;
using Lambent.Kernel.Workflows.Executions;
using Lambent.Kernel.Workflows.Views;

namespace Lambent.Kernel.Traces;

/// <summary>Makes the spans of an execution's states, and of each try at their work, out of its timeline.</summary>
public static class ExecutionStates
{
    /// <param name="record">Of the execution; it has a trace.</param>
    /// <param name="timeline">Made of its journal.</param>
    /// <param name="now">Until when what goes on has lasted.</param>
    /// <param name="countMax">The most spans.</param>
    public static IEnumerable<TraceSpan> Of(
        ExecutionRecord record, Timeline timeline, DateTimeOffset now, int countMax)
    {
        var own = ExecutionTrace.Of(record);
        var owner = new FunctionId(record.Id.Account, $"{TraceSpan.OtherOwner}machine:{record.Id.Machine}");
        var end = timeline.StoppedAt ?? now;
        var count = 0;
        foreach (var row in timeline.Rows)
        {
            var state = SpanIds.OfState(record.Key, row.Number);
            var parent = row.Parent is { } around ? SpanIds.OfState(record.Key, around) : own.Span;
            var template = new TraceSpan
            {
                Owner = owner,
                Parent = own.Parent with { Span = parent },
                Span = state,
                Name = row.State,
                StartedAt = row.EnteredAt,
                Duration = Length(row.EnteredAt, row.ExitedAt ?? end),
                Origin = SpanOrigin.State,
                Status = row.Status is RowStatus.Failed ? SpanStatus.Error : SpanStatus.Unset,
                IsOpen = row.ExitedAt is null && timeline.StoppedAt is null,
            };
            yield return template;
            if (++count >= countMax)
            {
                yield break;
            }

            foreach (var attempt in row.Attempts.Where(attempt => attempt.Task is not null))
            {
                yield return template with
                {
                    Parent = own.Parent with { Span = state },
                    Span = SpanIds.OfAttempt(record.Key, attempt.Task!.Value),
                    Name = $"{row.State} work",
                    StartedAt = attempt.ScheduledAt,
                    Duration = Length(attempt.ScheduledAt, attempt.EndedAt ?? row.ExitedAt ?? end),
                    Origin = SpanOrigin.Attempt,
                    Kind = SpanKind.Client,
                    Status = attempt.Outcome is AttemptOutcome.Failed or AttemptOutcome.TimedOut
                        ? SpanStatus.Error
                        : SpanStatus.Unset,
                    IsOpen = attempt.Outcome == AttemptOutcome.Running && timeline.StoppedAt is null,
                };
                if (++count >= countMax)
                {
                    yield break;
                }
            }
        }
    }

    private static TimeSpan Length(DateTimeOffset from, DateTimeOffset to) =>
        to > from ? to - from : TimeSpan.Zero;
}
