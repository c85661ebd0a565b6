using Lambent.Kernel;
using Lambent.Kernel.Access;
using Lambent.Kernel.Functions;
using Lambent.Server.Functions;

namespace Lambent.Server.Access;

/// <summary>Puts the kernel's decision to what is in memory: the function's policy, its ARN, AWS's sentence.</summary>
internal sealed class Authorizer(FunctionDirectory directory, FunctionArns arns) : IAuthorizer
{
    public Result<Done> Authorize(Principal principal, string action, FunctionId? function, string? qualifier)
    {
        action = ActionOf(action);
        var decision = Authorization.Decide(new AccessRequest
        {
            Action = action,
            Account = function?.Account ?? principal.Account,
            Principal = principal,
            Policy = function is { } id ? PolicyOf(id, qualifier) : null,
        });
        return decision.IsAllowed()
            ? Done.Value
            : Authorization.ToError(
                decision, principal, action, function is { } named ? arns.Function(named, qualifier) : "*");
    }

    /// <summary>Whether a call through a function's URL may pass.</summary>
    /// <param name="principal">Who signed, or null for nobody; a URL with AWS_IAM lets nobody else in.</param>
    /// <param name="function">The function the URL belongs to.</param>
    /// <param name="qualifier">The URL's alias, or null.</param>
    /// <param name="auth">The URL's kind.</param>
    public bool AllowsFunctionUrl(
        Principal? principal, FunctionId function, string? qualifier, FunctionUrlAuth auth) =>
        Authorization.Decide(new AccessRequest
        {
            Action = "lambda:InvokeFunctionUrl",
            Account = function.Account,
            Principal = principal,
            Policy = PolicyOf(function, qualifier),
            FunctionUrlAuth = auth,
        }).IsAllowed();

    /// <summary>
    /// $LATEST is what the unqualified name means, so the function's own policy is for both. A grant for the function
    /// is none for its aliases and versions: each has its own policy.
    /// </summary>
    private ResourcePolicy? PolicyOf(FunctionId function, string? qualifier)
    {
        var key = qualifier is null or FunctionVersion.LatestName ? Function.Unqualified : qualifier;
        return directory.Find(function)?.Function.Policies.GetValueOrDefault(key);
    }

    /// <summary>The operations that call a function are one action in policies.</summary>
    private static string ActionOf(string action) => action switch
    {
        "lambda:Invoke" or "lambda:InvokeWithResponseStream" => "lambda:InvokeFunction",
        _ => action,
    };
}
