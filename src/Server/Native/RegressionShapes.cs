using Lambent.Kernel.Traces;
using Lambent.Server.Telemetry;
using Lambent.Storage.Telemetry;

namespace Lambent.Server.Native;

/// <param name="Function">Its name.</param>
/// <param name="Verdict">slower, no-change, too-few-calls.</param>
/// <param name="Culprit">The slowdown to look at, when there is one.</param>
/// <param name="CallsMin">Spans that a release must have for something to be said.</param>
internal sealed record RegressionsAnswer(
    string Function,
    string Verdict,
    SpanChangeAnswer? Culprit,
    int CallsMin,
    IReadOnlyList<ReleaseAnswer> Releases,
    IReadOnlyList<SpanChangeAnswer> Changes);

internal sealed record ReleaseAnswer(string Name, string Version, string CodeSha256, DateTimeOffset FirstCalledAt);

/// <summary>What became of spans of one name; times are in ms, the shift's interval holds in 99 of 100 cases.</summary>
internal sealed record SpanChangeAnswer(
    string Release,
    string Before,
    string Span,
    bool IsCold,
    bool IsCustom,
    string Verdict,
    int CallsBefore,
    int Calls,
    double MedianBefore,
    double Median,
    double Shift,
    double ShiftLow,
    double ShiftHigh,
    double P);

internal static class RegressionShapes
{
    public static RegressionsAnswer Of(
        string function, IReadOnlyList<Release> releases, RegressionReport report) => new(
        function,
        report.Culprit is not null ? "slower" : report.IsConclusive ? "no-change" : "too-few-calls",
        report.Culprit is { } culprit ? Of(culprit) : null,
        Regressions.CallsMin,
        [.. releases.Select(release => new ReleaseAnswer(
            ReleaseComparison.NameOf(release), release.Version, release.CodeDigest, release.FirstSeenAt))],
        [.. report.Changes.Select(Of)]);

    private static SpanChangeAnswer Of(SpanChange change) => new(
        change.Release,
        change.Before,
        change.Span,
        change.IsCold,
        change.IsCustom,
        change.Verdict switch
        {
            SpanVerdict.Slower => "slower",
            SpanVerdict.Faster => "faster",
            SpanVerdict.TooFewCalls => "too-few-calls",
            _ => "no-change",
        },
        change.CallsBefore,
        change.Calls,
        Round(change.MedianBefore),
        Round(change.Median),
        Round(change.Shift),
        Round(change.ShiftLow),
        Round(change.ShiftHigh),
        change.P);

    private static double Round(double milliseconds) => Math.Round(milliseconds, 3);
}
