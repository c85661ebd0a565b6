using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Lambent.Cli.Commands;

namespace Lambent.Cli.Connection;

/// <summary>A queue as the server describes it.</summary>
internal sealed record QueueReport
{
    public string Name { get; init; } = "";

    public string Arn { get; init; } = "";

    public string Url { get; init; } = "";

    public bool Fifo { get; init; }

    public bool Priorities { get; init; }

    public long Waiting { get; init; }

    public long InFlight { get; init; }

    public long Delayed { get; init; }

    public string? DeadLetterQueue { get; init; }

    public long? Dead { get; init; }

    public double? OldestAgeSeconds { get; init; }

    public double ArrivalsPerSecond { get; init; }

    public double ReceivesPerSecond { get; init; }

    public double DrainPerSecond { get; init; }

    public long Sent { get; init; }

    public long Received { get; init; }

    public long Deleted { get; init; }

    public long EmptyReceives { get; init; }

    public long Filtered { get; init; }

    public int VisibilityTimeoutSeconds { get; init; }

    public List<ConsumerEntry> Consumers { get; init; } = [];

    public List<ReasonEntry> Why { get; init; } = [];
}

internal sealed record ConsumerEntry
{
    public string Name { get; init; } = "";

    public string State { get; init; } = "";

    public int Running { get; init; }

    public int Limit { get; init; }

    public string? Problem { get; init; }
}

internal sealed record ReasonEntry
{
    public string Code { get; init; } = "";

    public string Text { get; init; } = "";
}

internal sealed record QueuePage
{
    public List<JsonElement> Queues { get; init; } = [];

    public string? Next { get; init; }
}

/// <summary>What is absent stays as it is.</summary>
internal sealed record PutPushCall
{
    public string? Mode { get; init; }

    public List<SubscriberCall>? Subscribers { get; init; }

    public int? Retries { get; init; }

    public int? RetryDelaySeconds { get; init; }

    public int? Concurrency { get; init; }

    public string? ErrorQueue { get; init; }

    public string? Secret { get; init; }
}

internal sealed record SubscriberCall(string Name, string Url, Dictionary<string, string>? Headers = null);

internal sealed record PushEntry
{
    public string Queue { get; init; } = "";

    public string Mode { get; init; } = "";

    public string State { get; init; } = "";

    public List<SubscriberCall> Subscribers { get; init; } = [];

    public int Retries { get; init; }

    public int RetryDelaySeconds { get; init; }

    public int Concurrency { get; init; }

    public string ErrorQueue { get; init; } = "";

    public int Running { get; init; }

    public long Attempts { get; init; }

    public long FailedAttempts { get; init; }

    public long Delivered { get; init; }

    public long GivenUp { get; init; }

    public string? LastProblem { get; init; }

    public string? Secret { get; init; }
}

internal sealed record PushPage
{
    public List<JsonElement> Queues { get; init; } = [];
}

internal sealed record PushedPage
{
    public List<JsonElement> Messages { get; init; } = [];

    public string? Next { get; init; }
}

internal sealed record PushedEntry
{
    public string Id { get; init; } = "";

    public string? SentAt { get; init; }

    public string? NextAt { get; init; }

    public string? Problem { get; init; }

    public List<PushedToEntry> Subscribers { get; init; } = [];
}

internal sealed record PushedToEntry
{
    public string Name { get; init; } = "";

    public string State { get; init; } = "";

    public int Tries { get; init; }

    public int? Status { get; init; }

    public string? Problem { get; init; }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(QueueReport))]
[JsonSerializable(typeof(QueuePage))]
[JsonSerializable(typeof(PutPushCall))]
[JsonSerializable(typeof(PushEntry))]
[JsonSerializable(typeof(PushPage))]
[JsonSerializable(typeof(PushedEntry))]
[JsonSerializable(typeof(PushedPage))]
[JsonSerializable(typeof(JsonElement))]
internal sealed partial class QueueReportJson : JsonSerializerContext;

/// <summary>
/// What the SQS API does not tell of queues, and push queues. Answers are given as they came, so that --json has all of
/// them; <see cref="As{T}"/> reads what is shown.
/// </summary>
internal sealed class QueueReportApi(ServerClient server)
{
    private const string Root = "/v1/queues";

    public async Task<List<JsonElement>> AllAsync(CancellationToken cancellation)
    {
        var all = new List<JsonElement>();
        string? after = null;
        do
        {
            var path = after is null ? Root : $"{Root}?after={Uri.EscapeDataString(after)}";
            var page = await server.SendAsync(
                new ServerRequest(HttpMethod.Get, path), QueueReportJson.Default.QueuePage, cancellation);
            all.AddRange(page.Queues);
            after = page.Next;
        }
        while (after is not null);
        return all;
    }

    public Task<JsonElement> DescribeAsync(string queue, CancellationToken cancellation) =>
        SendAsync(HttpMethod.Get, PathOf(queue), default, cancellation);

    /// <param name="queue">Its name.</param>
    /// <param name="limit">1 to 100.</param>
    /// <param name="group">Of one message group; null for all.</param>
    /// <param name="cancellation">Ends the request.</param>
    public async Task<List<JsonElement>> PeekAsync(
        string queue, int limit, string? group, CancellationToken cancellation)
    {
        var path = $"{PathOf(queue)}/messages?limit={limit}"
            + (group is null ? "" : $"&group={Uri.EscapeDataString(group)}");
        var answer = await SendAsync(HttpMethod.Get, path, default, cancellation);
        return [.. answer.GetProperty("messages").EnumerateArray()];
    }

    public async Task<List<JsonElement>> PushesAsync(CancellationToken cancellation) =>
        (await server.SendAsync(
            new ServerRequest(HttpMethod.Get, "/v1/push"), QueueReportJson.Default.PushPage, cancellation)).Queues;

    public Task<JsonElement> PushAsync(string queue, CancellationToken cancellation) =>
        SendAsync(HttpMethod.Get, PushPathOf(queue), default, cancellation);

    public Task<JsonElement> PutPushAsync(string queue, PutPushCall call, CancellationToken cancellation) => SendAsync(
        HttpMethod.Put,
        PushPathOf(queue),
        JsonSerializer.SerializeToUtf8Bytes(call, QueueReportJson.Default.PutPushCall),
        cancellation);

    /// <param name="verb">pause or resume.</param>
    public Task<JsonElement> SwitchPushAsync(string queue, string verb, CancellationToken cancellation) =>
        SendAsync(HttpMethod.Post, $"{PushPathOf(queue)}/{verb}", default, cancellation);

    public async Task DeletePushAsync(string queue, CancellationToken cancellation)
    {
        using var response = await server.SendAsync(
            new ServerRequest(HttpMethod.Delete, PushPathOf(queue)), cancellation);
    }

    /// <summary>Messages that are tried again or wait for an acknowledgement, at most a thousand.</summary>
    public async Task<List<JsonElement>> PushedAsync(string queue, CancellationToken cancellation) =>
        (await server.SendAsync(
            new ServerRequest(HttpMethod.Get, $"{PushPathOf(queue)}/messages?limit=1000"),
            QueueReportJson.Default.PushedPage,
            cancellation)).Messages;

    public async Task AcknowledgeAsync(
        string queue, string message, string subscriber, CancellationToken cancellation)
    {
        var path = $"{PushPathOf(queue)}/messages/{Uri.EscapeDataString(message)}/{Uri.EscapeDataString(subscriber)}";
        using var response = await server.SendAsync(new ServerRequest(HttpMethod.Delete, path), cancellation);
    }

    /// <summary>An answer as what is shown of it.</summary>
    public static T As<T>(JsonElement answer, JsonTypeInfo<T> shape)
        where T : class
    {
        try
        {
            return answer.Deserialize(shape) ?? throw new JsonException();
        }
        catch (JsonException)
        {
            throw new CommandFailedException(
                ExitCode.Internal,
                FailureCodes.ServerAnswerUnreadable,
                "The answer is not what this API promises.",
                "check --endpoint and AWS_ENDPOINT_URL");
        }
    }

    private Task<JsonElement> SendAsync(
        HttpMethod method, string path, ReadOnlyMemory<byte> body, CancellationToken cancellation) => server.SendAsync(
            new ServerRequest(method, path) { Body = body }, QueueReportJson.Default.JsonElement, cancellation);

    private static string PathOf(string queue) => $"{Root}/{Uri.EscapeDataString(queue)}";

    private static string PushPathOf(string queue) => $"{PathOf(queue)}/push";
}
