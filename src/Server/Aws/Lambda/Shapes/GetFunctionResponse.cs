namespace Lambent.Server.Aws.Lambda.Shapes;

internal sealed record GetFunctionResponse
{
    public required FunctionConfigurationShape Configuration { get; init; }

    public required FunctionCodeLocationShape Code { get; init; }

    public IReadOnlyDictionary<string, string>? Tags { get; init; }

    public ReservedConcurrencyShape? Concurrency { get; init; }
}

internal sealed record FunctionCodeLocationShape
{
    public required string RepositoryType { get; init; }

    public required string Location { get; init; }
}

internal sealed record ReservedConcurrencyShape
{
    public int ReservedConcurrentExecutions { get; init; }
}
