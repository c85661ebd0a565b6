using Lambent.Kernel.Values;

namespace Lambent.Kernel.Workflows.Views;

/// <summary>The definition that iterations of a distributed Map run on: a part of their execution's.</summary>
public static class ProcessorText
{
    /// <param name="definition">Of the execution, as it was written.</param>
    /// <param name="label">The Map's label, or its name when it has none.</param>
    /// <returns>JSON; null when there is no such Map.</returns>
    public static string? Of(string definition, string label) =>
        Find(DataReader.Read(definition).Value, label)?.ToString();

    private static DataValue? Find(DataValue? graph, string label)
    {
        if (graph?["States"] is not DataObject states)
        {
            return null;
        }

        foreach (var (name, state) in states.Members)
        {
            var processor = state["ItemProcessor"] ?? state["Iterator"];
            if (processor is not null && ((state["Label"] as DataText)?.Value ?? name) == label)
            {
                return processor;
            }

            IReadOnlyList<DataValue> within = state["Branches"] is DataArray branches ? branches.Items
                : processor is null ? []
                : [processor];
            if (within.Select(inner => Find(inner, label)).FirstOrDefault(found => found is not null) is { } deeper)
            {
                return deeper;
            }
        }

        return null;
    }
}
