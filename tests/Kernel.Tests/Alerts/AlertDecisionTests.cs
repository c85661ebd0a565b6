using Lambent.Kernel.Access;
using Lambent.Kernel.Alerts;
using Shouldly;
using Xunit;

namespace Lambent.Kernel.Tests.Alerts;

public sealed class AlertDecisionTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 22, 0, 0, 0, TimeSpan.Zero);

    private static readonly AlertRule Rule = new()
    {
        Id = new AlertId(AccountId.Root, "errors"),
        Metric = "error-rate",
        Threshold = 0.1,
        SamplesMin = 10,
        CreatedAt = Start,
    };

    private static readonly AlertStanding Good = new(AlertState.Ok, Start);

    [Fact]
    public void Value_above_the_threshold_alerts_and_below_it_is_ok_again()
    {
        var bad = Decide(Rule, Good, 0.2, 10, 1);
        bad.State.ShouldBe(AlertState.Alert);
        bad.Value.ShouldBe(0.2);

        Decide(Rule, bad, 0.3, 10, 2).ShouldBe(bad);
        var good = Decide(Rule, bad, 0.1, 10, 3);
        good.State.ShouldBe(AlertState.Ok);
        good.Since.ShouldBe(Start.AddMinutes(3));
        Decide(Rule, good, 0.05, 10, 4).ShouldBe(good);
    }

    [Fact]
    public void What_must_last_alerts_only_when_it_was_bad_without_a_pause()
    {
        var rule = Rule with { For = TimeSpan.FromMinutes(2) };
        var one = Decide(rule, Good, 0.2, 10, 1);
        one.State.ShouldBe(AlertState.Ok);
        one.BreachingSince.ShouldBe(Start.AddMinutes(1));

        var pause = Decide(rule, one, 0.0, 10, 2);
        pause.BreachingSince.ShouldBeNull();
        var again = Decide(rule, pause, 0.2, 10, 3);
        Decide(rule, again, 0.2, 10, 4).State.ShouldBe(AlertState.Ok);
        Decide(rule, again, 0.2, 10, 5).State.ShouldBe(AlertState.Alert);
    }

    [Theory]
    [InlineData(MissingData.NoData, AlertState.NoData)]
    [InlineData(MissingData.Ok, AlertState.Ok)]
    [InlineData(MissingData.Alert, AlertState.Alert)]
    public void Too_few_values_mean_what_the_rule_says(MissingData missing, AlertState expected)
    {
        var rule = Rule with { Missing = missing };
        Decide(rule, Good, 0.9, 9, 1).State.ShouldBe(expected);
        Decide(rule, Good, null, 0, 1).State.ShouldBe(expected);
    }

    [Fact]
    public void Changes_that_are_told_begin_and_end_an_alert()
    {
        AlertDecision.IsTold(AlertState.Ok, AlertState.Alert).ShouldBeTrue();
        AlertDecision.IsTold(AlertState.NoData, AlertState.Alert).ShouldBeTrue();
        AlertDecision.IsTold(AlertState.Alert, AlertState.Ok).ShouldBeTrue();
        AlertDecision.IsTold(AlertState.Alert, AlertState.NoData).ShouldBeFalse();
        AlertDecision.IsTold(AlertState.NoData, AlertState.Ok).ShouldBeFalse();
    }

    [Fact]
    public void Deciding_twice_on_the_same_look_changes_nothing_the_second_time()
    {
        var random = new Random(5);
        for (var round = 0; round < 500; round++)
        {
            var rule = Rule with
            {
                For = TimeSpan.FromMinutes(random.Next(3)),
                Missing = (MissingData)random.Next(3),
                Comparison = (AlertComparison)random.Next(2),
            };
            var standing = Good;
            for (var minute = 1; minute < 20; minute++)
            {
                double? value = random.Next(4) == 0 ? null : random.NextDouble() / 5;
                var samples = random.Next(20);
                standing = Decide(rule, standing, value, samples, minute);
                Decide(rule, standing, value, samples, minute).ShouldBe(standing);
            }
        }
    }

    [Theory]
    [InlineData("error-rat", null, 5, "ops@example.org", "metric")]
    [InlineData("duration", "p101", 5, "ops@example.org", "statistic")]
    [InlineData("duration", "p99", 0, "ops@example.org", "window")]
    [InlineData("duration", "p99", 5, "ops@example.org\r\nBcc: all@example.org", "emails")]
    [InlineData("duration", "p99", 5, "Ops <ops@example.org>", "emails")]
    [InlineData("duration", "p99", 5, "ops@example.org\n", "emails")]
    public void Wrong_rule_names_the_field(string metric, string? statistic, int minutes, string email, string field) =>
        AlertRules.Check(Rule with
        {
            Metric = metric, Statistic = statistic, Window = TimeSpan.FromMinutes(minutes), Emails = [email],
        })!.Field.ShouldBe(field);

    private static AlertStanding Decide(
        AlertRule rule, AlertStanding before, double? value, double samples, int minute) =>
        AlertDecision.Decide(rule, before, new AlertSample(value, samples), Start.AddMinutes(minute));
}
