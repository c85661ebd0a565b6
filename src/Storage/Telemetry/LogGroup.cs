namespace Lambent.Storage.Telemetry;

/// <summary>A log group: a function's, or one that somebody made.</summary>
/// <param name="Name">As CloudWatch has it, such as /aws/lambda/NAME.</param>
/// <param name="RetentionDays">How long its lines are kept; null for as long as the server keeps any.</param>
public sealed record LogGroup(
    string Name, DateTimeOffset CreatedAt, int? RetentionDays, IReadOnlyDictionary<string, string> Tags);

/// <summary>What one environment wrote, or a stream that somebody made.</summary>
/// <param name="EnvironmentId">The environment; of a stream that was made, its name.</param>
/// <param name="First">Null when nothing was written.</param>
public sealed record LogStream(
    string Name, string EnvironmentId, DateTimeOffset CreatedAt, DateTimeOffset? First, DateTimeOffset? Last);
