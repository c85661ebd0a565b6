using Lambent.Server.Dispatch;

namespace Lambent.Server.Aws.Lambda.Shapes;

/// <summary>A provisioned concurrency as the Lambda API shows it.</summary>
internal sealed record ProvisionedConcurrencyShape
{
    /// <summary>The alias or version; only in lists.</summary>
    public string? FunctionArn { get; init; }

    public required int RequestedProvisionedConcurrentExecutions { get; init; }

    public required int AvailableProvisionedConcurrentExecutions { get; init; }

    public required int AllocatedProvisionedConcurrentExecutions { get; init; }

    public required string Status { get; init; }

    public string? StatusReason { get; init; }

    public required string LastModified { get; init; }

    public static ProvisionedConcurrencyShape From(ProvisionedState state, string? arn = null) => new()
    {
        FunctionArn = arn,
        RequestedProvisionedConcurrentExecutions = state.Requested,
        AvailableProvisionedConcurrentExecutions = state.Available,
        AllocatedProvisionedConcurrentExecutions = state.Allocated,
        Status = state.Status,
        StatusReason = state.StatusReason,
        LastModified = Timestamps.Text(state.Configured.LastModifiedAt),
    };
}

/// <param name="ProvisionedConcurrentExecutions">Calls at a time.</param>
internal sealed record PutProvisionedConcurrencyConfigRequest(int? ProvisionedConcurrentExecutions);

internal sealed record ListProvisionedConcurrencyConfigsResponse
{
    public required IReadOnlyList<ProvisionedConcurrencyShape> ProvisionedConcurrencyConfigs { get; init; }

    public string? NextMarker { get; init; }
}
