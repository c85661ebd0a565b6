using System.Globalization;
using System.Text.RegularExpressions;

namespace Lambent.Kernel.Functions.Commands;

/// <summary>An alias's second version and its share, as a caller gives them.</summary>
/// <param name="Weights">Share by version number; empty: no second version.</param>
public sealed record AliasRouting(IReadOnlyList<KeyValuePair<string, double?>> Weights);

/// <summary>What every alias must be.</summary>
public static partial class AliasRules
{
    private const string NamePatternText = @"(?!^[0-9]+$)([a-zA-Z0-9-_]+)";
    private const string VersionPatternText = @"(\$LATEST(\.PUBLISHED)?|[0-9]+)";

    /// <summary>Adds what is malformed.</summary>
    public static void CheckForm(
        ConstraintViolations violations,
        string? name,
        string? functionVersion,
        string? description,
        AliasRouting? routing)
    {
        violations.Length(name, "name", 1, Limits.AliasNameLengthMax);
        violations.Pattern(name, "name", NamePattern(), NamePatternText);
        violations.Length(functionVersion, "functionVersion", 1, 1_024);
        violations.Pattern(functionVersion, "functionVersion", VersionPattern(), VersionPatternText);
        violations.Length(description, "description", 0, Limits.DescriptionLengthMax);
        if (routing is not { Weights: [_] weights })
        {
            return;
        }

        const string Field = "routingConfig.additionalVersionWeights";
        var (version, weight) = weights[0];
        var shown = $"{{{version}={Shown(weight)}}}";
        if (!NumberPattern().IsMatch(version))
        {
            violations.Add(
                shown,
                Field,
                "Map keys must satisfy constraint: [Member must have length less than or equal to 1024, Member must "
                + "have length greater than or equal to 1, Member must satisfy regular expression pattern: [0-9]+]");
        }

        if (weight is not (>= 0.0 and <= 1.0))
        {
            violations.Add(
                shown,
                Field,
                "Map value must satisfy constraint: [Member must have value less than or equal to 1.0, Member must "
                + "have value greater than or equal to 0.0, Member must not be null]");
        }
    }

    /// <summary>Why an alias cannot point where it does, or null.</summary>
    internal static Error? CheckTargets(Function function, Alias alias, CommandContext context)
    {
        if (!Exists(function, alias.FunctionVersion))
        {
            return FunctionErrors.NotFound(context.Arn, alias.FunctionVersion);
        }

        if (alias.AdditionalVersion is not { } second)
        {
            return null;
        }

        if (second == alias.FunctionVersion)
        {
            return Invalid(
                $"Invalid function version {second}. Function version {second} is already included in routing "
                + "configuration.");
        }

        if (alias.FunctionVersion == FunctionVersion.LatestName)
        {
            return Invalid("$LATEST is not supported for an alias pointing to more than 1 version");
        }

        return Exists(function, second) ? null : FunctionErrors.NotFound(context.Arn, second);
    }

    /// <summary>The alias with the routing the caller gave; null leaves it as it is, empty removes it.</summary>
    internal static Result<Alias> Route(Alias alias, AliasRouting? routing) => routing?.Weights switch
    {
        null => alias,
        [] => alias with { AdditionalVersion = null, AdditionalVersionWeight = 0 },
        [var (version, weight)] => alias with
        {
            AdditionalVersion = version,
            AdditionalVersionWeight = weight ?? 0,
        },
        _ => Invalid("Number of items in AdditionalVersionWeights cannot be greater than 1"),
    };

    private static bool Exists(Function function, string version) =>
        version == FunctionVersion.LatestName
        || (long.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && function.Versions.TryGetValue(number, out var found)
            && found.Version == version);

    /// <summary>A weight as AWS prints it: always with a decimal point.</summary>
    private static string Shown(double? weight) => weight switch
    {
        null => "null",
        { } number when Math.Abs(number) < 1e7 && number == Math.Truncate(number) =>
            number.ToString("0.0", CultureInfo.InvariantCulture),
        { } number => number.ToString("R", CultureInfo.InvariantCulture),
    };

    private static Error Invalid(string message) => FunctionErrors.InvalidParameter(message, "RoutingConfig");

    [GeneratedRegex(@"^(?![0-9]+\z)([a-zA-Z0-9-_]+)\z")]
    private static partial Regex NamePattern();

    [GeneratedRegex(@"^(\$LATEST(\.PUBLISHED)?|[0-9]+)\z")]
    private static partial Regex VersionPattern();

    [GeneratedRegex(@"^[0-9]{1,1024}\z")]
    private static partial Regex NumberPattern();
}
