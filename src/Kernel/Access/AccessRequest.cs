using Lambent.Kernel.Functions;

namespace Lambent.Kernel.Access;

/// <summary>
/// What somebody wants to do with a function, or with an account. The caller is a signed principal, one of the
/// platform's own services acting for a configured trigger, or nobody (an unsigned call of a function URL).
/// </summary>
public sealed record AccessRequest
{
    /// <summary>Such as lambda:InvokeFunction.</summary>
    public required string Action { get; init; }

    /// <summary>The account that owns what is asked for.</summary>
    public required AccountId Account { get; init; }

    /// <summary>Who signed, or null when nobody did.</summary>
    public Principal? Principal { get; init; }

    /// <summary>The service that asks, such as events.amazonaws.com; null for callers from outside.</summary>
    public string? Service { get; init; }

    /// <summary>The policy of the function, alias or version that was named; null when there is none.</summary>
    public ResourcePolicy? Policy { get; init; }

    /// <summary>The function URL's kind when the call came through one, else null.</summary>
    public FunctionUrlAuth? FunctionUrlAuth { get; init; }

    /// <summary>The ARN of the rule, queue or bucket that a service acts for.</summary>
    public string? SourceArn { get; init; }

    /// <summary>The account of the source.</summary>
    public AccountId? SourceAccount { get; init; }
}

/// <summary>What was decided, and by which rule.</summary>
public enum AccessDecision
{
    /// <summary>The account's own key, for its own account.</summary>
    AllowedAsOwner,

    /// <summary>A function's session, for one of the few things it may do in its own account.</summary>
    AllowedAsSession,

    /// <summary>A statement of the resource's policy.</summary>
    AllowedByPolicy,

    /// <summary>The caller's own rights do not include the action, whatever the resource allows.</summary>
    DeniedByIdentity,

    /// <summary>The resource's policy does not let the caller in.</summary>
    DeniedByResource,
}

public static class AccessDecisions
{
    public static bool IsAllowed(this AccessDecision decision) =>
        decision is AccessDecision.AllowedAsOwner or AccessDecision.AllowedAsSession or AccessDecision.AllowedByPolicy;
}
