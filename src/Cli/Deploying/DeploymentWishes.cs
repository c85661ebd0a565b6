namespace Lambent.Cli.Deploying;

/// <summary>What was asked for beside the source; null and empty leave a function as it is.</summary>
internal sealed record DeploymentWishes
{
    public int? MemoryMegabytes { get; init; }

    public int? TimeoutSeconds { get; init; }

    /// <summary>Variables to set; others stay.</summary>
    public IReadOnlyDictionary<string, string> Variables { get; init; } = new Dictionary<string, string>();

    public IReadOnlyList<string> VariablesToRemove { get; init; } = [];

    /// <summary>Replaces the function's layers.</summary>
    public IReadOnlyList<string> Layers { get; init; } = [];

    /// <summary>Calls at a time in one environment.</summary>
    public int? EnvironmentConcurrency { get; init; }

    /// <summary>Calls in flight that only this function may have, and not more.</summary>
    public int? ReservedConcurrency { get; init; }

    /// <summary>The isolation driver, by name.</summary>
    public string? Isolation { get; init; }

    /// <summary>quota or share: how memory decides over processor time.</summary>
    public string? Processor { get; init; }

    /// <summary>The ARN of what gets the results of synchronous calls.</summary>
    public string? SyncDestination { get; init; }

    /// <summary>The ARN of what gets the results of asynchronous calls that succeeded.</summary>
    public string? OnSuccess { get; init; }

    /// <summary>The ARN of what gets asynchronous calls that failed for good.</summary>
    public string? OnFailure { get; init; }

    /// <summary>Attempts of an asynchronous call after the first that failed.</summary>
    public int? Retries { get; init; }

    /// <summary>How old an asynchronous call may become before it is given up.</summary>
    public int? EventAgeSeconds { get; init; }

    /// <summary>Whether anything is asked for about asynchronous calls.</summary>
    public bool ForEvents => OnSuccess is not null || OnFailure is not null || Retries is not null
        || EventAgeSeconds is not null;

    /// <summary>A public URL.</summary>
    public bool Url { get; init; }

    /// <summary>Whether its URL takes WebSocket connections.</summary>
    public bool? WebSocket { get; init; }

    /// <summary>Whether its URL streams the request's body to the handler.</summary>
    public bool? RequestStream { get; init; }

    /// <summary>Settings for which the API has no field are tags.</summary>
    public IReadOnlyDictionary<string, string> Tags
    {
        get
        {
            var tags = new Dictionary<string, string>(StringComparer.Ordinal);
            if (EnvironmentConcurrency is { } concurrency)
            {
                tags["lambent:environment-concurrency"] = concurrency.ToString();
            }

            if (Isolation is { } isolation)
            {
                tags["lambent:isolation"] = isolation;
            }

            if (Processor is { } processor)
            {
                tags["lambent:cpu"] = processor;
            }

            if (WebSocket is { } webSocket)
            {
                tags["lambent:websocket"] = webSocket ? "true" : "false";
            }

            if (RequestStream is { } requestStream)
            {
                tags["lambent:request-stream"] = requestStream ? "true" : "false";
            }

            if (SyncDestination is { } destination)
            {
                tags["lambent:sync-destination"] = destination;
            }

            return tags;
        }
    }
}
