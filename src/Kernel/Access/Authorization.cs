namespace Lambent.Kernel.Access;

/// <summary>
/// The one place where access is decided. Three rules, and everything else is denied:
/// <list type="number">
/// <item>an account's own key may do everything in its account;</item>
/// <item>a function's session may, in its account, call functions, start executions, send and receive messages, read
/// and write objects, put metrics, and read what is set up, never change it;</item>
/// <item>everyone else needs a statement in the resource's policy, and a session additionally rule 2's list.</item>
/// </list>
/// There are no deny statements, so the order of statements does not matter.
/// </summary>
public static class Authorization
{
    /// <summary>What a function's session may do; a trailing star stands for any end.</summary>
    private static readonly string[] SessionActions =
    [
        "lambda:InvokeFunction",
        "lambda:InvokeAsync",
        "lambda:InvokeFunctionUrl",
        "lambda:Get*",
        "lambda:List*",
        "execute-api:ManageConnections",
        "sqs:SendMessage",
        "sqs:ReceiveMessage",
        "sqs:DeleteMessage",
        "sqs:ChangeMessageVisibility",
        "sqs:Get*",
        "sqs:List*",
        "s3:GetObject",
        "s3:GetBucketLocation",
        "s3:List*",
        "s3:PutObject",
        "s3:DeleteObject",
        "s3:AbortMultipartUpload",
        "scheduler:Get*",
        "scheduler:List*",
        "states:StartExecution",
        "states:SendTask*",
        "states:Describe*",
        "states:Get*",
        "states:List*",
        "sts:GetCallerIdentity",

        // Into its own group alone, which the front door of CloudWatch Logs sees to.
        "logs:CreateLogGroup",
        "logs:CreateLogStream",
        "logs:PutLogEvents",
        "cloudwatch:PutMetricData",
    ];

    public static AccessDecision Decide(AccessRequest request)
    {
        if (request.Principal is { Function: not null } && !IsSessionAction(request.Action))
        {
            return AccessDecision.DeniedByIdentity;
        }

        if (request.Principal is { } principal && principal.Account == request.Account)
        {
            return principal.Function is null ? AccessDecision.AllowedAsOwner : AccessDecision.AllowedAsSession;
        }

        if (request is { Principal: null, FunctionUrlAuth: Functions.FunctionUrlAuth.AwsIam })
        {
            // A statement for everyone means everyone who signed, where the URL demands signatures.
            return AccessDecision.DeniedByResource;
        }

        return request.Policy is { } policy && policy.Statements.Exists(statement => Grants(statement, request))
            ? AccessDecision.AllowedByPolicy
            : AccessDecision.DeniedByResource;
    }

    /// <summary>
    /// AWS's sentence for a denial. It says the same whether or not the resource exists, and names nothing that the
    /// caller did not name.
    /// </summary>
    /// <param name="decision">A denial.</param>
    /// <param name="principal">Who asked.</param>
    /// <param name="action">For what.</param>
    /// <param name="resource">The ARN asked for, or *.</param>
    public static Error ToError(AccessDecision decision, Principal principal, string action, string resource) => new(
        ErrorCode.AccessDenied,
        $"User: {principal.Arn} is not authorized to perform: {action} on resource: {resource} because no "
        + (decision == AccessDecision.DeniedByIdentity ? "identity" : "resource")
        + $"-based policy allows the {action} action");

    private static bool IsSessionAction(string action) =>
        Array.Exists(SessionActions, pattern => Wildcard.Matches(pattern, action, ignoreCase: true));

    private static bool Grants(PolicyStatement statement, AccessRequest request) =>
        Wildcard.Matches(statement.Action, request.Action, ignoreCase: true)
        && IsPrincipal(statement.Principal, request)
        && ConditionsHold(statement, request);

    private static bool IsPrincipal(string granted, AccessRequest request)
    {
        if (granted == "*")
        {
            return true;
        }

        if (request.Principal is not { } principal)
        {
            return request.Service is { } service && granted == service;
        }

        // An account is the same as its root: all of its keys, and all of its sessions that rule 2 lets pass.
        return granted == principal.Account.Value
            || granted == $"arn:aws:iam::{principal.Account}:root"
            || granted == principal.Arn;
    }

    private static bool ConditionsHold(PolicyStatement statement, AccessRequest request) =>
        (statement.SourceArn is not { } sourceArn || SourceMatches(sourceArn, request.SourceArn))
        && (statement.SourceAccount is not { } sourceAccount || request.SourceAccount?.Value == sourceAccount)
        && (statement.FunctionUrlAuthType is not { } authType || authType == NameOf(request.FunctionUrlAuth))
        && (statement.InvokedViaFunctionUrl is not { } viaUrl || viaUrl == (request.FunctionUrlAuth is not null))

        // There are no organizations and no Alexa skills here: what is only for them is for nobody.
        && statement.PrincipalOrganizationId is null
        && statement.EventSourceToken is null;

    private static string? NameOf(Functions.FunctionUrlAuth? auth) => auth switch
    {
        Functions.FunctionUrlAuth.None => "NONE",
        Functions.FunctionUrlAuth.AwsIam => "AWS_IAM",
        _ => null,
    };

    /// <summary>
    /// AWS compares ARNs part by part, so that a star never reaches over a colon: arn:aws:s3:::a* is no queue.
    /// The sixth part is the rest, colons and all.
    /// </summary>
    private static bool SourceMatches(ReadOnlySpan<char> pattern, string? arn)
    {
        var rest = arn.AsSpan();
        for (var part = 1; part < 6; part++)
        {
            var patternEnd = pattern.IndexOf(':');
            var restEnd = rest.IndexOf(':');
            if (patternEnd < 0 || restEnd < 0)
            {
                return false;
            }

            if (!Wildcard.Matches(pattern[..patternEnd], rest[..restEnd], ignoreCase: false))
            {
                return false;
            }

            pattern = pattern[(patternEnd + 1)..];
            rest = rest[(restEnd + 1)..];
        }

        return Wildcard.Matches(pattern, rest, ignoreCase: false);
    }
}
