using System.Collections.Immutable;
using Lambent.Kernel.Access;
using Lambent.Kernel.Metrics;

namespace Lambent.Kernel.Alerts;

/// <summary>An alert's identity: its account and its name.</summary>
public readonly record struct AlertId(AccountId Account, string Name);

/// <summary>How it stands. The numbers are not stored, the names are.</summary>
public enum AlertState
{
    Ok,
    Alert,

    /// <summary>There are too few values to say.</summary>
    NoData,
}

/// <summary>On which side of the threshold is bad.</summary>
public enum AlertComparison
{
    Above,
    Below,
}

/// <summary>What it means that there is nothing to look at.</summary>
public enum MissingData
{
    /// <summary>A state of its own, told to nobody.</summary>
    NoData,
    Ok,
    Alert,
}

/// <summary>When somebody is to be told of a metric.</summary>
public sealed record AlertRule
{
    /// <summary>Of calls, at the operator's rates, since the beginning of the window.</summary>
    public const string CostMetric = "cost";

    /// <summary>Not looked at by the minute: raised by what groups errors, for new and re-opened groups.</summary>
    public const string ErrorGroupsMetric = "error-groups";

    public required AlertId Id { get; init; }

    /// <summary>One of <see cref="MetricCatalog"/>, or of the two above.</summary>
    public required string Metric { get; init; }

    /// <summary>Null: the metric's usual one.</summary>
    public string? Statistic { get; init; }

    /// <summary>The function, queue or state machine; null: all of the account together.</summary>
    public string? Target { get; init; }

    /// <summary>Of a function; null: all.</summary>
    public string? Version { get; init; }

    public AlertComparison Comparison { get; init; }

    public double Threshold { get; init; }

    /// <summary>The time that is looked at, until now; whole minutes.</summary>
    public TimeSpan Window { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Of cost: since the beginning of the day or month in UTC, instead of the window.</summary>
    public AlertCalendar Calendar { get; init; }

    /// <summary>It must be bad for so long before it is told.</summary>
    public TimeSpan For { get; init; }

    /// <summary>With fewer values nothing is said.</summary>
    public int SamplesMin { get; init; } = 1;

    public MissingData Missing { get; init; }

    /// <summary>Outbound webhooks by name; none: those that want alerts.</summary>
    public ImmutableArray<string> Webhooks { get; init; } = [];

    public ImmutableArray<string> Emails { get; init; } = [];

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Whether others raise it, rather than a look at figures.</summary>
    public bool IsRaised => Metric == ErrorGroupsMetric;
}

/// <summary>A length of time that begins by the calendar, in UTC.</summary>
public enum AlertCalendar
{
    None,
    Day,
    Month,
}

/// <summary>How an alert stands, and since when.</summary>
/// <param name="State">What was told last, or would have been.</param>
/// <param name="Since">When it became so.</param>
/// <param name="BreachingSince">Since when it is bad without a pause; null while it is not.</param>
/// <param name="Value">What was looked at when this was decided.</param>
public sealed record AlertStanding(
    AlertState State, DateTimeOffset Since, DateTimeOffset? BreachingSince = null, double? Value = null);

/// <summary>What was looked at.</summary>
/// <param name="Value">Null: there is none.</param>
/// <param name="Samples">How many values it was made of.</param>
public readonly record struct AlertSample(double? Value, double Samples);

/// <summary>A rule with how it stands.</summary>
public sealed record Alert(AlertRule Rule, AlertStanding Standing);

/// <summary>A change of state, or what was raised.</summary>
/// <param name="Id">Unique, in order of time; also that of the messages that tell it.</param>
/// <param name="From">Before.</param>
/// <param name="To">After.</param>
/// <param name="Value">What it was decided by; null for none.</param>
/// <param name="Text">For people.</param>
public sealed record AlertChange(
    string Id, DateTimeOffset At, AlertState From, AlertState To, double? Value, string Text);

/// <summary>Alerts and what became of them.</summary>
public interface IAlertTable
{
    Alert? Get(AlertId id);

    /// <summary>By name.</summary>
    IReadOnlyList<Alert> List(AccountId account, string? after, int limit);

    IReadOnlyList<Alert> All();

    void Put(Alert alert);

    /// <summary>With its history.</summary>
    void Delete(AlertId id);

    /// <summary>Adds a change, and forgets the oldest beyond the limit.</summary>
    void Add(AlertId id, AlertChange change, int kept);

    /// <summary>The newest first.</summary>
    IReadOnlyList<AlertChange> History(AlertId id, string? before, int limit);
}
