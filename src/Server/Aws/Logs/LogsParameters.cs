using System.Text.RegularExpressions;
using Lambent.Kernel;
using Lambent.Server.Aws.Protocols;

namespace Lambent.Server.Aws.Logs;

/// <summary>Parameters of a kind that only CloudWatch Logs has.</summary>
internal static partial class LogsParameters
{
    /// <summary>The year 9999.</summary>
    private const long MillisecondsMax = 253_402_300_799_999;

    /// <summary>A time in milliseconds since 1970.</summary>
    public static DateTimeOffset? Time(this JsonInput input, string name) =>
        input.Integer(name, 0, MillisecondsMax) is { } milliseconds
            ? DateTimeOffset.FromUnixTimeMilliseconds(Math.Min(milliseconds, MillisecondsMax))
            : null;

    /// <summary>The name of a group: letters, digits, . - _ / #</summary>
    public static string? GroupName(this JsonInput input, string name) =>
        input.Text(name, Limits.LogGroupNameLengthMax, GroupPattern(), "[\\.\\-_/#A-Za-z0-9]+");

    /// <summary>The name of a stream: anything but a colon and a star.</summary>
    public static string? StreamName(this JsonInput input, string name) =>
        input.Text(name, Limits.LogStreamNameLengthMax, StreamPattern(), "[^:*]*");

    /// <summary>Tags, which CloudWatch Logs writes as an object.</summary>
    public static IReadOnlyDictionary<string, string> Tags(this JsonInput input)
    {
        var tags = input.TextMap("tags");
        foreach (var (key, value) in tags)
        {
            input.Length(key, "tags.key", 1, Limits.TagKeyLengthMax);
            input.Length(value, $"tags.{key}", 0, Limits.TagValueLengthMax);
        }

        if (tags.Count > Limits.TagsMax)
        {
            input.Violate("tags", null, $"Member must have length less than or equal to {Limits.TagsMax}");
        }

        return tags;
    }

    [GeneratedRegex(@"\A[.\-_/#A-Za-z0-9]+\z")]
    private static partial Regex GroupPattern();

    [GeneratedRegex(@"\A[^:*]*\z")]
    private static partial Regex StreamPattern();
}
