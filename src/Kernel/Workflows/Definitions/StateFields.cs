namespace Lambent.Kernel.Workflows.Definitions;

/// <summary>The fields that each type of state may have, of both query languages.</summary>
internal static class StateFields
{
    public static readonly string[] Types = ["Task", "Wait", "Pass", "Succeed", "Fail", "Choice", "Parallel", "Map"];

    private static readonly string[] Everywhere = ["Type", "Comment", "QueryLanguage"];

    private static readonly string[] Flow = ["InputPath", "OutputPath", "Output"];

    private static readonly string[] Onward = ["Assign", "Next", "End"];

    private static readonly string[] Working = ["ResultPath", "ResultSelector", "Parameters", "Retry", "Catch"];

    private static readonly Dictionary<string, HashSet<string>> Allowed = new()
    {
        ["Pass"] = [.. Everywhere, .. Flow, .. Onward, "Result", "ResultPath", "Parameters"],
        ["Task"] =
        [
            .. Everywhere, .. Flow, .. Onward, .. Working, "Arguments", "Resource", "Credentials", "TimeoutSeconds",
            "TimeoutSecondsPath", "HeartbeatSeconds", "HeartbeatSecondsPath",
        ],
        ["Wait"] = [.. Everywhere, .. Flow, .. Onward, "Seconds", "Timestamp", "SecondsPath", "TimestampPath"],
        // Completion is ours.
        ["Parallel"] = [.. Everywhere, .. Flow, .. Onward, .. Working, "Arguments", "Branches", "Completion"],
        ["Map"] =
        [
            .. Everywhere, .. Flow, .. Onward, .. Working, "ItemProcessor", "Iterator", "ItemsPath", "Items",
            "ItemSelector", "ItemReader", "ItemBatcher", "ResultWriter", "MaxConcurrency", "MaxConcurrencyPath",
            "ToleratedFailurePercentage", "ToleratedFailurePercentagePath", "ToleratedFailureCount",
            "ToleratedFailureCountPath", "Label",
        ],
        ["Choice"] = [.. Everywhere, .. Flow, "Assign", "Choices", "Default"],
        ["Succeed"] = [.. Everywhere, .. Flow],
        ["Fail"] = [.. Everywhere, "Error", "Cause", "ErrorPath", "CausePath"],
    };

    public static IEnumerable<string> Of(string type) => Allowed[type];
}
