using System.Text.Json.Serialization;

namespace Lambent.Server.Native;

/// <summary>The shapes of /v1/metrics, /v1/rates and /v1/bill.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(MetricsAnswer))]
[JsonSerializable(typeof(MetricDataAnswer))]
[JsonSerializable(typeof(RatesAnswer))]
[JsonSerializable(typeof(RatesRequest))]
[JsonSerializable(typeof(BillAnswer))]
internal sealed partial class MetricJson : JsonSerializerContext;

/// <param name="Metrics">What can be asked for.</param>
/// <param name="Names">Of what there are figures of the last days, by kind: function, queue, state-machine.</param>
internal sealed record MetricsAnswer(
    IReadOnlyList<MetricAnswer> Metrics, IReadOnlyDictionary<string, IReadOnlyList<string>> Names);

/// <param name="Statistic">When none is asked for.</param>
internal sealed record MetricAnswer(string Name, string Kind, string Unit, string Statistic, string About);

/// <param name="From">The beginning of the first period.</param>
/// <param name="To">The end of the last.</param>
/// <param name="Times">The beginnings of the periods.</param>
/// <param name="Currency">Of cost, when the operator set rates.</param>
/// <param name="Groups">Those with the most of the first metric, the most first.</param>
/// <param name="GroupsLeftOut">How many more there are.</param>
internal sealed record MetricDataAnswer(
    DateTimeOffset From,
    DateTimeOffset To,
    int PeriodSeconds,
    IReadOnlyList<DateTimeOffset> Times,
    string? Currency,
    IReadOnlyList<MetricGroupAnswer> Groups,
    int GroupsLeftOut);

/// <param name="Group">What it is, by dimension; empty when all is one group.</param>
internal sealed record MetricGroupAnswer(
    IReadOnlyDictionary<string, string> Group, IReadOnlyList<MetricSeriesAnswer> Series);

/// <param name="Total">The statistic of the whole time; absent where there is nothing to say.</param>
/// <param name="Values">One for each time; null where there is nothing to say.</param>
internal sealed record MetricSeriesAnswer(
    string Metric, string Statistic, string Unit, double? Total, IReadOnlyList<double?> Values);

/// <param name="Current">What counts now.</param>
internal sealed record RatesAnswer(RateAnswer? Current, IReadOnlyList<RateAnswer> History);

internal sealed record RateAnswer(
    DateTimeOffset From, decimal PerGigabyteSecond, decimal PerMillionRequests, string Currency);

/// <param name="From">From when on; absent: now.</param>
internal sealed record RatesRequest(
    DateTimeOffset? From, decimal? PerGigabyteSecond, decimal? PerMillionRequests, string? Currency);

/// <param name="LinesLeftOut">How many lines beyond those asked for are in <see cref="Others"/>.</param>
internal sealed record BillAnswer(
    DateTimeOffset From,
    DateTimeOffset To,
    string? Currency,
    IReadOnlyList<BillLineAnswer> Lines,
    int LinesLeftOut,
    BillLineAnswer? Others,
    BillLineAnswer Total);

/// <param name="GigabyteSeconds">All decimals there are, as the cost, so that sums come out.</param>
internal sealed record BillLineAnswer(
    IReadOnlyDictionary<string, string>? Group,
    long Invocations,
    long BilledMilliseconds,
    string GigabyteSeconds,
    string Cost);
