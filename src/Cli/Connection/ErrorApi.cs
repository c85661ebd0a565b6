using System.Text.Json;
using System.Text.Json.Serialization;

namespace Lambent.Cli.Connection;

internal sealed record ErrorPage(List<ErrorEntry> Errors, string? Next);

/// <summary>A group of errors as the server lists it.</summary>
internal sealed record ErrorEntry
{
    public required string Id { get; init; }

    public required string Kind { get; init; }

    public required string Status { get; init; }

    public required string Type { get; init; }

    public required string Message { get; init; }

    public required string Culprit { get; init; }

    public required string FirstSeen { get; init; }

    public required string LastSeen { get; init; }

    public long Count { get; init; }

    public required List<long> Counts { get; init; }

    public required List<string> Functions { get; init; }

    public string? ResolvedIn { get; init; }

    public string? ReopenedBy { get; init; }
}

internal sealed record ErrorDetail(
    ErrorEntry Error, List<ErrorVersionEntry> Versions, List<ErrorSampleEntry> Samples, List<ErrorFrameEntry> Frames);

internal sealed record ErrorVersionEntry(
    string Function, string Version, string FirstSeen, string LastSeen, long Count);

internal sealed record ErrorSampleEntry(
    long Number, string At, string Function, string Version, string? RequestId, string Kind, string Type,
    string Message, string Stack);

internal sealed record ErrorFrameEntry
{
    public required string Text { get; init; }

    public required string Function { get; init; }

    public bool IsApplication { get; init; }

    public int Line { get; init; }

    public ErrorSourceEntry? Source { get; init; }

    public List<ErrorLineEntry>? Context { get; init; }

    public string? Problem { get; init; }
}

internal sealed record ErrorSourceEntry(string File, int Line, int Column, string? Name);

internal sealed record ErrorLineEntry(int Line, string Text);

internal sealed record ResolveCall(string? Version);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ErrorPage))]
[JsonSerializable(typeof(ErrorDetail))]
[JsonSerializable(typeof(ResolveCall))]
[JsonSerializable(typeof(JsonElement))]
internal sealed partial class ErrorJson : JsonSerializerContext;

/// <summary>/v1/errors: one method, one operation.</summary>
internal sealed class ErrorApi(ServerClient server)
{
    private const string Path = "/v1/errors";

    public async Task<List<ErrorEntry>> ListAsync(
        string? status, string? function, string? since, string? sort, int limit, CancellationToken cancellation)
    {
        var query = string.Join('&', new (string Name, string? Value)[]
        {
            ("status", status), ("function", function), ("since", since), ("sort", sort), ("limit", $"{limit}"),
        }.Where(part => part.Value is not null).Select(part => $"{part.Name}={Uri.EscapeDataString(part.Value!)}"));
        var page = await server.SendAsync(
            new ServerRequest(HttpMethod.Get, $"{Path}?{query}"), ErrorJson.Default.ErrorPage, cancellation);
        return page.Errors;
    }

    /// <summary>The answer as it is, for --json, and read.</summary>
    public Task<JsonElement> GetAsync(string id, CancellationToken cancellation) => server.SendAsync(
        new ServerRequest(HttpMethod.Get, $"{Path}/{Uri.EscapeDataString(id)}"),
        ErrorJson.Default.JsonElement,
        cancellation);

    /// <param name="action">resolve, ignore, reopen.</param>
    /// <param name="version">With resolve: the version, or null.</param>
    public Task<JsonElement> SetAsync(string id, string action, string? version, CancellationToken cancellation) =>
        server.SendAsync(
            new ServerRequest(HttpMethod.Post, $"{Path}/{Uri.EscapeDataString(id)}/{action}")
            {
                Body = JsonSerializer.SerializeToUtf8Bytes(new ResolveCall(version), ErrorJson.Default.ResolveCall),
            },
            ErrorJson.Default.JsonElement,
            cancellation);

    public static ErrorDetail Read(JsonElement answer) => answer.Deserialize(ErrorJson.Default.ErrorDetail)!;
}
