namespace Lambent.Kernel.Workflows.Definitions;

/// <summary>Reads states that belong together and checks the ways between them.</summary>
internal static class GraphReader
{
    /// <param name="fields">What holds <c>StartAt</c> and <c>States</c>; whether they are there was checked.</param>
    /// <param name="scope">The definition.</param>
    public static StateGraph? Read(DefinitionFields fields, DefinitionScope scope)
    {
        if (scope.Depth > Limits.StateNestingMax)
        {
            fields.Problems.Add(
                "TOO_DEEPLY_NESTED",
                $"Parallel and Map states are nested more than {Limits.StateNestingMax} times",
                fields.Location);
            return null;
        }

        var startAt = fields.Text("StartAt");
        if (fields.Object("States") is not { } written)
        {
            return null;
        }

        if (!written.Names.Any())
        {
            fields.Refuse("States", "Value cannot be empty");
            return null;
        }

        var schemaErrors = scope.Problems.SchemaErrors;
        var states = new OrderedDictionary<string, State>();
        foreach (var name in written.Names)
        {
            if (ReadState(name, written, scope) is { } state)
            {
                states[name] = state;
            }
        }

        if (startAt is null || scope.Problems.SchemaErrors > schemaErrors)
        {
            return null;
        }

        var graph = new StateGraph { StartAt = startAt, States = states };
        GraphRules.Check(graph, fields.Location, scope.Problems);
        return graph;
    }

    private static State? ReadState(string name, DefinitionFields written, DefinitionScope scope)
    {
        var location = written.At(name);
        if (name.Length is 0 or > Limits.StateNameLengthMax)
        {
            var why = name.Length == 0
                ? "is empty"
                : $"exceeds the {Limits.StateNameLengthMax}-character limit allowed by the service";
            scope.Problems.Add("INVALID_STATE_NAME", $"State name '{name}' {why}", location);
            return null;
        }

        if (!scope.StateNames.Add(name))
        {
            scope.Problems.Add("DUPLICATE_STATE_NAME", $"Duplicate State name: {name}", location);
        }

        if (scope.StateNames.Count == Limits.StatesMax + 1)
        {
            scope.Problems.AddSchema($"A state machine has at most {Limits.StatesMax} states", written.Location);
        }

        return written.Object(name) is { } fields ? new StateReader(name, fields, scope).Read() : null;
    }
}
