using System.Text.RegularExpressions;
using Lambent.Kernel.Functions;

namespace Lambent.Kernel.Access;

/// <summary>What a permission must look like.</summary>
public static partial class PermissionRules
{
    private const string StatementIdPatternText = "([a-zA-Z0-9-_]+)";
    private const string ActionPatternText = "(lambda:[*]|lambda:[a-zA-Z]+|[*])";
    private const string PrincipalPatternText = @"[^\s]+";

    private const string SourceArnPatternText =
        @"arn:(aws[a-zA-Z0-9-]*):([a-zA-Z0-9\-])+:((eusc-)?[a-z]{2}(-gov)?-[a-z]+-\d{1})?:(\d{12})?:(.*)";

    private const string SourceAccountPatternText = @"\d{12}";
    private const string EventSourceTokenPatternText = @"[a-zA-Z0-9._\-]+";
    private const string OrganizationPatternText = "o-[a-z0-9]{10,32}";

    /// <summary>The kinds of function URL, as the API spells them.</summary>
    public static IReadOnlyList<string> FunctionUrlAuthTypes { get; } = ["NONE", "AWS_IAM"];

    /// <summary>Adds what is malformed. A null id, action or principal is one that the caller left out.</summary>
    public static void CheckForm(
        ConstraintViolations violations, string? statementId, string? action, string? principal)
    {
        violations.Required(statementId, "statementId");
        violations.Length(statementId, "statementId", 1, Limits.StatementIdLengthMax);
        violations.Pattern(statementId, "statementId", StatementIdPattern(), StatementIdPatternText);
        violations.Required(action, "action");
        violations.Pattern(action, "action", ActionPattern(), ActionPatternText);
        violations.Required(principal, "principal");
        violations.Pattern(principal, "principal", PrincipalPattern(), PrincipalPatternText);
    }

    /// <summary>Adds what is malformed in the conditions.</summary>
    public static void CheckConditions(ConstraintViolations violations, PolicyStatement statement)
    {
        violations.Pattern(statement.SourceArn, "sourceArn", SourceArnPattern(), SourceArnPatternText);
        violations.Pattern(statement.SourceAccount, "sourceAccount", SourceAccountPattern(), SourceAccountPatternText);
        violations.Length(statement.EventSourceToken, "eventSourceToken", 0, 256);
        violations.Pattern(
            statement.EventSourceToken, "eventSourceToken", EventSourceTokenPattern(), EventSourceTokenPatternText);
        violations.Pattern(
            statement.PrincipalOrganizationId, "principalOrgID", OrganizationPattern(), OrganizationPatternText);
        violations.OneOf(statement.FunctionUrlAuthType, "functionUrlAuthType", FunctionUrlAuthTypes);
    }

    /// <summary>
    /// Whether someone of that name can exist: everyone, an account, an identity of an account, an AWS service. Whether
    /// it does exist is not asked, because that would tell.
    /// </summary>
    public static bool IsPrincipal(string principal) =>
        principal == "*" || AccountId.TryParse(principal, out _) || IdentityPattern().IsMatch(principal);

    [GeneratedRegex(@"^[a-zA-Z0-9-_]+\z")]
    private static partial Regex StatementIdPattern();

    [GeneratedRegex(@"^(lambda:[*]|lambda:[a-zA-Z]+|[*])\z")]
    private static partial Regex ActionPattern();

    [GeneratedRegex(@"^[^\s]+\z")]
    private static partial Regex PrincipalPattern();

    [GeneratedRegex(
        @"^arn:(aws[a-zA-Z0-9-]*):([a-zA-Z0-9\-])+:((eusc-)?[a-z]{2}(-gov)?-[a-z]+-[0-9])?:([0-9]{12})?:(.*)\z")]
    private static partial Regex SourceArnPattern();

    [GeneratedRegex(@"^[0-9]{12}\z")]
    private static partial Regex SourceAccountPattern();

    [GeneratedRegex(@"^[a-zA-Z0-9._\-]+\z")]
    private static partial Regex EventSourceTokenPattern();

    [GeneratedRegex(@"^o-[a-z0-9]{10,32}\z")]
    private static partial Regex OrganizationPattern();

    [GeneratedRegex(
        @"^(arn:aws[a-z-]*:iam::[0-9]{12}:(root|user/\S+|role/\S+)"
        + @"|arn:aws[a-z-]*:sts::[0-9]{12}:(assumed-role|federated-user)/\S+"
        + @"|[a-z0-9-]+(\.[a-z0-9-]+)*\.(amazonaws|amazon)\.com(\.cn)?)\z")]
    private static partial Regex IdentityPattern();
}
