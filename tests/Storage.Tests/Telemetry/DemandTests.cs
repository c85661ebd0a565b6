using Lambent.Kernel;
using Lambent.Kernel.Access;
using Lambent.Kernel.Functions;
using Lambent.Kernel.Scaling;
using Shouldly;
using Xunit;

namespace Lambent.Storage.Tests.Telemetry;

public sealed class DemandTests
{
    private static readonly FunctionId Other = new(AccountId.Parse("111111111111"), "f");

    [Fact]
    public async Task Histories_are_there_after_a_restart_in_the_order_of_their_changes()
    {
        using var fixture = new TelemetryFixture();
        await fixture.Store.RememberAsync([Of("f", 1), Of("g", 2), Of("h", 3)]);
        fixture.Time.Advance(TimeSpan.FromMinutes(5));
        await fixture.Store.RememberAsync([Of("f", 4), Of("g", 0)]);

        fixture.Reopen();
        fixture.Store.ListRemembered().Select(kept => (kept.Function.Name, kept.Version, kept.History[0]))
            .ShouldBe([("h", "$LATEST", (byte)3), ("f", "$LATEST", (byte)4)]);
    }

    [Fact]
    public async Task Functions_and_accounts_take_theirs_with_them()
    {
        using var fixture = new TelemetryFixture();
        await fixture.Store.RememberAsync([Of("f", 1), Of("g", 2), new RememberedDemand(Other, "1", [3])]);
        await fixture.Store.ForgetAsync(new FunctionId(Samples.Account, "g"));
        fixture.Store.ListRemembered().Count.ShouldBe(2);
        await fixture.Store.ForgetAsync(Samples.Account);
        fixture.Store.ListRemembered().ShouldHaveSingleItem().Function.ShouldBe(Other);
    }

    [Fact]
    public async Task Newest_are_read_up_to_the_limit()
    {
        using var fixture = new TelemetryFixture();
        await fixture.Store.RememberAsync(
            Enumerable.Range(0, Limits.DemandHistoriesMax).Select(number => Of($"old-{number}", 1)));
        fixture.Time.Advance(TimeSpan.FromMinutes(5));
        await fixture.Store.RememberAsync([Of("new", 2)]);
        var kept = fixture.Store.ListRemembered();
        kept.Count.ShouldBe(Limits.DemandHistoriesMax);
        kept[^1].Function.Name.ShouldBe("new");
    }

    /// <summary>0 is a history that goes.</summary>
    private static RememberedDemand Of(string function, byte content) =>
        new(new FunctionId(Samples.Account, function), "$LATEST", content == 0 ? [] : [content, 0, 255]);
}
