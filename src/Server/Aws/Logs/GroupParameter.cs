using Lambent.Kernel;
using Lambent.Server.Aws.Protocols;
using Lambent.Storage.Telemetry;

namespace Lambent.Server.Aws.Logs;

/// <summary>The group a request names, by logGroupName or by logGroupIdentifier, which may be an ARN.</summary>
internal static class GroupParameter
{
    private const int IdentifierLengthMax = 2_048;

    /// <summary>What is wrong with it is told by the input's failure; then this is empty.</summary>
    public static string Read(JsonInput input, string region)
    {
        var name = input.GroupName("logGroupName");
        var identifier = input.Text("logGroupIdentifier", 1, IdentifierLengthMax);
        if (identifier is null)
        {
            input.Require("logGroupName");
            return name ?? "";
        }

        if (name is not null)
        {
            input.Violate(
                "logGroupIdentifier", identifier, "Member must not be given together with logGroupName");
        }

        var group = LogArns.GroupOf(identifier, region);
        if (group is null)
        {
            input.Violate("logGroupIdentifier", identifier, "Member must be a log group's name or ARN in this region");
        }

        return group ?? "";
    }

    /// <summary>The streams of a group by environment; null when there is no such group.</summary>
    public static Dictionary<string, LogStream>? Streams(
        LogsServices services, LogsCall call, string group, string prefix = "") =>
        services.Store.Groups.ListStreams(call.Account, group, prefix)
            ?.ToDictionary(stream => stream.EnvironmentId, StringComparer.Ordinal);
}
