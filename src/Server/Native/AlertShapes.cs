using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Serialization;
using Lambent.Kernel;
using Lambent.Kernel.Alerts;

namespace Lambent.Server.Native;

/// <summary>The shapes of /v1/alerts.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(AlertRequest))]
[JsonSerializable(typeof(AlertAnswer))]
[JsonSerializable(typeof(AlertsAnswer))]
[JsonSerializable(typeof(AlertHistoryAnswer))]
[JsonSerializable(typeof(AlertTestAnswer))]
internal sealed partial class AlertJson : JsonSerializerContext;

/// <param name="Above">Bad above it; either this or <paramref name="Below"/>.</param>
/// <param name="Window">5m, 1h, 1d; with the metric cost also day or month.</param>
/// <param name="For">0s, 10m: how long it must be bad.</param>
/// <param name="NoData">no-data, ok or alert.</param>
internal sealed record AlertRequest(
    string? Metric,
    string? Statistic,
    string? Target,
    string? Version,
    double? Above,
    double? Below,
    string? Window,
    string? For,
    int? Samples,
    string? NoData,
    IReadOnlyList<string>? Webhooks,
    IReadOnlyList<string>? Emails)
{
    public Result<AlertRule> ToRule(AlertId id, DateTimeOffset now)
    {
        var isRaised = Metric == AlertRule.ErrorGroupsMetric;
        if (Metric is null)
        {
            return Wrong("metric must be given, such as error-rate or duration.", "metric");
        }

        if (!isRaised && Above is null == Below is null)
        {
            return Wrong("Exactly one of above and below must be given.", Above is null ? "above" : "below");
        }

        var calendar = Window switch
        {
            "day" => AlertCalendar.Day, "month" => AlertCalendar.Month, _ => AlertCalendar.None,
        };
        var length = calendar == AlertCalendar.None ? Window ?? "5m" : "5m";
        if (Length(length, "window").Failed(out var window, out var wrong)
            || Length(For ?? "0m", "for").Failed(out var lasting, out wrong))
        {
            return wrong;
        }

        var missing = NoData switch
        {
            null or "no-data" => MissingData.NoData, "ok" => MissingData.Ok, "alert" => MissingData.Alert,
            _ => (MissingData)(-1),
        };
        if (!Enum.IsDefined(missing))
        {
            return Wrong("noData must be no-data, ok or alert.", "noData");
        }

        return new AlertRule
        {
            Id = id,
            Metric = Metric,
            Statistic = Statistic,
            Target = Target,
            Version = Version,
            Comparison = Below is null ? AlertComparison.Above : AlertComparison.Below,
            Threshold = Above ?? Below ?? 0,
            Window = window,
            Calendar = calendar,
            For = lasting,
            SamplesMin = Samples ?? 1,
            Missing = missing,
            Webhooks = [.. Webhooks ?? []],
            Emails = [.. Emails ?? []],
            CreatedAt = now,
        };
    }

    private static Result<TimeSpan> Length(string text, string field)
    {
        var unit = text.Length == 0 ? default : text[^1] switch
        {
            's' => TimeSpan.FromSeconds(1), 'm' => TimeSpan.FromMinutes(1),
            'h' => TimeSpan.FromHours(1), 'd' => TimeSpan.FromDays(1), _ => default,
        };
        return unit > TimeSpan.Zero
            && int.TryParse(text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            && count <= 100_000
            ? count * unit
            : Wrong($"{field} must be a length such as 5m, 1h or 1d.", field);
    }

    private static Error Wrong(string message, string field) => new(ErrorCode.ValidationFailed, message, field);
}

/// <summary>An alert and how it stands.</summary>
internal sealed record AlertAnswer
{
    public required string Name { get; init; }

    public required string Metric { get; init; }

    public string? Statistic { get; init; }

    public string? Target { get; init; }

    public string? Version { get; init; }

    public double? Above { get; init; }

    public double? Below { get; init; }

    public required string Window { get; init; }

    public required double ForSeconds { get; init; }

    public required int Samples { get; init; }

    public required string NoData { get; init; }

    public required ImmutableArray<string> Webhooks { get; init; }

    public required ImmutableArray<string> Emails { get; init; }

    /// <summary>ok, alert, no-data.</summary>
    public required string State { get; init; }

    public required DateTimeOffset Since { get; init; }

    /// <summary>What the state was decided by.</summary>
    public double? Value { get; init; }

    public static AlertAnswer From(Alert alert)
    {
        var (rule, standing) = alert;
        var isAbove = rule.Comparison == AlertComparison.Above;
        return new AlertAnswer
        {
            Name = rule.Id.Name,
            Metric = rule.Metric,
            Statistic = rule.Statistic,
            Target = rule.Target,
            Version = rule.Version,
            Above = isAbove && !rule.IsRaised ? rule.Threshold : null,
            Below = isAbove || rule.IsRaised ? null : rule.Threshold,
            Window = rule.Calendar switch
            {
                AlertCalendar.Day => "day",
                AlertCalendar.Month => "month",
                _ => $"{rule.Window.TotalMinutes.ToString(CultureInfo.InvariantCulture)}m",
            },
            ForSeconds = rule.For.TotalSeconds,
            Samples = rule.SamplesMin,
            NoData = rule.Missing == MissingData.NoData ? "no-data" : rule.Missing.ToString().ToLowerInvariant(),
            Webhooks = rule.Webhooks,
            Emails = rule.Emails,
            State = Word(standing.State),
            Since = standing.Since,
            Value = standing.Value,
        };
    }

    public static string Word(AlertState state) => state switch
    {
        AlertState.Ok => "ok", AlertState.Alert => "alert", _ => "no-data",
    };
}

internal sealed record AlertsAnswer(IReadOnlyList<AlertAnswer> Alerts);

/// <param name="Changes">The newest first.</param>
/// <param name="Next">What to give as before for older ones; absent on the last page.</param>
internal sealed record AlertHistoryAnswer(IReadOnlyList<AlertChangeAnswer> Changes, string? Next);

internal sealed record AlertChangeAnswer(
    string Id, DateTimeOffset At, string From, string To, double? Value, string Text);

/// <param name="Value">What is looked at now; absent where there is nothing.</param>
/// <param name="Told">Webhooks and addresses that get the test.</param>
internal sealed record AlertTestAnswer(double? Value, double Samples, int Told);
