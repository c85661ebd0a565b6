using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.RegularExpressions;
using Lambent.Kernel.Access;

namespace Lambent.Kernel.Functions;

/// <summary>The parts of a layer's or a layer version's ARN.</summary>
/// <param name="Version">Null in the ARN of a layer without version.</param>
public sealed partial record LayerArn(string Region, AccountId Account, string Name, long? Version)
{
    /// <summary>A layer version's ARN as AWS prints the pattern.</summary>
    public const string VersionPatternText =
        @"(arn:(aws[a-zA-Z-]*)?:lambda:(eusc-)?[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\d{1}:\d{12}:layer:"
        + @"[a-zA-Z0-9-_]+:[0-9]+)|(arn:[a-zA-Z0-9-]+:lambda:::awslayer:[a-zA-Z0-9-_]+)";

    public static bool TryParse(string? text, [NotNullWhen(true)] out LayerArn? arn)
    {
        arn = null;
        if (text is null || text.Length > 2_048 || Pattern().Match(text) is not { Success: true } match)
        {
            return false;
        }

        long? version = null;
        if (match.Groups["version"] is { Success: true } digits)
        {
            if (!long.TryParse(digits.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            {
                return false;
            }

            version = number;
        }

        arn = new LayerArn(
            match.Groups["region"].Value,
            AccountId.Parse(match.Groups["account"].Value),
            match.Groups["name"].Value,
            version);
        return true;
    }

    [GeneratedRegex(
        @"^arn:(aws[a-zA-Z-]*)?:lambda:(?<region>(eusc-)?[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-[0-9])"
        + @":(?<account>[0-9]{12}):layer:(?<name>[a-zA-Z0-9-_]{1,140})(:(?<version>[0-9]+))?\z")]
    private static partial Regex Pattern();
}
