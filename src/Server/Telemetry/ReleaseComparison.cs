using System.Globalization;
using Lambent.Kernel.Functions;
using Lambent.Kernel.Invocations;
using Lambent.Kernel.Traces;
using Lambent.Storage.Telemetry;

namespace Lambent.Server.Telemetry;

/// <summary>
/// Gathers what the releases of a function took, for <see cref="Regressions"/>. A release is what was called under a
/// version with one code: each published version, and each code that $LATEST had.
/// </summary>
internal sealed class ReleaseComparison(TraceStore traces)
{
    public const int ReleasesMax = 20;

    private const int CallsPerRelease = 2_000;
    private const int SpansRead = 40_000;

    /// <summary>Phases that the release decides; the others are the platform's and its load's.</summary>
    private static readonly string[] ComparedCold = ["fetch", "init", "handler"];

    /// <summary>Releases and what changed, from the oldest of the last so many.</summary>
    public (IReadOnlyList<Release> Releases, RegressionReport Report) Compare(
        FunctionId function, int count, DateTimeOffset since)
    {
        // A published version has the code of $LATEST: what was called under both is two releases of the same code,
        // and is compared as such.
        var releases = traces.ReleasesOf(function, count).Reverse().ToList();
        var custom = traces.SpansOf(function, since, SpansRead)
            .Where(span => span.Origin == SpanOrigin.Custom).Reverse().ToList();
        var times = new List<ReleaseTimes>();
        for (var index = 0; index < releases.Count; index++)
        {
            var release = releases[index];
            var next = releases.Skip(index + 1).FirstOrDefault(later => later.Version == release.Version);
            var calls = traces.CallsOf(function, release, since, CallsPerRelease)
                .Where(call => call.Outcome == OutcomeKind.Success).Reverse().ToList();
            var spans = custom.Where(span => span.Version == release.Version
                && span.StartedAt >= release.FirstSeenAt && (next is null || span.StartedAt < next.FirstSeenAt));
            times.Add(new ReleaseTimes(NameOf(release), Times(calls, spans)));
        }

        return (releases, Regressions.Find(times));
    }

    /// <summary>3, or $LATEST with the first digits of its code.</summary>
    public static string NameOf(Release release) => release.Version == FunctionVersion.LatestName
        ? $"{release.Version}@{release.CodeDigest[..Math.Min(8, release.CodeDigest.Length)]}"
        : release.Version.ToString(CultureInfo.InvariantCulture);

    private static List<SpanTimes> Times(List<InvocationRecord> calls, IEnumerable<TraceSpan> custom)
    {
        var times = new Dictionary<(string Name, bool IsCold, bool IsCustom), List<double>>();
        var cold = new HashSet<TraceId>();
        foreach (var call in calls)
        {
            var lengths = CallSpans.LengthsOf(call);
            var isCold = call.InitDuration is not null;
            if (isCold)
            {
                cold.Add(call.Trace.Parent.Trace);
            }

            foreach (var name in isCold ? ComparedCold : ["handler"])
            {
                Add((name, isCold, false), lengths[CallSpans.IndexOf(name)]);
            }
        }

        foreach (var span in custom.Where(span => span.Status != SpanStatus.Error))
        {
            Add((span.Name, cold.Contains(span.Parent.Trace), true), span.Duration);
        }

        return
        [
            .. times.OrderBy(one => one.Key.IsCold).ThenBy(one => one.Key.IsCustom)
                .ThenBy(one => one.Key.Name, StringComparer.Ordinal)
                .Select(one => new SpanTimes(one.Key.Name, one.Key.IsCold, one.Key.IsCustom, one.Value)),
        ];

        void Add((string Name, bool IsCold, bool IsCustom) key, TimeSpan duration)
        {
            if (!times.TryGetValue(key, out var list))
            {
                times[key] = list = [];
            }

            list.Add(duration.TotalMilliseconds);
        }
    }
}
