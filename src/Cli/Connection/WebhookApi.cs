using System.Text.Json;
using System.Text.Json.Serialization;

namespace Lambent.Cli.Connection;

/// <summary>What is asked for; null leaves it to the server.</summary>
internal sealed record CreateWebhookCall
{
    public required string Name { get; init; }

    public string? Target { get; init; }

    public string? Scheme { get; init; }

    public string? Secret { get; init; }

    public string? Payload { get; init; }

    public string? Header { get; init; }

    public string? Algorithm { get; init; }

    public string? Encoding { get; init; }

    public string? Prefix { get; init; }

    public string? TimestampHeader { get; init; }

    public string? DeliveryHeader { get; init; }

    public int? ToleranceSeconds { get; init; }

    public int? Rate { get; init; }

    public string? Url { get; init; }

    public IReadOnlyList<string>? Types { get; init; }

    public string? Subject { get; init; }
}

internal sealed record RotateWebhookCall(string? Secret, int? OverlapSeconds);

internal sealed record WebhookEntry
{
    public string Name { get; init; } = "";

    /// <summary>in or out.</summary>
    public string Direction { get; init; } = "";

    public string? Address { get; init; }

    public string? Target { get; init; }

    public string? Scheme { get; init; }

    public string? Payload { get; init; }

    public string? Url { get; init; }

    public List<string>? Types { get; init; }

    public string? Subject { get; init; }

    public string? DisabledReason { get; init; }

    public string? FormerSecretEndsAt { get; init; }

    public string? CreatedAt { get; init; }

    /// <summary>Only in the answer that made it.</summary>
    public string? Secret { get; init; }
}

internal sealed record WebhookPage
{
    public List<WebhookEntry> Webhooks { get; init; } = [];

    public string? Next { get; init; }
}

internal sealed record WebhookTest
{
    public bool Delivered { get; init; }

    public string? EventId { get; init; }

    public int? Status { get; init; }

    public string? Problem { get; init; }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(CreateWebhookCall))]
[JsonSerializable(typeof(RotateWebhookCall))]
[JsonSerializable(typeof(WebhookEntry))]
[JsonSerializable(typeof(WebhookPage))]
[JsonSerializable(typeof(WebhookTest))]
internal sealed partial class WebhookJson : JsonSerializerContext;

/// <summary>Webhooks, through the native API.</summary>
internal sealed class WebhookApi(ServerClient server)
{
    private const string Root = "/v1/webhooks";

    public Task<WebhookEntry> CreateAsync(CreateWebhookCall call, CancellationToken cancellation) =>
        PostAsync(
            Root, JsonSerializer.SerializeToUtf8Bytes(call, WebhookJson.Default.CreateWebhookCall), cancellation);

    public Task<WebhookEntry> RotateAsync(string name, RotateWebhookCall call, CancellationToken cancellation) =>
        PostAsync(
            $"{Path(name)}/rotate",
            JsonSerializer.SerializeToUtf8Bytes(call, WebhookJson.Default.RotateWebhookCall),
            cancellation);

    public Task<WebhookEntry> EnableAsync(string name, CancellationToken cancellation) =>
        PostAsync($"{Path(name)}/enable", [], cancellation);

    public Task<WebhookTest> TestAsync(string name, CancellationToken cancellation) =>
        server.SendAsync(
            new ServerRequest(HttpMethod.Post, $"{Path(name)}/test"), WebhookJson.Default.WebhookTest, cancellation);

    public Task<WebhookEntry> GetAsync(string name, CancellationToken cancellation) =>
        server.SendAsync(
            new ServerRequest(HttpMethod.Get, Path(name)), WebhookJson.Default.WebhookEntry, cancellation);

    public async Task DeleteAsync(string name, CancellationToken cancellation)
    {
        using var response = await server.SendAsync(new ServerRequest(HttpMethod.Delete, Path(name)), cancellation);
    }

    /// <summary>Every webhook, following the pages.</summary>
    public async Task<List<WebhookEntry>> AllAsync(CancellationToken cancellation)
    {
        var all = new List<WebhookEntry>();
        string? after = null;
        do
        {
            var path = after is null ? Root : $"{Root}?after={Uri.EscapeDataString(after)}";
            var page = await server.SendAsync(
                new ServerRequest(HttpMethod.Get, path), WebhookJson.Default.WebhookPage, cancellation);
            all.AddRange(page.Webhooks);
            after = page.Next;
        }
        while (after is not null);
        return all;
    }

    private static string Path(string name) => $"{Root}/{Uri.EscapeDataString(name)}";

    private Task<WebhookEntry> PostAsync(string path, byte[] body, CancellationToken cancellation) =>
        server.SendAsync(
            new ServerRequest(HttpMethod.Post, path) { Body = body }, WebhookJson.Default.WebhookEntry, cancellation);
}
