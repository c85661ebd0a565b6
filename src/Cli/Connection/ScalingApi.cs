using System.Text.Json;
using System.Text.Json.Serialization;

namespace Lambent.Cli.Connection;

/// <summary>What was decided last about a function's calls or a source of its work.</summary>
internal sealed record ScalingEntry
{
    public string Controller { get; init; } = "";

    public string Function { get; init; } = "";

    public string? Version { get; init; }

    public string? Source { get; init; }

    public List<string> Explanation { get; init; } = [];

    public ScalingMoment? Last { get; init; }

    public List<ScalingMoment> Decisions { get; init; } = [];

    /// <summary>What a person calls it.</summary>
    public string Title => Source is null
        ? $"calls of {Function}{(Version is null or "$LATEST" ? "" : $":{Version}")}"
        : $"{Controller} {Source}{(Source == Function ? "" : $" for {Function}")}";
}

internal sealed record ScalingMoment
{
    public string At { get; init; } = "";

    public bool IsChange { get; init; }

    public ScalingNumbers Decision { get; init; } = new();
}

internal sealed record ScalingNumbers
{
    public int Concurrency { get; init; }

    public int Environments { get; init; }

    public int Wanted { get; init; }

    public double RatePerSecond { get; init; }

    public string Reason { get; init; } = "";

    public string Limit { get; init; } = "";
}

internal sealed record ScalingEntries
{
    public List<ScalingEntry> Controllers { get; init; } = [];
}

internal sealed record ScalingDifference
{
    public string Controller { get; init; } = "";

    public string Function { get; init; } = "";

    public string? Source { get; init; }

    public long Number { get; init; }

    public string At { get; init; } = "";

    public ScalingNumbers Recorded { get; init; } = new();

    public ScalingNumbers Now { get; init; } = new();
}

internal sealed record ScalingReplay
{
    public int Replayed { get; init; }

    public List<ScalingDifference> Differing { get; init; } = [];
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ScalingEntries))]
[JsonSerializable(typeof(ScalingReplay))]
[JsonSerializable(typeof(JsonElement))]
internal sealed partial class ScalingJson : JsonSerializerContext;

/// <summary>
/// The scale controller's side of the native API. Answers come whole, because what is recorded is passed on untouched.
/// </summary>
internal sealed class ScalingApi(ServerClient server)
{
    public Task<JsonElement> DescribeAsync(string name, CancellationToken cancellation) =>
        GetAsync(Path(name), cancellation);

    public Task<JsonElement> DecisionsAsync(string name, CancellationToken cancellation) =>
        GetAsync(Path(name) + "/decisions", cancellation);

    public Task<JsonElement> ReplayAsync(string name, CancellationToken cancellation) =>
        GetAsync(Path(name) + "/replay", cancellation);

    /// <summary>Decides what was recorded elsewhere again.</summary>
    public Task<JsonElement> ReplayAsync(byte[] decisions, CancellationToken cancellation) => server.SendAsync(
        new ServerRequest(HttpMethod.Post, "/v1/scaling") { Body = decisions },
        ScalingJson.Default.JsonElement,
        cancellation);

    private Task<JsonElement> GetAsync(string path, CancellationToken cancellation) =>
        server.SendAsync(new ServerRequest(HttpMethod.Get, path), ScalingJson.Default.JsonElement, cancellation);

    private static string Path(string name) => $"/v1/scaling/{Uri.EscapeDataString(name)}";
}
