using System.Collections.Concurrent;
using Lambent.Kernel;
using Lambent.Kernel.Schedules;

namespace Lambent.Server.Schedules;

/// <summary>Reads expressions and finds time zones, and remembers both: ten thousand schedules use a few of each.
/// </summary>
internal sealed class ScheduleBook
{
    /// <summary>Everything is forgotten beyond; reading an expression again costs microseconds.</summary>
    private const int EntriesMax = 10_000;

    private readonly ConcurrentDictionary<(string Expression, string Zone), ScheduleTimes> known = new();

    /// <summary>The occurrences of settings; fails with what is wrong with the expression or the zone.</summary>
    public Result<ScheduleTimes> Times(ScheduleSettings settings)
    {
        var key = (settings.Expression, settings.Zone);
        if (known.TryGetValue(key, out var times))
        {
            return times;
        }

        if (ScheduleExpression.Parse(settings.Expression).Failed(out var expression, out var invalid))
        {
            return invalid;
        }

        if (Zone(settings.Zone) is not { } zone)
        {
            return ScheduleErrors.Invalid(
                $"Invalid Schedule Expression Timezone {settings.Zone}.", "ScheduleExpressionTimezone");
        }

        if (known.Count >= EntriesMax)
        {
            known.Clear();
        }

        times = new ScheduleTimes(expression, zone);
        known[key] = times;
        return times;
    }

    public static TimeZoneInfo? Zone(string name) =>
        TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) ? zone : null;
}
