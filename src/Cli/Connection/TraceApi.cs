using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Lambent.Cli.Connection;

internal sealed record TraceEntry
{
    public string TraceId { get; init; } = "";

    public string Name { get; init; } = "";

    public string RequestId { get; init; } = "";

    public DateTimeOffset StartedAt { get; init; }

    public double DurationMilliseconds { get; init; }

    public int Calls { get; init; }

    public string Status { get; init; } = "";

    public List<string> Functions { get; init; } = [];
}

internal sealed record TracePage
{
    public List<TraceEntry> Traces { get; init; } = [];

    public string? Next { get; init; }

    public DateTimeOffset? LookedBackTo { get; init; }
}

internal sealed record TraceDetail
{
    public string TraceId { get; init; } = "";

    public DateTimeOffset StartedAt { get; init; }

    public double DurationMilliseconds { get; init; }

    public string Status { get; init; } = "";

    public bool IsCut { get; init; }

    public List<SpanEntry> Spans { get; init; } = [];

    public List<TraceLink> LinkedFrom { get; init; } = [];
}

internal sealed record TraceLink
{
    public string TraceId { get; init; } = "";

    public string SpanId { get; init; } = "";

    public string? Name { get; init; }
}

internal sealed record SpanEntry
{
    public string SpanId { get; init; } = "";

    public string? ParentSpanId { get; init; }

    public string Name { get; init; } = "";

    public string Origin { get; init; } = "";

    public string? Function { get; init; }

    public string? Version { get; init; }

    public string? RequestId { get; init; }

    public DateTimeOffset StartedAt { get; init; }

    public double DurationMilliseconds { get; init; }

    public string Status { get; init; } = "";

    public string? Message { get; init; }

    public int Depth { get; init; }

    public bool IsOpen { get; init; }

    public bool IsClamped { get; init; }

    public bool IsOrphan { get; init; }

    public TraceLink? Link { get; init; }
}

internal sealed record ReleaseEntry
{
    public string Name { get; init; } = "";

    public DateTimeOffset FirstCalledAt { get; init; }
}

internal sealed record SpanChangeEntry
{
    public string Release { get; init; } = "";

    public string Before { get; init; } = "";

    public string Span { get; init; } = "";

    public bool IsCold { get; init; }

    public string Verdict { get; init; } = "";

    public int CallsBefore { get; init; }

    public int Calls { get; init; }

    public double MedianBefore { get; init; }

    public double Median { get; init; }

    public double Shift { get; init; }

    public double ShiftLow { get; init; }

    public double ShiftHigh { get; init; }

    public double P { get; init; }
}

internal sealed record RegressionEntry
{
    public string Function { get; init; } = "";

    public string Verdict { get; init; } = "";

    public SpanChangeEntry? Culprit { get; init; }

    public int CallsMin { get; init; }

    public List<ReleaseEntry> Releases { get; init; } = [];

    public List<SpanChangeEntry> Changes { get; init; } = [];
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(TracePage))]
[JsonSerializable(typeof(TraceDetail))]
[JsonSerializable(typeof(RegressionEntry))]
[JsonSerializable(typeof(JsonElement))]
internal sealed partial class TraceJson : JsonSerializerContext;

/// <summary>Which traces are listed.</summary>
internal sealed record TraceFilter(
    string? Function, string? Since, string? Until, double? DurationMin, bool FailuresOnly, int Limit);

/// <summary>Traces and what is made of them.</summary>
internal sealed class TraceApi(ServerClient server)
{
    private const int PageMax = 500;

    /// <summary>Answers that are asked for one list: the server looks at 2,000 calls for each.</summary>
    private const int PagesMax = 25;

    /// <returns>The list, and the time it goes back to when it was cut.</returns>
    public async Task<(List<TraceEntry> Traces, DateTimeOffset? CutAt)> ListAsync(
        TraceFilter filter, CancellationToken cancellation)
    {
        var traces = new List<TraceEntry>();
        TracePage page;
        string? cursor = null;
        var pages = 0;
        do
        {
            page = await server.SendAsync(
                new ServerRequest(HttpMethod.Get, ListPath(filter, filter.Limit - traces.Count, cursor)),
                TraceJson.Default.TracePage,
                cancellation);
            traces.AddRange(page.Traces);
            cursor = page.Next;
        }
        while (cursor is not null && traces.Count < filter.Limit && ++pages < PagesMax);
        return (traces, cursor is not null && traces.Count < filter.Limit ? page.LookedBackTo : null);
    }

    /// <summary>By its id, a request's id or an execution's ARN; as the server wrote it.</summary>
    public Task<JsonElement> FindAsync(string id, CancellationToken cancellation) => server.SendAsync(
        new ServerRequest(HttpMethod.Get, $"/v1/traces/{Uri.EscapeDataString(id)}"),
        TraceJson.Default.JsonElement,
        cancellation);

    public Task<JsonElement> RegressionsAsync(
        string function, int last, string? since, CancellationToken cancellation) => server.SendAsync(
            new ServerRequest(
                HttpMethod.Get,
                $"/v1/functions/{Uri.EscapeDataString(function)}/regressions?last={last}"
                + (since is null ? "" : $"&since={Uri.EscapeDataString(since)}")),
            TraceJson.Default.JsonElement,
            cancellation);

    private static string ListPath(TraceFilter filter, int limit, string? cursor)
    {
        var parameters = new List<(string Name, string? Value)>
        {
            ("function", filter.Function),
            ("since", filter.Since),
            ("until", filter.Until),
            ("min-duration", filter.DurationMin?.ToString(CultureInfo.InvariantCulture)),
            ("errors", filter.FailuresOnly ? "true" : null),
            ("limit", Math.Min(limit, PageMax).ToString(CultureInfo.InvariantCulture)),
            ("cursor", cursor),
        };
        return "/v1/traces?" + string.Join('&', parameters.Where(parameter => parameter.Value is not null)
            .Select(parameter => $"{parameter.Name}={Uri.EscapeDataString(parameter.Value!)}"));
    }
}
