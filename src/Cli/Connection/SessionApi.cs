using System.Text.Json;
using System.Text.Json.Serialization;

namespace Lambent.Cli.Connection;

internal sealed record LoginTokenCall(int Minutes);

internal sealed record LoginTokenEntry(string Token, string ExpiresAt, string Url);

internal sealed record BrowserSessionEntry
{
    public string Id { get; init; } = "";

    public string BegunAt { get; init; } = "";

    public string LastUsedAt { get; init; } = "";

    public string ExpiresAt { get; init; } = "";

    public string UserAgent { get; init; } = "";
}

internal sealed record BrowserSessionEntries
{
    public List<BrowserSessionEntry> Sessions { get; init; } = [];
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(LoginTokenCall))]
[JsonSerializable(typeof(LoginTokenEntry))]
[JsonSerializable(typeof(BrowserSessionEntries))]
internal sealed partial class SessionJson : JsonSerializerContext;

/// <summary>Logins to the dashboard, by the native API.</summary>
internal sealed class SessionApi(ServerClient server)
{
    private const string Root = "/v1/sessions";

    public Task<LoginTokenEntry> MakeTokenAsync(int minutes, CancellationToken cancellation) => server.SendAsync(
        new ServerRequest(HttpMethod.Post, $"{Root}/tokens")
        {
            Body = JsonSerializer.SerializeToUtf8Bytes(
                new LoginTokenCall(minutes), SessionJson.Default.LoginTokenCall),
        },
        SessionJson.Default.LoginTokenEntry,
        cancellation);

    public async Task<List<BrowserSessionEntry>> ListAsync(CancellationToken cancellation) =>
        (await server.SendAsync(
            new ServerRequest(HttpMethod.Get, Root), SessionJson.Default.BrowserSessionEntries, cancellation))
        .Sessions;

    public Task EndAsync(string id, CancellationToken cancellation) =>
        DeleteAsync($"{Root}/{Uri.EscapeDataString(id)}", cancellation);

    public Task EndAllAsync(CancellationToken cancellation) => DeleteAsync(Root, cancellation);

    private async Task DeleteAsync(string path, CancellationToken cancellation)
    {
        using var response = await server.SendAsync(new ServerRequest(HttpMethod.Delete, path), cancellation);
    }
}
