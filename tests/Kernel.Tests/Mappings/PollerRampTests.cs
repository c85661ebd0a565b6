using Lambent.Kernel.Mappings;
using Shouldly;
using Xunit;

namespace Lambent.Kernel.Tests.Mappings;

public sealed class PollerRampTests
{
    [Theory]
    [InlineData(0, 5)]
    [InlineData(60, 305)]
    [InlineData(100_000, 1_000)]
    public void Pollers_startWithFive_andBecome300MoreAMinute(double after, int allowed) =>
        PollerRamp.Rested(10).Allowed(10 + after).ShouldBe(allowed);

    [Theory]
    [InlineData(0, 1, 100, 1)]
    [InlineData(2, 1, 100, 3)]
    [InlineData(50, 1, 100, 5)]
    [InlineData(50, 1, 2, 2)]
    [InlineData(50, 4, 0, 0)]
    public void Target_isWhatWaits_withinLimitAndRamp(long backlog, int running, int limit, int target) =>
        PollerRamp.Rested(0).Target(backlog, running, limit, 0).ShouldBe(target);

    [Theory]
    [InlineData(8, 7, 4)]
    [InlineData(1, 1, 1)]
    public void Trouble_makesThemFewer_andTheyGrowAgain(int running, int refused, int failed)
    {
        PollerRamp.AfterRefusal(running, 5).Allowed(5).ShouldBe(refused);
        PollerRamp.AfterFailure(running, 5).Allowed(5).ShouldBe(failed);
        PollerRamp.AfterFailure(running, 5).Allowed(7).ShouldBe(failed + 10);
    }

    [Theory]
    [InlineData(null, 3, 2, GivenUp.No)]
    [InlineData(null, 3, 3, GivenUp.ByRedrivePolicy)]
    [InlineData(null, null, 99, GivenUp.No)]
    [InlineData(0, null, 1, GivenUp.ByRetries)]
    [InlineData(2, null, 2, GivenUp.No)]
    [InlineData(2, 2, 2, GivenUp.ByRedrivePolicy)]
    public void Message_isGivenUp_byRetriesOrRedrive(int? retries, int? receives, int received, GivenUp expected)
    {
        var settings = new MappingSettings { OnFailureArn = "arn", RetriesMax = retries };
        var redrive = receives is { } most ? MappingSamples.Redrive(most) : null;

        GivenUpDecision.Decide(settings, redrive, received).ShouldBe(expected);
        GivenUpDecision.Decide(settings with { OnFailureArn = null }, redrive, received).ShouldBe(GivenUp.No);
    }
}
