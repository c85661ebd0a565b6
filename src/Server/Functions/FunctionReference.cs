using System.Text.RegularExpressions;
using Lambent.Kernel;
using Lambent.Kernel.Access;
using Lambent.Kernel.Functions;

namespace Lambent.Server.Functions;

/// <summary>
/// Which function a request means: callers write a name, a partial ARN (123456789012:function:name), or a full ARN,
/// each with or without a qualifier, which may also be a parameter of its own.
/// </summary>
/// <param name="Id">The account is the caller's unless an ARN names another one.</param>
/// <param name="Qualifier">An alias, a version number, $LATEST, or null for none.</param>
public sealed partial record FunctionReference(FunctionId Id, string? Qualifier)
{
    public const string QualifierPatternText = @"\$(LATEST(\.PUBLISHED)?)|[a-zA-Z0-9-_$]+";

    public const string AliasQualifierPatternText = @"((?!^\d+$)^[0-9a-zA-Z-_]+$)";

    private const string PrefixText =
        @"(arn:(aws[a-zA-Z-]*)?:lambda:)?((eusc-)?[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\d{1}:)?"
        + @"(\d{12}:)?(function:)?";

    private const string PlainPatternText = PrefixText + @"([a-zA-Z0-9-_]+)(:(\$LATEST|[a-zA-Z0-9-_]+))?";

    private const string NamespacedPatternText =
        PrefixText + @"([a-zA-Z0-9-_\.]+)(:(\$LATEST(\.PUBLISHED)?|[a-zA-Z0-9-_]+))?";

    private const string PrefixPattern =
        @"^(arn:(aws[a-zA-Z-]*)?:lambda:)?((?<region>(eusc-)?[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-[0-9]):)?"
        + @"((?<account>[0-9]{12}):)?(function:)?";

    /// <summary>The qualifier, or $LATEST for none.</summary>
    public string QualifierOrLatest => Qualifier ?? FunctionVersion.LatestName;

    /// <summary>Reads what a caller wrote as FunctionName and Qualifier.</summary>
    /// <param name="text">FunctionName.</param>
    /// <param name="qualifier">Qualifier, or null when absent.</param>
    /// <param name="caller">The account meant when the text names none.</param>
    /// <param name="region">This server's region; an ARN of another one is refused.</param>
    /// <param name="rule">Which texts the operation takes.</param>
    public static Result<FunctionReference> Parse(
        string text, string? qualifier, AccountId caller, string region, FunctionReferenceRule rule)
    {
        var violations = new ConstraintViolations();
        var match = Match(violations, text, rule);
        CheckQualifier(violations, qualifier, rule);
        if (violations.ToError() is { } violation)
        {
            return violation;
        }

        var name = match.Groups["name"].Value;
        if (name.Length > Limits.FunctionNameLengthMax)
        {
            violations.Length(name, "functionName", 1, Limits.FunctionNameLengthMax);
            return new Error(ErrorCode.InvalidParameter, violations.ToError()!.Message, "FunctionName");
        }

        if (match.Groups["region"] is { Success: true } named && named.Value != region)
        {
            return new Error(
                ErrorCode.ResourceNotFound,
                $"Functions from '{named.Value}' are not reachable in this region ('{region}')",
                "FunctionName");
        }

        var derived = match.Groups["qualifier"] is { Success: true } group ? group.Value : null;
        if (derived is not null && qualifier is not null && derived != qualifier)
        {
            return new Error(
                ErrorCode.InvalidParameter,
                "The derived qualifier from the function name does not match the specified qualifier.",
                "Qualifier");
        }

        var account = match.Groups["account"] is { Success: true } digits ? AccountId.Parse(digits.Value) : caller;
        return new FunctionReference(new FunctionId(account, name), qualifier ?? derived);
    }

    /// <summary>
    /// Succeeds when the reference is to a function and not to an alias or version of it; $LATEST passes, because it
    /// is what an unqualified change would change.
    /// </summary>
    public Result<FunctionReference> RequireUnqualified() => Qualifier is null or FunctionVersion.LatestName
        ? this
        : new Error(
            ErrorCode.InvalidParameter,
            "This operation is permitted on Lambda functions only. Aliases and versions do not support this operation. "
            + "Please specify either a function name or an unqualified function ARN.",
            "FunctionName");

    private static Match Match(ConstraintViolations violations, string text, FunctionReferenceRule rule)
    {
        var namespaced = rule.HasFlag(FunctionReferenceRule.Namespaced);
        var match = (namespaced ? NamespacedPattern() : PlainPattern()).Match(text);
        violations.Length(text, "functionName", 1, namespaced ? 256 : 140);
        if (!match.Success)
        {
            var patternText = namespaced ? NamespacedPatternText : PlainPatternText;
            violations.Add(
                text, "functionName", $"Member must satisfy regular expression pattern: {patternText}");
        }

        return match;
    }

    private static void CheckQualifier(ConstraintViolations violations, string? qualifier, FunctionReferenceRule rule)
    {
        violations.Length(qualifier, "qualifier", 1, Limits.AliasNameLengthMax);
        if (rule.HasFlag(FunctionReferenceRule.AliasQualifier))
        {
            violations.Pattern(qualifier, "qualifier", AliasQualifierPattern(), AliasQualifierPatternText);
        }
        else
        {
            violations.Pattern(qualifier, "qualifier", QualifierPattern(), QualifierPatternText);
        }
    }

    [GeneratedRegex(PrefixPattern + @"(?<name>[a-zA-Z0-9-_]+)(:(?<qualifier>\$LATEST|[a-zA-Z0-9-_]+))?\z")]
    private static partial Regex PlainPattern();

    [GeneratedRegex(
        PrefixPattern + @"(?<name>[a-zA-Z0-9-_\.]+)(:(?<qualifier>\$LATEST(\.PUBLISHED)?|[a-zA-Z0-9-_]+))?\z")]
    private static partial Regex NamespacedPattern();

    [GeneratedRegex(@"^(\$(LATEST(\.PUBLISHED)?)|[a-zA-Z0-9-_$]+)\z")]
    private static partial Regex QualifierPattern();

    [GeneratedRegex(@"^(?![0-9]+\z)[0-9a-zA-Z-_]+\z")]
    private static partial Regex AliasQualifierPattern();
}

/// <summary>What an operation takes as FunctionName and Qualifier; AWS differs from operation to operation.</summary>
[Flags]
public enum FunctionReferenceRule
{
    /// <summary>At most 140 characters, no dots in the name. Most operations that change something.</summary>
    Plain = 0,

    /// <summary>At most 256 characters, dots in the name. Reading, calling and deleting.</summary>
    Namespaced = 1,

    /// <summary>The Qualifier parameter must be an alias. Function URLs.</summary>
    AliasQualifier = 2,
}
