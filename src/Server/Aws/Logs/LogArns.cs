using Lambent.Kernel.Access;
using Lambent.Kernel.Values;

namespace Lambent.Server.Aws.Logs;

/// <summary>Names of log groups and streams: arn:aws:logs:REGION:ACCOUNT:log-group:NAME:*.</summary>
internal static class LogArns
{
    private static readonly string[] Members = ["resourceArn", "logGroupIdentifier"];

    public static string OfGroup(string region, AccountId account, string group) =>
        $"arn:aws:logs:{region}:{account}:log-group:{group}";

    public static string OfStream(string region, AccountId account, string group, string stream) =>
        $"{OfGroup(region, account, group)}:log-stream:{stream}";

    /// <summary>Every ARN that a request names.</summary>
    public static IEnumerable<string> Named(DataObject members) =>
        Members.Select(name => members[name])
            .Concat((members["logGroupIdentifiers"] as DataArray)?.Items ?? [])
            .OfType<DataText>()
            .Select(text => text.Value)
            .Where(text => text.StartsWith("arn:", StringComparison.Ordinal));

    /// <summary>Null when the ARN names none.</summary>
    public static AccountId? AccountOf(string arn) =>
        arn.Split(':', 6) is [_, _, _, _, var account, _] && AccountId.TryParse(account, out var id) ? id : null;

    /// <summary>The group that an identifier, a name or an ARN, means; null when it is neither.</summary>
    public static string? GroupOf(string identifier, string region)
    {
        if (!identifier.StartsWith("arn:", StringComparison.Ordinal))
        {
            return identifier;
        }

        return identifier.Split(':') is ["arn", "aws", "logs", var named, _, "log-group", { Length: > 0 } name, ..]
            && named == region
            ? name
            : null;
    }
}
