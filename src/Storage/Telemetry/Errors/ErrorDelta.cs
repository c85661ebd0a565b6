using Lambent.Kernel.Access;
using Lambent.Kernel.Errors;

namespace Lambent.Storage.Telemetry.Errors;

/// <summary>What a batch adds to one group: counted, with the few occurrences that may be kept whole.</summary>
internal sealed class ErrorDelta(AccountId account, ErrorFingerprint fingerprint)
{
    private readonly List<(long Place, ErrorOccurrence Occurrence)> newest = [];

    public AccountId Account { get; } = account;

    public ErrorFingerprint Fingerprint { get; } = fingerprint;

    public long Count { get; private set; }

    public DateTimeOffset First { get; private set; } = DateTimeOffset.MaxValue;

    public DateTimeOffset Last { get; private set; } = DateTimeOffset.MinValue;

    /// <summary>Counts by the number of the hour since 1970.</summary>
    public Dictionary<long, long> Hours { get; } = [];

    public Dictionary<(string Function, string Version), VersionDelta> Versions { get; } = [];

    /// <summary>Rows of stored calls that failed with it, also of those that were counted before.</summary>
    public List<long> StoredCalls { get; } = [];

    /// <summary>The first of the batch, and its newest, each with its place in the batch from 1.</summary>
    public IEnumerable<(long Place, ErrorOccurrence Occurrence)> Samples =>
        FirstOccurrence is { } first && newest.TrueForAll(sample => sample.Place != 1)
            ? newest.Prepend((1, first))
            : newest;

    public ErrorOccurrence? FirstOccurrence { get; private set; }

    /// <summary>Of what opened it again, the one that was released last.</summary>
    public ErrorOccurrence? Reopening(ErrorGroupState state) => Versions
        .Where(version => state.IsReopenedBy(version.Key.Function, version.Key.Version, version.Value.ReleasedAt))
        .Select(version => version.Value.Last)
        .MaxBy(occurrence => occurrence.Specification?.ReleasedAt);

    public void Add(ErrorOccurrence occurrence)
    {
        Count++;
        FirstOccurrence ??= occurrence;
        newest.Add((Count, occurrence));
        if (newest.Count > SampleRule.NewestKept)
        {
            newest.RemoveAt(0);
        }

        First = occurrence.At < First ? occurrence.At : First;
        Last = occurrence.At > Last ? occurrence.At : Last;
        var hour = ErrorGroupRows.HourOf(occurrence.At);
        Hours[hour] = Hours.GetValueOrDefault(hour) + 1;
        var key = (occurrence.Function.Name, occurrence.Version);
        var released = occurrence.Specification?.ReleasedAt ?? default;
        Versions[key] = Versions.TryGetValue(key, out var seen)
            ? new VersionDelta(
                seen.Count + 1,
                occurrence.At < seen.First ? occurrence.At : seen.First,
                released > seen.ReleasedAt ? released : seen.ReleasedAt,
                occurrence)
            : new VersionDelta(1, occurrence.At, released, occurrence);
    }

    /// <param name="ReleasedAt">Of what was seen of the version, the release that was made last.</param>
    public readonly record struct VersionDelta(
        long Count, DateTimeOffset First, DateTimeOffset ReleasedAt, ErrorOccurrence Last);
}
