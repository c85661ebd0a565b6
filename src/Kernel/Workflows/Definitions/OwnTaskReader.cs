using Lambent.Kernel.Values;
using Lambent.Kernel.Workflows.Executions;

namespace Lambent.Kernel.Workflows.Definitions;

/// <summary>
/// Checks what this server's own tasks are given, as far as the definition says it: with places, before anything runs.
/// What is computed is checked when it is.
/// </summary>
internal static class OwnTaskReader
{
    private static readonly Dictionary<string, (string[] Required, string[] Optional)> Members = new()
    {
        [OwnTask.WaitForEvent] = (["Name"], []),
        [OwnTask.SendEvent] = (["ExecutionArn", "Name"], ["Data", "Key"]),
        [OwnTask.ContinueAsNew] = ([], ["Input"]),
        [OwnTask.SetAttributes] = (["Attributes"], []),
    };

    public static void Check(TaskResource resource, DefinitionFields state, DefinitionScope scope, bool isJsonata)
    {
        if (resource.Service != OwnTask.Service)
        {
            return;
        }

        if (scope.IsExpress && resource.Action != OwnTask.SendEvent)
        {
            state.Refuse("Resource", $"Express state machine does not support '{resource.Arn}'");
        }

        if (resource.Action == OwnTask.ContinueAsNew && scope.Depth > 0)
        {
            state.Refuse(
                "Resource",
                $"'{resource.Arn}' ends the whole execution and cannot stand in a branch of a Parallel or a Map");
        }

        var field = isJsonata ? "Arguments" : "Parameters";
        if (state.Raw(field) is DataText)
        {
            // An expression makes all of it.
            return;
        }

        var (required, optional) = Members[resource.Action];
        if (required.Length > 0 && !state.Require(field))
        {
            return;
        }

        if (state.Object(field) is { } given)
        {
            CheckMembers(given, required, optional);
            CheckValues(resource, given);
        }
    }

    private static void CheckMembers(DefinitionFields given, string[] required, string[] optional)
    {
        var missing = required.Where(name => !given.Has(name) && !given.Has($"{name}.$")).ToList();
        if (missing.Count > 0)
        {
            given.Refuse($"These fields are required: [{string.Join(", ", missing)}]");
        }

        given.Allow(required.Concat(optional).SelectMany(name => new[] { name, $"{name}.$" }));
    }

    private static void CheckValues(TaskResource resource, DefinitionFields given)
    {
        if (given.Raw("Name") is { } name && !IsComputed(name) && EventNames.Problem(name) is { } unnamed)
        {
            given.Refuse("Name", unnamed);
        }

        if (resource.Action == OwnTask.SetAttributes && given.Raw("Attributes") is { } raw && !IsComputed(raw))
        {
            var written = raw is not DataObject members ? raw : new DataObject(
                [.. members.Members.Select(member => Known(member.Key, member.Value))]);
            if (SearchAttributes.Problem(written) is { } wrong)
            {
                given.Refuse("Attributes", wrong);
            }
        }
    }

    /// <summary>The name as it will be, and null in the place of what is computed.</summary>
    private static (string Name, DataValue Value) Known(string name, DataValue value) =>
        name.EndsWith(".$", StringComparison.Ordinal) ? (name[..^2], DataNull.Value)
        : IsComputed(value) ? (name, DataNull.Value)
        : (name, value);

    private static bool IsComputed(DataValue value) =>
        value is DataText { Value: var text } && text.StartsWith("{%", StringComparison.Ordinal);
}
