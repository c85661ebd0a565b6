using Lambent.Kernel.Workflows.Executions;

namespace Lambent.Kernel.Traces;

/// <summary>The place of an execution in its trace: the one it was started in, or one that begins with it.</summary>
public static class ExecutionTrace
{
    public static CallTrace Of(ExecutionRecord record)
    {
        var parent = XRayHeader.Parse(record.TraceHeader);
        if (parent.IsNone && TraceId.TryOfRequest(record.Key, out var own))
        {
            parent = new TraceContext(own, 0, IsSampled: true);
        }

        return parent.IsNone ? default : new CallTrace(parent, SpanIds.OfExecution(record.Key));
    }

    /// <summary>What is handed on with the work of a state; none for an execution without a trace.</summary>
    /// <param name="record">Of the execution.</param>
    /// <param name="task">The number of the event that handed the work over.</param>
    public static TraceContext OfTask(ExecutionRecord record, long task) =>
        Of(record) is { IsNone: false } own
            ? own.Parent with { Span = SpanIds.OfAttempt(record.Key, task) }
            : default;

    /// <summary>The same as it is stored, or null.</summary>
    public static string? HeaderOfTask(ExecutionRecord record, long task) =>
        OfTask(record, task) is { IsNone: false } context ? XRayHeader.Format(context) : null;
}
