using System.Text.RegularExpressions;
using Lambent.Tidy.Files;
using Lambent.Tidy.Syntax;

namespace Lambent.Tidy.Rules;

/// <summary>
/// The direction inside src/Server, whose folders are layers without projects of their own: what a call passes through
/// knows nothing of the doors it came in by, and the doors know nothing of each other.
/// </summary>
internal static partial class ServerFolders
{
    private const string Root = "src/Server/";

    /// <summary>
    /// A folder and the folders whose types it may use besides its own. A folder below one that is listed counts as
    /// that one. The root (ServerHost) puts everything together and may use everything.
    /// </summary>
    public static IReadOnlyDictionary<string, string[]> Allowed { get; } = new Dictionary<string, string[]>
    {
        ["Http"] = [],
        ["Dashboard"] = [],
        ["Functions"] = [],
        ["Access"] = ["Functions", "Http"],
        ["Dispatch"] = ["Functions"],
        ["Loops"] = [],
        ["Queues"] = ["Loops"],
        ["Scaling"] = ["Functions", "Dispatch"],
        ["Delivery"] = ["Functions", "Dispatch", "Loops", "Queues", "Scaling"],
        ["Traces"] = ["Queues"],
        ["Webhooks"] = ["Functions", "Queues", "Delivery", "Http", "Traces"],
        ["Push"] = ["Queues", "Webhooks", "Traces"],
        ["Schedules"] = ["Delivery", "Loops", "Workflows"],
        ["Mappings"] = ["Functions", "Dispatch", "Queues", "Scaling", "Delivery", "Traces"],
        ["Objects"] = [],
        ["Workflows"] = ["Objects", "Functions", "Dispatch", "Loops", "Queues", "Delivery", "Webhooks"],
        ["Insight"] = ["Functions", "Queues", "Mappings", "Push"],
        ["Metrics"] =
            ["Functions", "Dispatch", "Loops", "Delivery", "Queues", "Workflows", "Webhooks"],
        ["Alerts"] = ["Metrics", "Delivery", "Webhooks", "Loops"],
        ["Telemetry"] = ["Functions", "Dispatch", "Loops", "Delivery", "Insight", "Workflows"],
        ["Replays"] = ["Functions", "Dispatch", "Delivery"],
        ["Diagnostics"] = ["Functions", "Telemetry"],
        ["Aws/Protocols"] = ["Functions", "Access", "Http"],
        ["Aws/Lambda"] =
            [
                "Functions", "Telemetry", "Access", "Dispatch", "Delivery", "Mappings", "Objects", "Http",
                "Aws/Protocols",
            ],
        ["Aws/S3"] = ["Objects", "Access", "Http", "Aws/Protocols"],
        ["Aws/Sqs"] = ["Queues", "Access", "Http", "Aws/Protocols"],
        ["Aws/Scheduler"] = ["Schedules", "Access", "Http", "Aws/Protocols"],
        ["Aws/StepFunctions"] = ["Workflows", "Access", "Http", "Aws/Protocols"],
        ["Aws/Logs"] = ["Telemetry", "Access", "Http", "Aws/Protocols"],
        ["Aws/CloudWatch"] = ["Metrics", "Access", "Http", "Aws/Protocols"],
        ["Aws/Sts"] = ["Access", "Http", "Aws/Protocols"],
        ["Ingress"] = ["Functions", "Telemetry", "Access", "Dispatch", "Delivery", "Http"],
        ["Native"] =
        [
            "Functions", "Telemetry", "Access", "Dispatch", "Scaling", "Delivery", "Diagnostics", "Http", "Webhooks",
            "Schedules", "Push", "Insight", "Workflows", "Objects", "Replays", "Metrics", "Alerts",
        ],
    };

    public static IEnumerable<Finding> Edges(SourceFile file)
    {
        if (!file.IsCSharp || !file.Path.StartsWith(Root, StringComparison.Ordinal) || file.Folder == Root.TrimEnd('/'))
        {
            yield break;
        }

        var folder = file.Folder[Root.Length..];
        if (LayerOf(folder) is not { } from)
        {
            yield return file.AsWhole($"the folder src/Server/{folder} is not in ServerFolders.Allowed: add a row");
            yield break;
        }

        foreach (Match use in ServerNamespace().Matches(CSharpMask.Of(file.Text)))
        {
            var path = use.Groups["path"].Value.Trim('.').Replace('.', '/');
            var to = LayerOf(path);
            if (to is not null && to != from && !Allowed[from].Contains(to, StringComparer.Ordinal))
            {
                yield return file.AtPosition(use.Index, $"src/Server/{from} may not use src/Server/{to}");
            }
        }
    }

    /// <summary>The longest listed folder that the path lies in; null for none, as for a type of the root.</summary>
    private static string? LayerOf(string path) =>
        Allowed.Keys.Where(layer => path == layer || path.StartsWith(layer + "/", StringComparison.Ordinal))
            .MaxBy(layer => layer.Length);

    [GeneratedRegex(@"(?<!namespace\s+)\bLambent\.Server\.(?<path>[\w.]+)")]
    private static partial Regex ServerNamespace();
}
