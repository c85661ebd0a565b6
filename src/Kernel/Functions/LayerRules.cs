using System.Text.RegularExpressions;

namespace Lambent.Kernel.Functions;

/// <summary>What a layer version may say of itself.</summary>
public static partial class LayerRules
{
    private const string PrincipalPatternText = @"\d{12}|\*|arn:(aws[a-zA-Z-]*):iam::\d{12}:root";
    private const int CompatibleRuntimesMax = 15;
    private const int LicenseInfoLengthMax = 512;

    /// <summary>
    /// The runtimes a layer may say it is made for: those that run here, and the others that AWS knows, because
    /// what a layer says is only shown and searched.
    /// </summary>
    public static IReadOnlyList<string> Runtimes { get; } =
    [
        .. Functions.Runtimes.All.Keys,
        "java8.al2", "java11", "java17", "java21", "java25", "ruby3.2", "ruby3.3", "ruby3.4",
        .. Functions.Runtimes.Deprecated,
    ];

    /// <summary>Adds what is malformed of a layer version that is to be published.</summary>
    public static void CheckForm(
        ConstraintViolations violations,
        string? description,
        string? licenseInfo,
        IReadOnlyList<string?> runtimes,
        IReadOnlyList<string?> architectures)
    {
        violations.Length(description, "description", 0, Limits.DescriptionLengthMax);
        violations.Length(licenseInfo, "licenseInfo", 0, LicenseInfoLengthMax);
        if (runtimes.Count > CompatibleRuntimesMax)
        {
            violations.Add(
                Shown(runtimes),
                "compatibleRuntimes",
                $"Member must have length less than or equal to {CompatibleRuntimesMax}");
        }
        else if (runtimes.Any(runtime => runtime is null || !Runtimes.Contains(runtime)))
        {
            violations.Add(
                Shown(runtimes),
                "compatibleRuntimes",
                $"Member must satisfy enum value set: [{string.Join(", ", Runtimes)}]");
        }

        var known = ConfigurationRules.Architectures;
        if (architectures.Count > known.Count)
        {
            violations.Add(
                Shown(architectures),
                "compatibleArchitectures",
                $"Member must have length less than or equal to {known.Count}");
        }
        else if (architectures.Any(architecture => architecture is null || !known.Contains(architecture)))
        {
            violations.Add(
                Shown(architectures),
                "compatibleArchitectures",
                "Member must satisfy constraint: [Member must satisfy enum value set: "
                + $"[{string.Join(", ", known)}], Member must not be null]");
        }
    }

    /// <summary>Adds what is malformed of a statement that is to be added to a layer version's policy.</summary>
    public static void CheckStatement(
        ConstraintViolations violations, string? statementId, string? action, string? principal)
    {
        violations.Required(statementId, "statementId");
        violations.Required(action, "action");
        violations.Required(principal, "principal");
        CheckStatementId(violations, statementId);
        violations.Pattern(action, "action", ActionPattern(), LayerAccess.Action);
        violations.Pattern(principal, "principal", PrincipalPattern(), PrincipalPatternText);
    }

    public static void CheckStatementId(ConstraintViolations violations, string? statementId)
    {
        violations.Length(statementId, "statementId", 1, Limits.StatementIdLengthMax);
        violations.Pattern(statementId, "statementId", StatementIdPattern(), "([a-zA-Z0-9-_]+)");
    }

    private static string Shown(IReadOnlyList<string?> items) =>
        $"[{string.Join(", ", items.Take(CompatibleRuntimesMax + 1).Select(item => item ?? "null"))}]";

    [GeneratedRegex(@"^([a-zA-Z0-9-_]+)\z")]
    private static partial Regex StatementIdPattern();

    [GeneratedRegex(@"^lambda:GetLayerVersion\z")]
    private static partial Regex ActionPattern();

    [GeneratedRegex(@"^([0-9]{12}|\*|arn:(aws[a-zA-Z-]*):iam::[0-9]{12}:root)\z")]
    private static partial Regex PrincipalPattern();
}
