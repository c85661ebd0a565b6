namespace Lambent.Kernel.Workflows.Definitions;

/// <summary>Reads what a Task calls. What cannot be called here is refused by name.</summary>
internal static class ResourceReader
{
    private static readonly Dictionary<string, IntegrationPattern> Patterns = new()
    {
        [""] = IntegrationPattern.RequestResponse,
        [".sync"] = IntegrationPattern.Sync,
        [".sync:2"] = IntegrationPattern.SyncAsJson,
        [".waitForTaskToken"] = IntegrationPattern.WaitForTaskToken,
    };

    private static readonly Dictionary<string, IntegrationPattern[]> Integrations = new()
    {
        ["lambda:invoke"] = [IntegrationPattern.RequestResponse, IntegrationPattern.WaitForTaskToken],
        ["sqs:sendMessage"] = [IntegrationPattern.RequestResponse, IntegrationPattern.WaitForTaskToken],
        ["states:startExecution"] =
        [
            IntegrationPattern.RequestResponse, IntegrationPattern.Sync, IntegrationPattern.SyncAsJson,
            IntegrationPattern.WaitForTaskToken,
        ],
        ["http:invoke"] = [IntegrationPattern.RequestResponse],
        ["events:putEvents"] = [IntegrationPattern.RequestResponse],
        ["sns:publish"] = [IntegrationPattern.RequestResponse],
        [$"{OwnTask.Service}:{OwnTask.WaitForEvent}"] = [IntegrationPattern.RequestResponse],
        [$"{OwnTask.Service}:{OwnTask.SendEvent}"] = [IntegrationPattern.RequestResponse],
        [$"{OwnTask.Service}:{OwnTask.ContinueAsNew}"] = [IntegrationPattern.RequestResponse],
        [$"{OwnTask.Service}:{OwnTask.SetAttributes}"] = [IntegrationPattern.RequestResponse],
    };

    /// <returns>The resource, or what is wrong with it.</returns>
    public static (TaskResource? Resource, string? Problem) Read(string text, bool isExpress)
    {
        if (text.Contains("${", StringComparison.Ordinal))
        {
            return Refused($"Value is not a valid resource ARN: '{text}' has a place that a deployment tool fills in "
                + "(DefinitionSubstitutions, Fn::Sub); deploy it with that tool or write the ARN out");
        }

        var parts = text.Split(':', 7);
        if (parts.Length < 7 || parts[0] != "arn" || parts[1].Length == 0)
        {
            return Refused($"Value is not a valid resource ARN: a Task calls {Supported}");
        }

        return (parts[2], parts[3], parts[4], parts[5]) switch
        {
            ("states", "", "", _) => ReadIntegration(text, $"{parts[5]}:{parts[6]}", isExpress),
            ("lambda", not "", not "", "function") when parts[6].Length > 0 =>
                (new TaskResource(text, TaskResourceKind.Function, "lambda", "invoke"), null),
            ("states", not "", not "", "activity") when parts[6].Length > 0 => isExpress
                ? Refused("Express state machine does not support Activity ARN")
                : (new TaskResource(text, TaskResourceKind.Activity, "states", "activity"), null),
            _ => Refused($"The resource provided {text} is not recognized: a Task calls {Supported}"),
        };
    }

    private static string Supported { get; } =
        "a function's ARN, an activity's ARN or one of "
        + string.Join(", ", Integrations.SelectMany(integration => integration.Value.Select(pattern =>
            $"arn:aws:states:::{integration.Key}{Patterns.First(known => known.Value == pattern).Key}")));

    private static (TaskResource? Resource, string? Problem) ReadIntegration(string text, string called, bool isExpress)
    {
        var dot = called.IndexOf('.', StringComparison.Ordinal);
        var suffix = dot < 0 ? string.Empty : called[dot..];
        var name = dot < 0 ? called : called[..dot];
        if (isExpress && suffix is ".sync" or ".sync:2")
        {
            return Refused("Express state machine does not support '.sync' service integration");
        }

        if (isExpress && suffix == ".waitForTaskToken")
        {
            // The space at the end is AWS's.
            return Refused("Express state machine does not support '.waitForTaskToken' service integration ");
        }

        if (!Integrations.TryGetValue(name, out var patterns)
            || !Patterns.TryGetValue(suffix, out var pattern)
            || !patterns.Contains(pattern))
        {
            return Refused($"The resource provided {text} is not recognized: a Task calls {Supported}");
        }

        var colon = name.IndexOf(':', StringComparison.Ordinal);
        var (service, action) = (name[..colon], name[(colon + 1)..]);
        return (new TaskResource(text, TaskResourceKind.Integration, service, action, pattern), null);
    }

    private static (TaskResource? Resource, string? Problem) Refused(string problem) => (null, problem);
}
