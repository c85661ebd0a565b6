using Lambent.Kernel;
using Lambent.Kernel.Functions;
using Lambent.Server.Aws.Protocols;

namespace Lambent.Server.Aws.Lambda;

/// <summary>What CompatibleRuntime and CompatibleArchitecture of a List operation leave of the layers.</summary>
internal sealed record LayerFilter(string? Runtime, string? Architecture)
{
    public static Result<LayerFilter> Parse(AwsRequest request)
    {
        var violations = new ConstraintViolations();
        var filter = new LayerFilter(request.Query("CompatibleRuntime"), request.Query("CompatibleArchitecture"));
        violations.OneOf(filter.Runtime, "compatibleRuntime", LayerRules.Runtimes);
        violations.OneOf(filter.Architecture, "compatibleArchitecture", ConfigurationRules.Architectures);
        return violations.ToError() is { } violation ? violation : filter;
    }

    public bool Matches(LayerVersion layer) =>
        (Runtime is null || layer.CompatibleRuntimes.Contains(Runtime))
        && (Architecture is null || layer.CompatibleArchitectures.Contains(Architecture));
}
