using Lambent.Kernel;
using Lambent.Kernel.Functions;

namespace Lambent.Storage.Telemetry;

/// <summary>
/// Log groups by the names under which their lines are kept: a function's group is kept under the function's name, any
/// other one under its own with a colon before it, which no function's name has.
/// </summary>
public static class LogSources
{
    public const string FunctionGroupPrefix = "/aws/lambda/";

    private const char GroupMark = ':';

    public static bool IsFunction(string source) => source.Length > 0 && source[0] != GroupMark;

    public static string OfGroup(string group) =>
        group.StartsWith(FunctionGroupPrefix, StringComparison.Ordinal) && IsFunctionName(
            group.AsSpan(FunctionGroupPrefix.Length))
            ? group[FunctionGroupPrefix.Length..]
            : GroupMark + group;

    public static string ToGroup(string source) =>
        IsFunction(source) ? FunctionGroupPrefix + source : source[1..];

    private static bool IsFunctionName(ReadOnlySpan<char> name)
    {
        if (name.IsEmpty || name.Length > Limits.FunctionNameLengthMax)
        {
            return false;
        }

        foreach (var character in name)
        {
            if (!char.IsAsciiLetterOrDigit(character) && character is not ('-' or '_'))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>How AWS names an environment's stream: the day, the version in brackets, the environment.</summary>
    public static string StreamName(
        FunctionId source, string version, string environmentId, DateTimeOffset time) =>
        IsFunction(source.Name)
            ? string.Create(
                System.Globalization.CultureInfo.InvariantCulture,
                $"{time.UtcDateTime:yyyy'/'MM'/'dd}/[{version}]{environmentId}")
            : environmentId;
}
