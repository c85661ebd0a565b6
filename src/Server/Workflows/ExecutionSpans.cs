using Lambent.Kernel.Functions;
using Lambent.Kernel.Traces;
using Lambent.Kernel.Workflows.Executions;

namespace Lambent.Server.Workflows;

/// <summary>
/// Leads from a trace to the executions in it: one row when an execution begins and one when it has ended. What
/// happened in between is in its journal.
/// </summary>
internal sealed class ExecutionSpans(ISpanSink sink, string region)
{
    public void Begun(ExecutionRecord record) => Add(record, TimeSpan.Zero, isOpen: true);

    public void Ended(ExecutionRecord record) =>
        Add(record, (record.StoppedAt ?? record.StartedAt) - record.StartedAt, isOpen: false);

    /// <summary>The span of an execution, as far as its record tells.</summary>
    public static TraceSpan? Of(ExecutionRecord record, string region, TimeSpan took, bool isOpen) =>
        ExecutionTrace.Of(record) is not { IsNone: false } own ? null : new TraceSpan
        {
            Owner = new FunctionId(record.Id.Account, $"{TraceSpan.OtherOwner}machine:{record.Id.Machine}"),
            Parent = own.Parent,
            Span = own.Span,
            Name = record.Id.Arn(region),
            StartedAt = record.StartedAt,
            Duration = took > TimeSpan.Zero ? took : TimeSpan.Zero,
            Origin = SpanOrigin.Execution,
            Status = record.Status is ExecutionStatus.Failed or ExecutionStatus.TimedOut or ExecutionStatus.Aborted
                ? SpanStatus.Error
                : SpanStatus.Unset,
            IsOpen = isOpen,
        };

    private void Add(ExecutionRecord record, TimeSpan took, bool isOpen)
    {
        if (Of(record, region, took, isOpen) is { } span)
        {
            sink.Add(span);
        }
    }
}
