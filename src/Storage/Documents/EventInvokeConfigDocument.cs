using Lambent.Kernel.Functions;

namespace Lambent.Storage.Documents;

internal sealed class EventInvokeConfigDocument
{
    public int? MaximumRetryAttempts { get; set; }

    public int? MaximumEventAgeSeconds { get; set; }

    public string? OnSuccess { get; set; }

    public string? OnFailure { get; set; }

    public required DateTimeOffset LastModifiedAt { get; set; }

    public static EventInvokeConfigDocument From(EventInvokeConfig config) => new()
    {
        MaximumRetryAttempts = config.MaximumRetryAttempts,
        MaximumEventAgeSeconds = config.MaximumEventAgeSeconds,
        OnSuccess = config.OnSuccess,
        OnFailure = config.OnFailure,
        LastModifiedAt = config.LastModifiedAt,
    };

    public EventInvokeConfig ToConfig() => new()
    {
        MaximumRetryAttempts = MaximumRetryAttempts,
        MaximumEventAgeSeconds = MaximumEventAgeSeconds,
        OnSuccess = OnSuccess,
        OnFailure = OnFailure,
        LastModifiedAt = LastModifiedAt,
    };
}
