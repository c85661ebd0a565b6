using System.Collections.Immutable;

namespace Lambent.Kernel.Metrics;

/// <summary>What the operator asks for from a time on.</summary>
/// <param name="From">A whole minute.</param>
/// <param name="PerGigabyteSecond">For one GB of configured memory in one second.</param>
/// <param name="PerMillionRequests">For a million calls.</param>
/// <param name="Currency">Three letters.</param>
public sealed record Rates(
    DateTimeOffset From, decimal PerGigabyteSecond, decimal PerMillionRequests, string Currency);

/// <summary>The rates of all times. Before the first nothing costs anything.</summary>
public sealed record RateHistory
{
    /// <summary>More than this is not kept in one history (ours).</summary>
    public const int ChangesMax = 1_000;

    private const decimal PriceMax = 1_000_000;

    public static readonly RateHistory Empty = new();

    /// <summary>In order of time.</summary>
    public ImmutableArray<Rates> Changes { get; init; } = [];

    public Rates? At(DateTimeOffset time) => Changes.LastOrDefault(change => change.From <= time);

    /// <summary>The history with one more change; one of the same time is replaced, later ones stay.</summary>
    public Result<RateHistory> With(Rates added)
    {
        if ((Invalid(added.PerGigabyteSecond, "perGigabyteSecond")
            ?? Invalid(added.PerMillionRequests, "perMillionRequests")) is { } price)
        {
            return price;
        }

        if (added.Currency.Length != 3 || added.Currency.AsSpan().ContainsAnyExceptInRange('A', 'Z'))
        {
            return new Error(
                ErrorCode.ValidationFailed, "currency must be three capital letters, such as USD or EUR.", "currency");
        }

        if (Changes.FirstOrDefault(change => change.Currency != added.Currency) is { } other)
        {
            return new Error(
                ErrorCode.ValidationFailed,
                $"The currency is {other.Currency}: a bill over a change of currency would have no sum.", "currency");
        }

        var from = MetricSpans.Floor(added.From, TimeSpan.FromMinutes(1));
        var kept = Changes.Where(change => change.From != from).Append(added with { From = from })
            .OrderBy(change => change.From).ToImmutableArray();
        return kept.Length > ChangesMax
            ? new Error(ErrorCode.LimitExceeded, $"There are at most {ChangesMax} changes of rates.", "from")
            : new RateHistory { Changes = kept };
    }

    /// <summary>Stretches of time with one rate each, that are the whole one together.</summary>
    public IEnumerable<(DateTimeOffset From, DateTimeOffset To, Rates? Rates)> Split(
        DateTimeOffset from, DateTimeOffset to)
    {
        var at = from;
        foreach (var change in Changes.Where(change => change.From > from && change.From < to))
        {
            yield return (at, change.From, At(at));
            at = change.From;
        }

        yield return (at, to, At(at));
    }

    private static Error? Invalid(decimal price, string field) =>
        price is < 0 or > PriceMax || decimal.Round(price, Money.PriceDecimals) != price
            ? new Error(
                ErrorCode.ValidationFailed,
                $"{field} must be from 0 to {PriceMax:N0} with at most {Money.PriceDecimals} decimals.", field)
            : null;
}
