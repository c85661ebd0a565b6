using System.Text.Json.Serialization;
using Lambent.Kernel.Functions.Commands;

namespace Lambent.Server.Aws.Lambda.Shapes;

/// <summary>CreateAliasRequest and UpdateAliasRequest of the API.</summary>
internal sealed record AliasRequest
{
    /// <summary>Only to create: an update has it in the path.</summary>
    public string? Name { get; init; }

    public string? FunctionVersion { get; init; }

    public string? Description { get; init; }

    public AliasRoutingShape? RoutingConfig { get; init; }

    /// <summary>Only to update.</summary>
    public string? RevisionId { get; init; }

    /// <summary>The routing as the command takes it: an empty object takes it away, an absent one does not.</summary>
    [JsonIgnore]
    public AliasRouting? Routing => RoutingConfig is { } routing
        ? new AliasRouting([.. routing.AdditionalVersionWeights ?? new Dictionary<string, double?>()])
        : null;
}
