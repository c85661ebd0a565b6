using System.Text.Json;
using System.Text.Json.Serialization;
using Lambent.Cli.Commands;

namespace Lambent.Cli.Connection;

internal sealed record MetricData
{
    public DateTimeOffset From { get; init; }

    public DateTimeOffset To { get; init; }

    public int PeriodSeconds { get; init; }

    public List<DateTimeOffset> Times { get; init; } = [];

    public string? Currency { get; init; }

    public List<MetricGroup> Groups { get; init; } = [];

    public int GroupsLeftOut { get; init; }
}

internal sealed record MetricGroup
{
    public Dictionary<string, string> Group { get; init; } = [];

    public List<MetricLine> Series { get; init; } = [];

    public double? Total(string metric, string? statistic = null) =>
        Series.Find(line => line.Metric == metric && (statistic is null || line.Statistic == statistic))?.Total;

    /// <summary>Values of its dimensions, for a table.</summary>
    public string Name => string.Join(" ", Group.Values.Select(value => value.Length == 0 ? "-" : value));
}

internal sealed record MetricLine
{
    public string Metric { get; init; } = "";

    public string Statistic { get; init; } = "";

    public string Unit { get; init; } = "";

    public double? Total { get; init; }

    public List<double?> Values { get; init; } = [];
}

internal sealed record RateEntry
{
    public DateTimeOffset From { get; init; }

    public decimal PerGigabyteSecond { get; init; }

    public decimal PerMillionRequests { get; init; }

    public string Currency { get; init; } = "";
}

internal sealed record RateList
{
    public RateEntry? Current { get; init; }

    public List<RateEntry> History { get; init; } = [];
}

internal sealed record RateCall(
    DateTimeOffset? From, decimal PerGigabyteSecond, decimal PerMillionRequests, string Currency);

internal sealed record BillReport
{
    public DateTimeOffset From { get; init; }

    public DateTimeOffset To { get; init; }

    public string? Currency { get; init; }

    public List<BillRow> Lines { get; init; } = [];

    public int LinesLeftOut { get; init; }

    public BillRow? Others { get; init; }

    public BillRow Total { get; init; } = new();
}

internal sealed record BillRow
{
    public Dictionary<string, string> Group { get; init; } = [];

    public long Invocations { get; init; }

    public long BilledMilliseconds { get; init; }

    public string GigabyteSeconds { get; init; } = "";

    public string Cost { get; init; } = "";
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(MetricData))]
[JsonSerializable(typeof(RateList))]
[JsonSerializable(typeof(RateCall))]
[JsonSerializable(typeof(BillReport))]
[JsonSerializable(typeof(JsonElement))]
internal sealed partial class MetricJson : JsonSerializerContext;

/// <summary>Figures and what they cost, by the native API. Answers come whole, as --json passes them on.</summary>
internal sealed class MetricApi(ServerClient server)
{
    public Task<JsonElement> DataAsync(
        IEnumerable<KeyValuePair<string, string?>> parameters, CancellationToken cancellation) =>
        GetAsync("/v1/metrics/data", parameters, cancellation);

    public Task<JsonElement> BillAsync(
        IEnumerable<KeyValuePair<string, string?>> parameters, CancellationToken cancellation) =>
        GetAsync("/v1/bill", parameters, cancellation);

    public Task<JsonElement> RatesAsync(CancellationToken cancellation) => GetAsync("/v1/rates", [], cancellation);

    public Task<JsonElement> SetRatesAsync(RateCall call, CancellationToken cancellation) => server.SendAsync(
        new ServerRequest(HttpMethod.Put, "/v1/rates")
        {
            Body = JsonSerializer.SerializeToUtf8Bytes(call, MetricJson.Default.RateCall),
        },
        MetricJson.Default.JsonElement,
        cancellation);

    private Task<JsonElement> GetAsync(
        string path, IEnumerable<KeyValuePair<string, string?>> parameters, CancellationToken cancellation)
    {
        var query = string.Join('&', parameters
            .Where(parameter => !string.IsNullOrEmpty(parameter.Value))
            .Select(parameter => $"{parameter.Key}={Uri.EscapeDataString(parameter.Value!)}"));
        return server.SendAsync(
            new ServerRequest(HttpMethod.Get, query.Length == 0 ? path : $"{path}?{query}"),
            MetricJson.Default.JsonElement,
            cancellation);
    }
}
