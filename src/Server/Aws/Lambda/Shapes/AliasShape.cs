namespace Lambent.Server.Aws.Lambda.Shapes;

/// <summary>AliasConfiguration of the API.</summary>
internal sealed record AliasShape
{
    public required string AliasArn { get; init; }

    public required string Name { get; init; }

    public required string FunctionVersion { get; init; }

    public required string Description { get; init; }

    public AliasRoutingShape? RoutingConfig { get; init; }

    public required string RevisionId { get; init; }
}

internal sealed record AliasRoutingShape
{
    public IReadOnlyDictionary<string, double?>? AdditionalVersionWeights { get; init; }
}
