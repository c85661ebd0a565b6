using Lambent.Kernel;
using Lambent.Kernel.Access;
using Lambent.Kernel.Logs;

namespace Lambent.Storage.Telemetry;

/// <summary>What to read: always of one account, otherwise narrowed by what is set.</summary>
public sealed record TelemetryQuery
{
    public required AccountId Account { get; init; }

    /// <summary>
    /// A function's name or another source's (<see cref="LogSources"/>), or null for all functions of the account.
    /// </summary>
    public string? Function { get; init; }

    public string? RequestId { get; init; }

    /// <summary>Nothing before this time.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Nothing at or after this time.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>For lists of calls: only those that failed.</summary>
    public bool FailuresOnly { get; init; }

    /// <summary>For logs: which lines.</summary>
    public LineFilter? Filter { get; init; }

    /// <summary>For logs: $LATEST or a number; null for all.</summary>
    public string? Version { get; init; }

    /// <summary>For logs: only what these environments wrote; null for all.</summary>
    public IReadOnlySet<string>? Environments { get; init; }

    /// <summary>Texts of a page together, in characters, about; a page has at least one item.</summary>
    public long BytesMax { get; init; } = long.MaxValue;

    /// <summary>Rows that are looked at for one page.</summary>
    public int RowsMax { get; init; } = Limits.LogRowsPerSearch;

    public bool NewestFirst { get; init; }

    /// <summary>The most items of a page, 1 to 10,000.</summary>
    public int Limit { get; init; } = 1_000;

    /// <summary>Where the page before ended, as it said; null for the first page.</summary>
    public string? PageToken { get; init; }
}

/// <summary>A part of a list.</summary>
/// <param name="NextToken">Names the next page; null when this is the last.</param>
public sealed record TelemetryPage<T>(IReadOnlyList<T> Items, string? NextToken);
