using System.Collections.Immutable;

namespace Lambent.Kernel.Access;

/// <summary>Who from outside the account may use a function, one alias or one version of it (AddPermission).</summary>
public sealed record ResourcePolicy
{
    public ImmutableList<PolicyStatement> Statements { get; init; } = [];

    public required string RevisionId { get; init; }
}

/// <summary>One grant. Empty conditions are absent ones.</summary>
public sealed record PolicyStatement
{
    public required string Id { get; init; }

    /// <summary>lambda:InvokeFunction, lambda:InvokeFunctionUrl, lambda:GetFunction…, lambda:*.</summary>
    public required string Action { get; init; }

    /// <summary>An account id, an ARN, a service name such as events.amazonaws.com, or *.</summary>
    public required string Principal { get; init; }

    /// <summary>The function's ARN, with the qualifier where the statement is for one.</summary>
    public required string Resource { get; init; }

    public string? SourceArn { get; init; }

    public string? SourceAccount { get; init; }

    public string? PrincipalOrganizationId { get; init; }

    public string? EventSourceToken { get; init; }

    /// <summary>NONE or AWS_IAM: the statement counts only for a function URL of that kind.</summary>
    public string? FunctionUrlAuthType { get; init; }

    /// <summary>True: the statement counts only for calls through a function URL.</summary>
    public bool? InvokedViaFunctionUrl { get; init; }
}
