using Lambent.Kernel.Access;
using Lambent.Kernel.Errors;

namespace Lambent.Storage.Telemetry.Errors;

/// <summary>A group of errors as it is read.</summary>
/// <param name="Id">As people and the API name it.</param>
/// <param name="Culprit">Where to look first, of the first occurrence; empty when its stack was not told.</param>
/// <param name="Count">Occurrences since the first.</param>
/// <param name="Hours">Occurrences of the last hours; the last one is the hour that runs.</param>
/// <param name="Versions">Where it was seen, the last seen first.</param>
public sealed record ErrorGroup(
    string Id,
    ErrorKind Kind,
    string Type,
    string Message,
    string Culprit,
    DateTimeOffset FirstSeen,
    DateTimeOffset LastSeen,
    long Count,
    ErrorGroupState State,
    IReadOnlyList<long> Hours,
    IReadOnlyList<ErrorVersion> Versions);

/// <summary>A version of a function in which a group was seen.</summary>
public sealed record ErrorVersion(
    string Function, string Version, DateTimeOffset FirstSeen, DateTimeOffset LastSeen, long Count);

/// <summary>An occurrence that was kept whole.</summary>
/// <param name="Number">Which of the group's occurrences, from 1.</param>
/// <param name="CodeDigest">Of the package that failed; empty when it is not known.</param>
public sealed record ErrorSample(
    long Number,
    DateTimeOffset At,
    string Function,
    string Version,
    string CodeDigest,
    string? RequestId,
    ErrorKind Kind,
    string Type,
    string Message,
    string Stack);

/// <summary>Which groups of an account to list, the one seen last first.</summary>
public sealed record ErrorQuery
{
    public required AccountId Account { get; init; }

    /// <summary>Null: all of them.</summary>
    public ErrorGroupStatus? Status { get; init; }

    /// <summary>Seen in this function; null: in any.</summary>
    public string? Function { get; init; }

    /// <summary>Seen since then.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>By how often they were seen instead of when.</summary>
    public bool MostFrequentFirst { get; init; }

    public int Limit { get; init; } = 50;

    /// <summary>The last group of the page before.</summary>
    public string? After { get; init; }

    /// <summary>Hours that are counted one by one.</summary>
    public int Hours { get; init; } = 24;
}
