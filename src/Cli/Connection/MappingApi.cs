using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Lambent.Cli.Commands;

namespace Lambent.Cli.Connection;

/// <summary>A queue's trigger, as the server tells it.</summary>
internal sealed record MappingEntry(JsonObject Shape)
{
    public string Id => Text("UUID");

    /// <summary>The queue's name, which its ARN ends with.</summary>
    public string Queue => AfterLast(Text("EventSourceArn"), ':');

    /// <summary>The function's name, with its qualifier if it has one.</summary>
    public string Function => AfterFirst(Text("FunctionArn"), ":function:");

    public string State => Text("State");

    public int BatchSize => (int?)Shape[nameof(BatchSize)] ?? 0;

    public int WindowSeconds => (int?)Shape["MaximumBatchingWindowInSeconds"] ?? 0;

    public int? Concurrency => (int?)Shape["ScalingConfig"]?["MaximumConcurrency"];

    public string? LastResult => (string?)Shape["LastProcessingResult"];

    public IReadOnlyList<string> Filters =>
    [
        .. (Shape["FilterCriteria"]?[nameof(Filters)] as JsonArray ?? [])
            .Select(filter => (string?)filter!["Pattern"] ?? ""),
    ];

    private string Text(string member) => (string?)Shape[member] ?? "";

    private static string AfterLast(string text, char separator) => text[(text.LastIndexOf(separator) + 1)..];

    private static string AfterFirst(string text, string separator) =>
        text.IndexOf(separator, StringComparison.Ordinal) is >= 0 and var at ? text[(at + separator.Length)..] : text;
}

/// <summary>The operations of the Lambda API on event source mappings; one method, one operation.</summary>
internal sealed class MappingApi(ServerClient server)
{
    private const string Path = "/2015-03-31/event-source-mappings";

    /// <summary>All mappings, or those of a queue.</summary>
    public async Task<List<MappingEntry>> AllAsync(string? queueArn, CancellationToken cancellation)
    {
        var mappings = new List<MappingEntry>();
        string? marker = null;
        do
        {
            var query = $"?MaxItems=100{Parameter("EventSourceArn", queueArn)}{Parameter("Marker", marker)}";
            var page = await CallAsync(HttpMethod.Get, Path + query, null, cancellation);
            mappings.AddRange((page["EventSourceMappings"] as JsonArray ?? [])
                .Select(mapping => new MappingEntry(mapping!.AsObject())));
            marker = (string?)page["NextMarker"];
        }
        while (marker is { Length: > 0 });
        return mappings;
    }

    public async Task<MappingEntry> CreateAsync(
        string queueArn, string function, JsonObject settings, CancellationToken cancellation)
    {
        var call = settings.DeepClone().AsObject();
        call["EventSourceArn"] = queueArn;
        call["FunctionName"] = function;
        return new MappingEntry(await CallAsync(HttpMethod.Post, Path, call, cancellation));
    }

    public async Task<MappingEntry> UpdateAsync(string id, JsonObject settings, CancellationToken cancellation) =>
        new(await CallAsync(HttpMethod.Put, $"{Path}/{id}", settings, cancellation));

    public async Task<MappingEntry> DeleteAsync(string id, CancellationToken cancellation) =>
        new(await CallAsync(HttpMethod.Delete, $"{Path}/{id}", null, cancellation));

    private async Task<JsonObject> CallAsync(
        HttpMethod method, string path, JsonObject? call, CancellationToken cancellation)
    {
        var request = new ServerRequest(method, path)
        {
            Body = call is null ? default : Encoding.UTF8.GetBytes(call.ToJsonString()),
        };
        using var response = await server.SendAsync(request, cancellation);
        var bytes = await server.ReadAsync(response, cancellation);
        try
        {
            if (JsonNode.Parse(bytes) is JsonObject answer)
            {
                return answer;
            }
        }
        catch (JsonException)
        {
            // Said below.
        }

        throw new CommandFailedException(
            ExitCode.Internal, FailureCodes.ServerAnswerUnreadable,
            $"What answers {path} does not speak this API.", "check --endpoint and AWS_ENDPOINT_URL");
    }

    private static string Parameter(string name, string? value) =>
        value is null ? "" : $"&{name}={Uri.EscapeDataString(value)}";
}
