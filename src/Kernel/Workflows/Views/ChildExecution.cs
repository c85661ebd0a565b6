using System.Globalization;
using Lambent.Kernel.Values;
using Lambent.Kernel.Workflows.Executions;
using Lambent.Kernel.Workflows.Journal;

namespace Lambent.Kernel.Workflows.Views;

/// <summary>An iteration of a distributed Map, as the execution of its own that people see in it.</summary>
/// <param name="Number">The event that began it: unique in its parent.</param>
/// <param name="Run">The event that began its run.</param>
/// <param name="Index">Its place among the items; with the run unique in its parent.</param>
/// <param name="IsStandard">Or EXPRESS, as the Map says.</param>
/// <param name="Label">Of its run.</param>
/// <param name="Branch">What it is called in its parent.</param>
/// <param name="Input">What it got.</param>
/// <param name="StartedAt">When it began.</param>
public sealed record ChildExecution(
    long Number,
    long Run,
    int Index,
    bool IsStandard,
    string Label,
    int Branch,
    DataValue Input,
    DateTimeOffset StartedAt)
{
    /// <summary>
    /// Its ARN says where its events are: <c>…:execution:MACHINE/LABEL:NAME.RUN.INDEX</c>, with the name of its parent.
    /// </summary>
    public string Arn(ExecutionId parent, string region) =>
        $"arn:aws:states:{region}:{parent.Account}:{(IsStandard ? "execution" : "express")}:"
        + $"{parent.Machine}/{Label}:{NameIn(parent)}";

    public string NameIn(ExecutionId parent) =>
        string.Create(CultureInfo.InvariantCulture, $"{parent.Name}.{Run}.{Index}");

    public ExecutionStatus Status { get; internal set; }

    public DateTimeOffset? StoppedAt { get; internal set; }

    public DataValue? Output { get; internal set; }

    public string? Error { get; internal set; }

    public string? Cause { get; internal set; }

    public int RedriveCount { get; internal set; }

    public DateTimeOffset? RedrivenAt { get; internal set; }

    /// <summary>Of a Map with batches: how many items it has.</summary>
    public int? ItemCount { get; internal set; }

    /// <summary>What happened, with numbers of its own, from the start to the end; empty when nobody asked.</summary>
    public IReadOnlyList<JournalEvent> History { get; internal set; } = [];
}
