using System.Globalization;
using Lambent.Kernel.Schedules;
using Shouldly;
using Xunit;

namespace Lambent.Kernel.Tests.Schedules;

/// <summary>
/// Expressions made by chance against a reference that tries every minute, and texts made by chance that must be read
/// or refused. The seed is fixed, so that a failure stays one.
/// </summary>
public sealed class ScheduleExpressionFuzzTests
{
    private static readonly string[] Zones =
        ["UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "America/Santiago"];

    [Fact]
    public void Next_isTheFirstMinuteThatFits_forAwsExpressions()
    {
        var random = new Random(20261121);
        for (var round = 0; round < 150; round++)
        {
            var (dayOfMonth, dayOfWeek) = random.Next(2) == 0
                ? (DayOfMonth(random), "?")
                : ("?", DayOfWeek(random));
            var fields = new[]
            {
                Field(random, 0, 59), Field(random, 0, 23), dayOfMonth, Field(random, 1, 12), dayOfWeek, "*",
            };
            CheckNext(random, $"cron({string.Join(' ', fields)})", fields, (time, parts) =>
                CronReference.Fits(parts[0], time.Minute, 59)
                && CronReference.Fits(parts[1], time.Hour, 23)
                && CronReference.Fits(parts[3], time.Month, 12)
                && (parts[2] == "?" || CronReference.FitsDayOfMonth(parts[2], time))
                && (parts[4] == "?" || CronReference.FitsDayOfWeek(parts[4], time)));
        }
    }

    [Fact]
    public void Next_isTheFirstMinuteThatFits_forFiveFields()
    {
        var random = new Random(51);
        for (var round = 0; round < 100; round++)
        {
            var fields = new[]
            {
                Field(random, 0, 59), Field(random, 0, 23), Field(random, 1, 31), Field(random, 1, 12),
                Field(random, 0, 6),
            };
            CheckNext(random, string.Join(' ', fields), fields, (time, parts) =>
            {
                var ofMonth = CronReference.Fits(parts[2], time.Day, 31);
                var ofWeek = CronReference.Fits(parts[4], (int)time.DayOfWeek, 6);
                var either = !parts[2].StartsWith('*') && !parts[4].StartsWith('*');
                return CronReference.Fits(parts[0], time.Minute, 59)
                    && CronReference.Fits(parts[1], time.Hour, 23)
                    && CronReference.Fits(parts[3], time.Month, 12)
                    && (either ? ofMonth || ofWeek : ofMonth && ofWeek);
            });
        }
    }

    [Fact]
    public void Text_ofAnyKind_isReadOrRefusedWithAPosition()
    {
        const string Alphabet = "0123456789 */,-?#LWatrecon()MONFRI:T.\u00e9\ud83d";
        var random = new Random(7);
        string[] seeds =
        [
            "cron(0/15 8-17 ? * MON-FRI 2026)", "rate(5 minutes)", "at(2026-01-01T00:00:00)", "*/5 0 1,15 * 0-6",
            "*/10 * * * * 1", "cron(0 0 LW * ? *)", "cron(0 0 ? * 6#3 *)",
        ];
        for (var round = 0; round < 20_000; round++)
        {
            var text = seeds[random.Next(seeds.Length)].ToList();
            for (var change = random.Next(1, 6); change > 0; change--)
            {
                var at = random.Next(text.Count + 1);
                if (random.Next(3) == 0 && at < text.Count)
                {
                    text.RemoveAt(at);
                }
                else
                {
                    text.Insert(at, Alphabet[random.Next(Alphabet.Length)]);
                }
            }

            Check(new string([.. text]));
        }

        Check(new string('*', 300));
        Check("cron(" + string.Join(',', Enumerable.Repeat("1", 120)) + " * * * ? *)");
    }

    private static void Check(string text)
    {
        var parsed = ScheduleExpression.Parse(text);
        if (parsed.Error is { } error)
        {
            var digits = error.Message[(error.Message.LastIndexOf("At character ", StringComparison.Ordinal) + 13)..];
            var position = int.Parse(
                digits[..digits.IndexOf(':', StringComparison.Ordinal)], CultureInfo.InvariantCulture);
            position.ShouldBeInRange(1, text.Length + 1, text);
            return;
        }

        // Whatever is taken has a next time or none, at any time and without an exception.
        var after = DateTimeOffset.UnixEpoch.AddYears(56);
        var next = parsed.Value.NextAfter(after, TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin"), after);
        (next is null || next > after).ShouldBeTrue(text);
    }

    private static void CheckNext(
        Random random, string text, string[] fields, Func<DateTime, string[], bool> fits)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById(Zones[random.Next(Zones.Length)]);

        // Half of the rounds begin shortly before a change of the clocks in the north.
        var after = random.Next(2) == 0
            ? new DateTimeOffset(2026, 3, 28, 22, 0, 0, TimeSpan.Zero).AddMinutes(random.Next(600))
            : new DateTimeOffset(2026, 10, 24, 22, 0, 0, TimeSpan.Zero).AddMinutes(random.Next(600));
        var expected = CronReference.Next(after, zone, minutesMax: 60 * 24 * 35, time => fits(time, fields));
        var next = ScheduleExpression.Parse(text).Value.NextAfter(after, zone, after);
        if (expected is null)
        {
            (next is null || next > after.AddDays(34)).ShouldBeTrue($"{text} after {after:O} in {zone.Id}: {next:O}");
        }
        else
        {
            next.ShouldBe(expected, $"{text} after {after:O} in {zone.Id}");
        }
    }

    private static string Field(Random random, int min, int max)
    {
        if (random.Next(4) == 0)
        {
            return "*";
        }

        var parts = Enumerable.Range(0, random.Next(1, 4)).Select(_ =>
        {
            var from = random.Next(min, max + 1);
            var to = random.Next(from, max + 1);
            var step = random.Next(1, Math.Max(2, max / 2));
            return random.Next(5) switch
            {
                0 => $"{from}-{to}",
                1 => $"{from}-{to}/{step}",
                2 => $"{from}/{step}",
                3 => $"*/{step}",
                _ => $"{from}",
            };
        });
        return string.Join(',', parts);
    }

    private static string DayOfMonth(Random random) => random.Next(5) switch
    {
        0 => "L",
        1 => "LW",
        2 => $"{random.Next(1, 32)}W",
        3 => $"L,{random.Next(1, 32)}",
        _ => Field(random, 1, 31),
    };

    private static string DayOfWeek(Random random) => random.Next(4) switch
    {
        0 => $"{random.Next(1, 8)}L",
        1 => $"{random.Next(1, 8)}#{random.Next(1, 6)}",
        2 => "L",
        _ => Field(random, 1, 7),
    };
}
