using System.Collections.Immutable;
using Lambent.Kernel.Access;

namespace Lambent.Storage.Documents;

internal sealed class PolicyDocument
{
    public PolicyStatementDocument[] Statements { get; set; } = [];

    public required string RevisionId { get; set; }

    public static PolicyDocument From(ResourcePolicy policy) => new()
    {
        Statements = [.. policy.Statements.Select(PolicyStatementDocument.From)],
        RevisionId = policy.RevisionId,
    };

    public ResourcePolicy ToPolicy() => new()
    {
        Statements = Statements.Select(statement => statement.ToStatement()).ToImmutableList(),
        RevisionId = RevisionId,
    };
}

internal sealed class PolicyStatementDocument
{
    public required string Id { get; set; }

    public required string Action { get; set; }

    public required string Principal { get; set; }

    public required string Resource { get; set; }

    public string? SourceArn { get; set; }

    public string? SourceAccount { get; set; }

    public string? PrincipalOrganizationId { get; set; }

    public string? EventSourceToken { get; set; }

    public string? FunctionUrlAuthType { get; set; }

    public bool? InvokedViaFunctionUrl { get; set; }

    public static PolicyStatementDocument From(PolicyStatement statement) => new()
    {
        Id = statement.Id,
        Action = statement.Action,
        Principal = statement.Principal,
        Resource = statement.Resource,
        SourceArn = statement.SourceArn,
        SourceAccount = statement.SourceAccount,
        PrincipalOrganizationId = statement.PrincipalOrganizationId,
        EventSourceToken = statement.EventSourceToken,
        FunctionUrlAuthType = statement.FunctionUrlAuthType,
        InvokedViaFunctionUrl = statement.InvokedViaFunctionUrl,
    };

    public PolicyStatement ToStatement() => new()
    {
        Id = Id,
        Action = Action,
        Principal = Principal,
        Resource = Resource,
        SourceArn = SourceArn,
        SourceAccount = SourceAccount,
        PrincipalOrganizationId = PrincipalOrganizationId,
        EventSourceToken = EventSourceToken,
        FunctionUrlAuthType = FunctionUrlAuthType,
        InvokedViaFunctionUrl = InvokedViaFunctionUrl,
    };
}
