using System.Text.Json.Serialization;

namespace Lambent.Server.Native;

/// <summary>The shapes of /v1.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(NativeErrorAnswer))]
[JsonSerializable(typeof(StatusAnswer))]
[JsonSerializable(typeof(EnvironmentsAnswer))]
[JsonSerializable(typeof(AccountsAnswer))]
[JsonSerializable(typeof(CreateAccountRequest))]
[JsonSerializable(typeof(CreatedAccountAnswer))]
[JsonSerializable(typeof(LimitConcurrencyRequest))]
[JsonSerializable(typeof(AccountLimitAnswer))]
[JsonSerializable(typeof(KeysAnswer))]
[JsonSerializable(typeof(CreatedKeyAnswer))]
[JsonSerializable(typeof(BlobAnswer))]
[JsonSerializable(typeof(BlobsAnswer))]
[JsonSerializable(typeof(BucketsAnswer))]
[JsonSerializable(typeof(LogAnswer))]
[JsonSerializable(typeof(ProvisionRequest))]
[JsonSerializable(typeof(ProvisionedAnswer))]
[JsonSerializable(typeof(ProvisionedListAnswer))]
[JsonSerializable(typeof(EventAnswer))]
[JsonSerializable(typeof(EventsAnswer))]
[JsonSerializable(typeof(RedriveRequest))]
[JsonSerializable(typeof(RedriveAnswer))]
[JsonSerializable(typeof(LanesAnswer))]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(CreateWebhookRequest))]
[JsonSerializable(typeof(RotateWebhookRequest))]
[JsonSerializable(typeof(WebhookAnswer))]
[JsonSerializable(typeof(WebhooksAnswer))]
[JsonSerializable(typeof(WebhookTestAnswer))]
internal sealed partial class NativeJson : JsonSerializerContext;

internal sealed record NativeErrorAnswer(NativeError Error);

internal sealed record NativeError(string Code, string Message, string? Field, string RequestId);

internal sealed record StatusAnswer(
    string Version,
    DateTimeOffset StartedAt,
    string Region,
    string Account,
    int Functions,
    int CallsInFlight,
    IReadOnlyList<string> Runtimes,
    LogStatusAnswer Logs,
    StoredCallsStatusAnswer StoredCalls,
    MetricStatusAnswer Metrics,
    IReadOnlyList<ExportAnswer>? Exports);

/// <param name="Signal">traces, logs, metrics, syslog.</param>
/// <param name="State">idle (nothing was sent yet), ok, interrupted.</param>
/// <param name="Sent">Since the server started, as the others: spans, lines, figures.</param>
/// <param name="Dropped">Removed by retention before it could be sent.</param>
/// <param name="Waiting">Not sent yet, about.</param>
/// <param name="BehindSeconds">The age of the first of what waits; null when nothing does.</param>
/// <param name="Problem">Why it is interrupted, or why something was rejected last.</param>
internal sealed record ExportAnswer(
    string Signal, string Target, string State, long Sent, long Rejected, long Dropped, long Waiting,
    double? BehindSeconds, string? Problem);

internal sealed record EnvironmentsAnswer(IReadOnlyList<EnvironmentAnswer> Environments);

internal sealed record EnvironmentAnswer(
    string Id,
    string Function,
    string Version,
    string State,
    long Calls,
    DateTimeOffset? StartedAt,
    double FetchMilliseconds,
    double StartMilliseconds,
    double InitMilliseconds,
    int MemoryMegabytes);

internal sealed record AccountsAnswer(IReadOnlyList<AccountAnswer> Accounts);

/// <param name="Concurrency">Calls that may run at a time.</param>
internal sealed record AccountAnswer(string Id, string Name, DateTimeOffset CreatedAt, int Concurrency);

internal sealed record CreateAccountRequest(string? Name, string? Id);

internal sealed record LimitConcurrencyRequest(int? Concurrency);

internal sealed record AccountLimitAnswer(string Id, string Name, int Concurrency);

internal sealed record CreatedAccountAnswer(AccountAnswer Account, string AccessKeyId, string SecretAccessKey);

internal sealed record KeysAnswer(IReadOnlyList<KeyAnswer> Keys);

internal sealed record KeyAnswer(string AccessKeyId, DateTimeOffset CreatedAt);

internal sealed record CreatedKeyAnswer(string AccessKeyId, string SecretAccessKey, DateTimeOffset CreatedAt);

/// <summary>Next: the value of <c>after</c> for the next page; absent on the last one.</summary>
internal sealed record BlobsAnswer(IReadOnlyList<BlobAnswer> Blobs)
{
    public string? Next { get; init; }
}

internal sealed record BlobAnswer(
    string Bucket,
    string Key,
    string? Digest,
    long SizeBytes,
    DateTimeOffset CreatedAt,
    string ETag,
    string? ContentType);

internal sealed record BucketsAnswer(IReadOnlyList<BucketAnswer> Buckets);

internal sealed record BucketAnswer(string Name, DateTimeOffset CreatedAt);

internal sealed record LogAnswer(
    DateTimeOffset Time, string Function, string Version, string? RequestId, string Environment, string Text,
    string? Level);

/// <summary>How the log stands.</summary>
/// <param name="Oldest">The first line or call that is kept, of all accounts.</param>
/// <param name="BytesMax">Above it the oldest are removed.</param>
/// <param name="State">ok, near-limit (from 80 %), at-limit (the oldest are being removed).</param>
/// <param name="LinesDropped">Lines of the caller's account that were not kept since the server started.</param>
/// <param name="BytesDropped">Of those lines.</param>
/// <param name="Dropped">The same by reason: environment, function, account, queue.</param>
internal sealed record LogStatusAnswer(
    DateTimeOffset? Oldest,
    long Bytes,
    long BytesMax,
    double RetentionDays,
    string State,
    long LinesDropped,
    long BytesDropped,
    IReadOnlyDictionary<string, LogDropAnswer> Dropped);

internal sealed record LogDropAnswer(long Lines, long Bytes);

/// <summary>How the events and answers of calls stand, of all accounts.</summary>
/// <param name="BytesMax">Above it the oldest are removed.</param>
/// <param name="State">As of the log.</param>
internal sealed record StoredCallsStatusAnswer(long Bytes, long BytesMax, double RetentionDays, string State);

/// <param name="CellsDropped">Figures of a minute that could not be written and were given up, of all
/// accounts.</param>
internal sealed record MetricStatusAnswer(long CellsDropped);
