using System.Text.Json;
using System.Text.Json.Serialization;

namespace Lambent.Cli.Connection;

/// <summary>An asynchronous event as the server tells it.</summary>
internal sealed record EventEntry
{
    public required string Id { get; init; }

    public required string State { get; init; }

    public required string Target { get; init; }

    public string? Source { get; init; }

    public string? AcceptedAt { get; init; }

    public string? DueAt { get; init; }

    public string? EndedAt { get; init; }

    public int Attempts { get; init; }

    public int Priority { get; init; }

    public string? Error { get; init; }

    public string? DestinationError { get; init; }

    public string? Why { get; init; }

    public JsonElement? Result { get; init; }

    /// <summary>Whether nothing more will happen to it by itself.</summary>
    [JsonIgnore]
    public bool HasEnded => State is not ("delayed" or "waiting" or "running" or "retrying");

    public void Write(Utf8JsonWriter writer)
    {
        writer.WriteString("id", Id);
        writer.WriteString("state", State);
        writer.WriteString("target", Target);
        writer.WriteString("source", Source);
        writer.WriteString("acceptedAt", AcceptedAt);
        writer.WriteString("dueAt", DueAt);
        writer.WriteString("endedAt", EndedAt);
        writer.WriteNumber("attempts", Attempts);
        writer.WriteNumber("priority", Priority);
        writer.WriteString("error", Error);
        writer.WriteString("destinationError", DestinationError);
        writer.WriteString("why", Why);
        if (Result is { } result)
        {
            writer.WritePropertyName("result");
            result.WriteTo(writer);
        }
    }
}

internal sealed record EventPage(List<EventEntry> Events, string? Next);

/// <summary>A line of events: those for one function, or another target.</summary>
internal sealed record LineEntry
{
    public required string Line { get; init; }

    public long Waiting { get; init; }

    public long Running { get; init; }

    public long Delayed { get; init; }

    public long Dead { get; init; }

    public double? OldestSeconds { get; init; }

    public double ArrivalsPerSecond { get; init; }

    public double EndsPerSecond { get; init; }

    public double AttemptMilliseconds { get; init; }

    public int Concurrency { get; init; }

    public string? Why { get; init; }
}

internal sealed record LinePage(List<LineEntry> Lines);

internal sealed record RedriveCall(string Function, int? Count, double? PerSecond);

internal sealed record RedriveReport(int Sent);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(EventEntry))]
[JsonSerializable(typeof(EventPage))]
[JsonSerializable(typeof(LinePage))]
[JsonSerializable(typeof(RedriveCall))]
[JsonSerializable(typeof(RedriveReport))]
internal sealed partial class EventJson : JsonSerializerContext;

/// <summary>/v1/events: one method, one operation.</summary>
internal sealed class EventApi(ServerClient server)
{
    private const string Path = "/v1/events";

    public async Task<List<EventEntry>> ListAsync(
        string? function, string? state, int limit, CancellationToken cancellation)
    {
        var events = new List<EventEntry>();
        string? after = null;
        do
        {
            var query = string.Join('&', new[]
            {
                function is null ? null : $"function={Escape(function)}",
                state is null ? null : $"state={Escape(state)}",
                after is null ? null : $"after={Escape(after)}",
                "limit=1000",
            }.Where(part => part is not null));
            var page = await server.SendAsync(
                new ServerRequest(HttpMethod.Get, $"{Path}?{query}"), EventJson.Default.EventPage, cancellation);
            events.AddRange(page.Events);
            after = page.Next;
        }
        while (after is not null && events.Count < limit);
        return events.Count > limit ? events[..limit] : events;
    }

    /// <param name="waitSeconds">How long the server may wait for its end, 0 to 60.</param>
    public Task<EventEntry> GetAsync(string id, int waitSeconds, CancellationToken cancellation) => server.SendAsync(
        new ServerRequest(HttpMethod.Get, $"{Path}/{Escape(id)}?wait={waitSeconds}"),
        EventJson.Default.EventEntry,
        cancellation);

    /// <summary>The event when it has ended, or as it is when the time is over.</summary>
    public async Task<EventEntry> WaitAsync(
        string id, TimeSpan most, TimeProvider time, CancellationToken cancellation)
    {
        var started = time.GetTimestamp();
        while (true)
        {
            var left = most - time.GetElapsedTime(started);
            var seconds = (int)Math.Clamp(Math.Ceiling(left.TotalSeconds), 0, 60);
            var found = await GetAsync(id, seconds, cancellation);
            if (found.HasEnded || seconds == 0 || left <= TimeSpan.FromSeconds(seconds))
            {
                return found;
            }
        }
    }

    public Task<EventEntry> CancelAsync(string id, CancellationToken cancellation) => server.SendAsync(
        new ServerRequest(HttpMethod.Delete, $"{Path}/{Escape(id)}"), EventJson.Default.EventEntry, cancellation);

    public Task<EventEntry> RetryAsync(string id, CancellationToken cancellation) => server.SendAsync(
        new ServerRequest(HttpMethod.Post, $"{Path}/{Escape(id)}/redrive"),
        EventJson.Default.EventEntry,
        cancellation);

    public async Task<int> RedriveAsync(RedriveCall call, CancellationToken cancellation) => (await server.SendAsync(
        new ServerRequest(HttpMethod.Post, $"{Path}/redrive")
        {
            Body = JsonSerializer.SerializeToUtf8Bytes(call, EventJson.Default.RedriveCall),
        },
        EventJson.Default.RedriveReport,
        cancellation)).Sent;

    public async Task<List<LineEntry>> LinesAsync(CancellationToken cancellation) => (await server.SendAsync(
        new ServerRequest(HttpMethod.Get, "/v1/lines"), EventJson.Default.LinePage, cancellation)).Lines;

    private static string Escape(string text) => Uri.EscapeDataString(text);
}
