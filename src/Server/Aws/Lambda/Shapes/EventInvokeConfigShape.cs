using Lambent.Kernel.Functions;

namespace Lambent.Server.Aws.Lambda.Shapes;

/// <summary>FunctionEventInvokeConfig of the API.</summary>
internal sealed record EventInvokeConfigShape
{
    /// <summary>Seconds since 1970, with a fraction: this shape has its times so, unlike most of the API.</summary>
    public required double LastModified { get; init; }

    public required string FunctionArn { get; init; }

    public int? MaximumRetryAttempts { get; init; }

    public int? MaximumEventAgeInSeconds { get; init; }

    public required DestinationConfigShape DestinationConfig { get; init; }

    /// <param name="arn">With its qualifier, which is $LATEST for none.</param>
    public static EventInvokeConfigShape From(EventInvokeConfig config, string arn) => new()
    {
        LastModified = config.LastModifiedAt.ToUnixTimeMilliseconds() / 1000.0,
        FunctionArn = arn,
        MaximumRetryAttempts = config.MaximumRetryAttempts,
        MaximumEventAgeInSeconds = config.MaximumEventAgeSeconds,
        DestinationConfig = new DestinationConfigShape
        {
            OnSuccess = new DestinationShape(config.OnSuccess),
            OnFailure = new DestinationShape(config.OnFailure),
        },
    };
}

/// <summary>Where results go; AWS shows both members even if they are empty.</summary>
internal sealed record DestinationConfigShape
{
    public DestinationShape? OnSuccess { get; init; }

    public DestinationShape? OnFailure { get; init; }
}

/// <param name="Destination">An ARN.</param>
internal sealed record DestinationShape(string? Destination);

/// <summary>What PutFunctionEventInvokeConfig and UpdateFunctionEventInvokeConfig take.</summary>
internal sealed record EventInvokeConfigRequest
{
    public int? MaximumRetryAttempts { get; init; }

    public int? MaximumEventAgeInSeconds { get; init; }

    public DestinationConfigShape? DestinationConfig { get; init; }
}

internal sealed record ListEventInvokeConfigsResponse
{
    public required IReadOnlyList<EventInvokeConfigShape> FunctionEventInvokeConfigs { get; init; }

    public string? NextMarker { get; init; }
}
