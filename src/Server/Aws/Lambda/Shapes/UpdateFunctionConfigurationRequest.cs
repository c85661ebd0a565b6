namespace Lambent.Server.Aws.Lambda.Shapes;

internal sealed record UpdateFunctionConfigurationRequest : ConfigurationRequest
{
    public string? RevisionId { get; init; }
}
