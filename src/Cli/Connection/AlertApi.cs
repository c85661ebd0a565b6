using System.Text.Json;
using System.Text.Json.Serialization;
using Lambent.Cli.Commands;

namespace Lambent.Cli.Connection;

internal sealed record AlertCall
{
    public required string Metric { get; init; }

    public string? Statistic { get; init; }

    public string? Target { get; init; }

    public string? Version { get; init; }

    public double? Above { get; init; }

    public double? Below { get; init; }

    public string? Window { get; init; }

    public string? For { get; init; }

    public int? Samples { get; init; }

    public string? NoData { get; init; }

    public string[]? Webhooks { get; init; }

    public string[]? Emails { get; init; }
}

internal sealed record AlertEntry
{
    public string Name { get; init; } = "";

    public string Metric { get; init; } = "";

    public string? Statistic { get; init; }

    public string? Target { get; init; }

    public double? Above { get; init; }

    public double? Below { get; init; }

    public string Window { get; init; } = "";

    public List<string> Webhooks { get; init; } = [];

    public List<string> Emails { get; init; } = [];

    public string State { get; init; } = "";

    public string Since { get; init; } = "";

    public double? Value { get; init; }
}

internal sealed record AlertEntries
{
    public List<AlertEntry> Alerts { get; init; } = [];
}

internal sealed record AlertChangeEntry
{
    public string At { get; init; } = "";

    public string From { get; init; } = "";

    public string To { get; init; } = "";

    public double? Value { get; init; }

    public string Text { get; init; } = "";
}

internal sealed record AlertChanges
{
    public List<AlertChangeEntry> Changes { get; init; } = [];
}

internal sealed record AlertTest
{
    public double? Value { get; init; }

    public double Samples { get; init; }

    public int Told { get; init; }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(AlertCall))]
[JsonSerializable(typeof(AlertEntry))]
[JsonSerializable(typeof(AlertEntries))]
[JsonSerializable(typeof(AlertChanges))]
[JsonSerializable(typeof(AlertTest))]
[JsonSerializable(typeof(JsonElement))]
internal sealed partial class AlertJson : JsonSerializerContext;

/// <summary>Alerts, by the native API.</summary>
internal sealed class AlertApi(ServerClient server)
{
    private const string Root = "/v1/alerts";

    public Task<JsonElement> PutAsync(string name, AlertCall call, CancellationToken cancellation) => SendAsync(
        HttpMethod.Put,
        PathOf(name),
        JsonSerializer.SerializeToUtf8Bytes(call, AlertJson.Default.AlertCall),
        cancellation);

    public Task<JsonElement> ListAsync(CancellationToken cancellation) =>
        SendAsync(HttpMethod.Get, Root, default, cancellation);

    public Task<JsonElement> ShowAsync(string name, CancellationToken cancellation) =>
        SendAsync(HttpMethod.Get, PathOf(name), default, cancellation);

    public Task<JsonElement> HistoryAsync(string name, int limit, CancellationToken cancellation) =>
        SendAsync(HttpMethod.Get, $"{PathOf(name)}/history?limit={limit}", default, cancellation);

    public Task<JsonElement> TestAsync(string name, CancellationToken cancellation) =>
        SendAsync(HttpMethod.Post, PathOf(name) + "/test", default, cancellation);

    public async Task DeleteAsync(string name, CancellationToken cancellation)
    {
        using var response = await server.SendAsync(
            new ServerRequest(HttpMethod.Delete, PathOf(name)), cancellation);
    }

    private Task<JsonElement> SendAsync(
        HttpMethod method, string path, ReadOnlyMemory<byte> body, CancellationToken cancellation) =>
        server.SendAsync(
            new ServerRequest(method, path) { Body = body }, AlertJson.Default.JsonElement, cancellation);

    private static string PathOf(string name) => $"{Root}/{Uri.EscapeDataString(name)}";
}
