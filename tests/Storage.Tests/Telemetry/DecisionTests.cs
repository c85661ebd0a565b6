using Lambent.Kernel;
using Lambent.Kernel.Access;
using Lambent.Kernel.Functions;
using Lambent.Storage.Telemetry;
using Shouldly;
using Xunit;

namespace Lambent.Storage.Tests.Telemetry;

public sealed class DecisionTests
{
    private static readonly DecisionOwner Calls = new(new FunctionId(Samples.Account, "f"), "$LATEST", "", "");
    private static readonly DecisionOwner Jobs = new(new FunctionId(Samples.Account, "f"), "", "queue", "jobs");
    private static readonly DecisionOwner Other = new(
        new FunctionId(AccountId.Parse("111111111111"), "f"), "$LATEST", "", "");

    [Fact]
    public async Task Decisions_are_there_after_a_restart_in_order_and_by_function_or_source()
    {
        using var fixture = new TelemetryFixture();
        await fixture.Store.KeepDecisionsAsync(Rows(fixture, Calls, 1, 3));
        await fixture.Store.KeepDecisionsAsync(Rows(fixture, Jobs, 1, 2));
        await fixture.Store.KeepDecisionsAsync(Rows(fixture, Other, 7, 1));

        fixture.Reopen();

        fixture.Store.ListDecisions(Samples.Account, "f").Select(kept => (kept.Owner, kept.Number))
            .ShouldBe([(Jobs, 1L), (Jobs, 2L), (Calls, 1L), (Calls, 2L), (Calls, 3L)]);
        fixture.Store.ListDecisions(Samples.Account, "jobs").Select(kept => kept.Number).ShouldBe([1L, 2L]);
        fixture.Store.LastDecisionNumbers().ShouldBe([(Jobs, 2L), (Calls, 3L), (Other, 7L)], ignoreOrder: true);
    }

    [Fact]
    public async Task Newest_of_each_are_kept_and_none_for_ever()
    {
        using var fixture = new TelemetryFixture();
        await fixture.Store.KeepDecisionsAsync(Rows(fixture, Jobs, 1, 5));
        await fixture.Store.KeepDecisionsAsync(Rows(fixture, Calls, 1, Limits.DecisionsOfOneMax + 10));
        fixture.Store.ListDecisions(Samples.Account, "f").Count(kept => kept.Owner == Calls)
            .ShouldBe(Limits.DecisionsOfOneMax);

        fixture.Time.Advance(Limits.DecisionRetention + TimeSpan.FromMinutes(1));
        await fixture.Store.KeepDecisionsAsync(Rows(fixture, Calls, 1_000, 1));

        fixture.Store.ListDecisions(Samples.Account, "f").ShouldHaveSingleItem().Number.ShouldBe(1_000);
    }

    [Fact]
    public async Task Functions_and_accounts_take_theirs_with_them()
    {
        using var fixture = new TelemetryFixture();
        await fixture.Store.KeepDecisionsAsync(Rows(fixture, Calls, 1, 2));
        await fixture.Store.KeepDecisionsAsync(Rows(fixture, Other, 1, 2));
        await fixture.Store.ForgetDecisionsAsync(Calls.Function);
        fixture.Store.ListDecisions(Samples.Account, "f").ShouldBeEmpty();
        await fixture.Store.ForgetAsync(Other.Function.Account);
        fixture.Store.LastDecisionNumbers().ShouldBeEmpty();
    }

    private static Queue<KeptDecision> Rows(TelemetryFixture fixture, DecisionOwner owner, long first, int count) =>
        new(Enumerable.Range(0, count).Select(
            index => new KeptDecision(owner, first + index, fixture.Time.GetUtcNow(), [(byte)index])));
}
