using System.Globalization;
using Lambent.Kernel.Workflows.Definitions;

namespace Lambent.Kernel.Workflows.Views;

/// <summary>Draws a definition with what an execution made of its states.</summary>
public static class GraphViewer
{
    /// <param name="definition">What the execution runs on.</param>
    /// <param name="timeline">Of the execution.</param>
    public static GraphView View(StateMachineDefinition definition, Timeline timeline)
    {
        // Names of states are unique over the whole machine.
        var rows = timeline.Rows.ToLookup(row => row.State, StringComparer.Ordinal);
        return View(definition.Graph, rows);
    }

    private static GraphView View(StateGraph graph, ILookup<string, TimelineRow> rows) => new(
        graph.StartAt,
        [.. graph.States.Values.Select(state => Node(state, rows))],
        [.. graph.States.Values.SelectMany(state => Edges(state, rows[state.Name]))]);

    private static GraphNode Node(State state, ILookup<string, TimelineRow> rows)
    {
        var entries = rows[state.Name].ToList();
        return new GraphNode
        {
            Name = state.Name,
            Type = state.Type,
            Resource = (state as TaskState)?.Resource.Arn,
            IsEnd = state.Next is null && state is not ChoiceState,
            Status = StatusOf(entries),
            Entered = entries.Count,
            Open = entries.Count(row => row.ExitedAt is null),
            Succeeded = Count(RowStatus.Succeeded),
            Caught = Count(RowStatus.Caught),
            Failed = Count(RowStatus.Failed),
            Aborted = Count(RowStatus.Aborted),
            Skipped = Count(RowStatus.Skipped),
            Retries = entries.Sum(row => Math.Max(0, row.Attempts.Count - 1)),
            Graphs = state switch
            {
                ParallelState parallel => [.. parallel.Branches.Select(branch => View(branch, rows))],
                MapState map => [View(map.Processor, rows)],
                _ => [],
            },
        };

        int Count(RowStatus status) => entries.Count(row => row.ExitedAt is not null && row.Status == status);
    }

    private static RowStatus? StatusOf(List<TimelineRow> entries)
    {
        RowStatus? status = null;
        foreach (var row in entries)
        {
            if (row.ExitedAt is not null)
            {
                continue;
            }

            status = row.Status == RowStatus.Retrying || status is null ? row.Status : status;
        }

        return status ?? (entries.Count == 0 ? null : entries[^1].Status);
    }

    private static IEnumerable<GraphEdge> Edges(State state, IEnumerable<TimelineRow> entries)
    {
        var taken = entries.Where(row => row.Next is not null).CountBy(row => row.Next!).ToDictionary();
        if (state.Next is { } next)
        {
            yield return Edge(next, EdgeKind.Next, null);
        }

        if (state is ChoiceState choice)
        {
            for (var index = 0; index < choice.Choices.Count; index++)
            {
                yield return Edge(
                    choice.Choices[index].Next,
                    EdgeKind.Choice,
                    (index + 1).ToString(CultureInfo.InvariantCulture));
            }

            if (choice.Default is { } other)
            {
                yield return Edge(other, EdgeKind.Default, null);
            }
        }

        foreach (var catcher in (state as WorkingState)?.Catch ?? [])
        {
            yield return Edge(catcher.Next, EdgeKind.Catch, string.Join(", ", catcher.ErrorEquals));
        }

        GraphEdge Edge(string to, EdgeKind kind, string? label) =>
            new(state.Name, to, kind, label, taken.GetValueOrDefault(to));
    }
}
