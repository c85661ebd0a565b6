using System.Text.Json;
using System.Text.Json.Serialization;

namespace Lambent.Cli.Connection;

/// <summary>A call as the server lists it.</summary>
internal sealed record CallEntry
{
    public required string Id { get; init; }

    public required string Function { get; init; }

    public required string Version { get; init; }

    public required string Outcome { get; init; }

    public required string Origin { get; init; }

    public string? CameFrom { get; init; }

    public string? ReplayOf { get; init; }

    public required string StartedAt { get; init; }

    public double DurationMilliseconds { get; init; }

    public double? StartMilliseconds { get; init; }

    public bool IsStored { get; init; }

    public string? ErrorGroup { get; init; }
}

internal sealed record CallPage(List<CallEntry> Invocations, string? Next);

internal sealed record CallDetail
{
    public required string Id { get; init; }

    public required string Function { get; init; }

    public string? InvokedArn { get; init; }

    public required List<CallAttempt> Attempts { get; init; }

    public string? CameFrom { get; init; }

    public string? ReplayOf { get; init; }

    public required List<CallEntry> Replays { get; init; }

    public CallPayload? Input { get; init; }

    public CallPayload? Output { get; init; }

    public string? ErrorGroup { get; init; }

    public string? WhyNotReplayable { get; init; }

    /// <summary>The version or alias that the caller named, or null.</summary>
    [JsonIgnore]
    public string? Qualifier => InvokedArn?.Split(':') is { Length: > 7 } parts ? parts[7] : null;
}

internal sealed record CallAttempt
{
    public required string Version { get; init; }

    public required string Environment { get; init; }

    public required string Outcome { get; init; }

    public required string Origin { get; init; }

    public required string StartedAt { get; init; }

    public double DurationMilliseconds { get; init; }

    public required CallPhases Phases { get; init; }

    public int MemoryMegabytes { get; init; }

    public int MaxMemoryUsedMegabytes { get; init; }
}

internal sealed record CallPhases(double Queue, double Place, double Fetch, double Start, double Init);

internal sealed record CallPayload(
    JsonElement? Json, string? Text, string? Base64, int Bytes, bool IsMasked, string? Missing)
{
    /// <summary>The bytes as they were sent, or null when they were not kept.</summary>
    public byte[]? ToBytes() =>
        Json is { } json ? System.Text.Encoding.UTF8.GetBytes(json.GetRawText())
        : Text is not null ? System.Text.Encoding.UTF8.GetBytes(Text)
        : Base64 is not null ? Convert.FromBase64String(Base64)
        : null;
}

internal sealed record ReplayCall(string? Version, JsonElement? Event, bool? IsAsync);

internal sealed record ReplayReport
{
    public required string Id { get; init; }

    public required string ReplayOf { get; init; }

    public bool IsAsync { get; init; }

    public string? Function { get; init; }

    public string? Version { get; init; }

    public string? Outcome { get; init; }

    public double? DurationMilliseconds { get; init; }

    public CallPayload? Output { get; init; }
}

internal sealed record ReplayBatchCall(
    string? Function, string? ErrorGroup, string? Since, string? Until, string? Version, double? PerSecond, int? Count,
    bool? IsDryRun);

internal sealed record ReplayPlan(string? Job, int Matched, int Accepted, Dictionary<string, int> Skipped);

internal sealed record ReplayProgress(string Job, int Waiting, long Succeeded, long Failed, int? Cancelled);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(CallPage))]
[JsonSerializable(typeof(CallDetail))]
[JsonSerializable(typeof(ReplayCall))]
[JsonSerializable(typeof(ReplayReport))]
[JsonSerializable(typeof(ReplayBatchCall))]
[JsonSerializable(typeof(ReplayPlan))]
[JsonSerializable(typeof(ReplayProgress))]
internal sealed partial class InvocationJson : JsonSerializerContext;

/// <summary>Which calls to list.</summary>
internal sealed record CallFilter
{
    public string? Function { get; init; }

    public string? Version { get; init; }

    public string? Outcome { get; init; }

    public string? Origin { get; init; }

    public int? MinDuration { get; init; }

    public string? Since { get; init; }

    public string? Until { get; init; }

    public string? Error { get; init; }

    public int Limit { get; init; } = 50;
}

/// <summary>/v1/invocations and /v1/replays: one method, one operation.</summary>
internal sealed class InvocationApi(ServerClient server)
{
    private const string Path = "/v1/invocations";
    private const string ReplaysPath = "/v1/replays";
    private const int PageMax = 1_000;

    /// <summary>A function may take its fifteen minutes.</summary>
    private static readonly TimeSpan CallPatience = TimeSpan.FromMinutes(16);

    public async Task<(List<CallEntry> Calls, bool HasMore)> ListAsync(
        CallFilter filter, CancellationToken cancellation)
    {
        var calls = new List<CallEntry>();
        string? cursor = null;
        do
        {
            var query = string.Join('&', new (string Name, object? Value)[]
            {
                ("function", filter.Function), ("version", filter.Version), ("outcome", filter.Outcome),
                ("origin", filter.Origin), ("min-duration", filter.MinDuration), ("since", filter.Since),
                ("until", filter.Until), ("error", filter.Error), ("cursor", cursor),
                ("limit", Math.Min(PageMax, filter.Limit - calls.Count)),
            }.Where(part => part.Value is not null).Select(part => $"{part.Name}={Escape($"{part.Value}")}"));
            var page = await server.SendAsync(
                new ServerRequest(HttpMethod.Get, $"{Path}?{query}"), InvocationJson.Default.CallPage, cancellation);
            calls.AddRange(page.Invocations);
            cursor = page.Next;
        }
        while (cursor is not null && calls.Count < filter.Limit);
        return (calls, cursor is not null);
    }

    public Task<CallDetail> GetAsync(string id, CancellationToken cancellation) => server.SendAsync(
        new ServerRequest(HttpMethod.Get, $"{Path}/{Escape(id)}"), InvocationJson.Default.CallDetail, cancellation);

    public Task<ReplayReport> ReplayAsync(string id, ReplayCall call, CancellationToken cancellation) =>
        server.SendAsync(
            new ServerRequest(HttpMethod.Post, $"{Path}/{Escape(id)}/replay")
            {
                Body = JsonSerializer.SerializeToUtf8Bytes(call, InvocationJson.Default.ReplayCall),
                Patience = CallPatience,
            },
            InvocationJson.Default.ReplayReport,
            cancellation);

    public Task<ReplayPlan> ReplayAsync(ReplayBatchCall call, CancellationToken cancellation) => server.SendAsync(
        new ServerRequest(HttpMethod.Post, ReplaysPath)
        {
            Body = JsonSerializer.SerializeToUtf8Bytes(call, InvocationJson.Default.ReplayBatchCall),
        },
        InvocationJson.Default.ReplayPlan,
        cancellation);

    public Task<ReplayProgress> ProgressAsync(string job, CancellationToken cancellation) => server.SendAsync(
        new ServerRequest(HttpMethod.Get, $"{ReplaysPath}/{Escape(job)}"),
        InvocationJson.Default.ReplayProgress,
        cancellation);

    public Task<ReplayProgress> CancelAsync(string job, CancellationToken cancellation) => server.SendAsync(
        new ServerRequest(HttpMethod.Delete, $"{ReplaysPath}/{Escape(job)}"),
        InvocationJson.Default.ReplayProgress,
        cancellation);

    private static string Escape(string text) => Uri.EscapeDataString(text);
}
