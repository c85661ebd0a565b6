using System.Globalization;

namespace Lambent.Kernel.Schedules;

/// <summary>
/// When a schedule fires: at(…), rate(…) and cron(…) as in AWS's scheduler; besides, without a word around them, the
/// five fields of cron, and six with seconds first (NCRONTAB).
/// </summary>
public abstract class ScheduleExpression
{
    public const int LengthMax = 256;

    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss";

    /// <summary>A rate beyond this is a typing error, and its sums would overflow.</summary>
    private const int RateDaysMax = 36_500;

    private ScheduleExpression(string text) => Text = text;

    /// <summary>As it was written.</summary>
    public string Text { get; }

    /// <summary>Whether it fires once: at(…).</summary>
    public bool IsOnce => this is Once;

    /// <summary>Whether it counts from an anchor: rate(…).</summary>
    public bool IsRate => this is Rate;

    /// <summary>The first time after another one, or null when there is none any more.</summary>
    /// <param name="after">It is later than this.</param>
    /// <param name="zone">The zone of the clock that at and cron mean.</param>
    /// <param name="anchor">The time that rates count from; it is their first.</param>
    public abstract DateTimeOffset? NextAfter(DateTimeOffset after, TimeZoneInfo zone, DateTimeOffset anchor);

    /// <summary>Fails with ScheduleExpressionInvalid, which names the character that is wrong.</summary>
    public static Result<ScheduleExpression> Parse(string text)
    {
        var parsed = Parse(text, out var fault);
        return parsed is not null
            ? parsed
            : new Error(
                ErrorCode.ScheduleExpressionInvalid,
                $"Invalid Schedule Expression {Shown(text)}. At character {fault!.Position}: {fault.Reason}.",
                "ScheduleExpression");
    }

    private static ScheduleExpression? Parse(string text, out ExpressionFault? fault)
    {
        if (text.Length is 0 or > LengthMax)
        {
            fault = new ExpressionFault(
                Math.Min(text.Length, LengthMax) + 1, $"an expression has 1 to {LengthMax} characters");
            return null;
        }

        if (text[0] is '*' || char.IsAsciiDigit(text[0]))
        {
            var syntax = text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length > 5
                ? CronSyntax.Seconds
                : CronSyntax.Unix;
            return Fields(text, syntax, 0, text.Length, out fault);
        }

        var open = text.IndexOf('(', StringComparison.Ordinal);
        var word = open < 0 ? "" : text[..open];
        if (word is not ("at" or "rate" or "cron"))
        {
            fault = new ExpressionFault(1, "at(…), rate(…), cron(…) or the fields of cron are expected");
            return null;
        }

        if (text[^1] != ')')
        {
            fault = new ExpressionFault(text.Length, "a closing parenthesis is expected at the end");
            return null;
        }

        var (start, end) = (open + 1, text.Length - 1);
        return word switch
        {
            "at" => ParseOnce(text, start, end, out fault),
            "rate" => ParseRate(text, start, end, out fault),
            _ => Fields(text, CronSyntax.Aws, start, end, out fault),
        };
    }

    private static Cron? Fields(
        string text, CronSyntax syntax, int start, int end, out ExpressionFault? fault) =>
        new CronParser(text, syntax).Parse(start, end, out fault) is { } fields ? new Cron(text, fields) : null;

    private static Once? ParseOnce(string text, int start, int end, out ExpressionFault? fault)
    {
        var isTime = DateTime.TryParseExact(
            text.AsSpan(start, end - start),
            TimeFormat,
            CultureInfo.InvariantCulture,
            DateTimeStyles.None,
            out var local);
        fault = isTime && local.Year is >= CronExpression.YearMin and <= CronExpression.YearMax
            ? null
            : new ExpressionFault(start + 1, "a time like 2030-12-31T23:59:59 is expected, without a zone");
        return fault is null ? new Once(text, local) : null;
    }

    private static Rate? ParseRate(string text, int start, int end, out ExpressionFault? fault)
    {
        var space = text.IndexOf(' ', start, end - start);
        var numberEnd = space < 0 ? end : space;
        if (!int.TryParse(
                text.AsSpan(start, numberEnd - start), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            || number == 0)
        {
            fault = new ExpressionFault(start + 1, "a number of 1 or more is expected");
            return null;
        }

        TimeSpan? unit = space < 0 ? null : text[(space + 1)..end] switch
        {
            "minute" or "minutes" => TimeSpan.FromMinutes(1),
            "hour" or "hours" => TimeSpan.FromHours(1),
            "day" or "days" => TimeSpan.FromDays(1),
            _ => null,
        };
        if (unit is not { } one)
        {
            fault = new ExpressionFault(
                Math.Min(numberEnd + 2, text.Length), "minutes, hours or days are expected after one space");
            return null;
        }

        fault = number > RateDaysMax * TimeSpan.FromDays(1).TotalSeconds / one.TotalSeconds
            ? new ExpressionFault(start + 1, "a rate is at most a hundred years")
            : null;
        return fault is null ? new Rate(text, one * number) : null;
    }

    private static string Shown(string text) => text.Length <= LengthMax ? text : text[..LengthMax] + "…";

    private sealed class Once(string text, DateTime local) : ScheduleExpression(text)
    {
        public override DateTimeOffset? NextAfter(DateTimeOffset after, TimeZoneInfo zone, DateTimeOffset anchor) =>
            LocalTime.Instant(local, zone) is { } instant && instant > after ? instant : null;
    }

    private sealed class Rate(string text, TimeSpan every) : ScheduleExpression(text)
    {
        public override DateTimeOffset? NextAfter(DateTimeOffset after, TimeZoneInfo zone, DateTimeOffset anchor)
        {
            if (after < anchor)
            {
                return anchor;
            }

            var periods = ((after - anchor).Ticks / every.Ticks) + 1;
            return periods * (decimal)every.Ticks < (DateTimeOffset.MaxValue - anchor).Ticks
                ? anchor + (every * periods)
                : null;
        }
    }

    private sealed class Cron(string text, CronExpression fields) : ScheduleExpression(text)
    {
        public override DateTimeOffset? NextAfter(DateTimeOffset after, TimeZoneInfo zone, DateTimeOffset anchor)
        {
            DateTime? local = TimeZoneInfo.ConvertTime(after, zone).DateTime;

            // A time that the clock skips is none, and one that it shows twice was there when it showed it first.
            while ((local = fields.NextAfter(local.Value)) is { } candidate)
            {
                if (LocalTime.Instant(candidate, zone) is { } instant && instant > after)
                {
                    return instant;
                }
            }

            return null;
        }
    }
}
