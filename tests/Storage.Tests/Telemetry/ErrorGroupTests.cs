using System.Text;
using Lambent.Kernel;
using Lambent.Kernel.Environments;
using Lambent.Kernel.Errors;
using Lambent.Kernel.Functions;
using Lambent.Kernel.Invocations;
using Lambent.Kernel.Packages;
using Lambent.Storage.Telemetry;
using Lambent.Storage.Telemetry.Calls;
using Lambent.Storage.Telemetry.Errors;
using Shouldly;
using Xunit;

namespace Lambent.Storage.Tests.Telemetry;

public sealed class ErrorGroupTests : IDisposable
{
    private readonly TelemetryFixture fixture = new();

    public void Dispose() => fixture.Dispose();

    [Fact]
    public async Task SameError_ofTwoLanguages_isOneGroup()
    {
        Fail("node", "1", StoredCalls.Node("OrderNotFoundError", "no order 17"));
        Fail("python", "4", StoredCalls.Python("OrderNotFoundError", "no order 99"));
        await fixture.Store.FlushAsync();

        var group = List().ShouldHaveSingleItem();
        group.Count.ShouldBe(2);
        group.Type.ShouldBe("OrderNotFoundError");
        group.Culprit.ShouldBe("load (index.js:10)");
        group.Versions.Select(seen => $"{seen.Function}:{seen.Version}").Order().ShouldBe(["node:1", "python:4"]);
        group.Hours[^1].ShouldBe(2);
    }

    [Fact]
    public async Task OtherPlaces_inOneLanguage_areOtherGroups()
    {
        Fail("node", "1", StoredCalls.Node("Error", "no order 17", "load"));
        Fail("node", "1", StoredCalls.Node("Error", "no order 18", "save"));
        Fail("python", "1", StoredCalls.Python("Error", "no order 19"));
        await fixture.Store.FlushAsync();
        List().Select(group => group.Count).Order().ShouldBe([1, 2]);
    }

    [Fact]
    public async Task Error_thatIsLoggedAndAnswered_countsOnce()
    {
        var request = Guid.CreateVersion7().ToString();
        fixture.Store.Write(TelemetryFixture.Line(
            $"2026-11-21T22:00:00.000Z\t{request}\tERROR\tInvoke Error \t{StoredCalls.Node("E", "no 1").Trim()}", 0,
            request));
        Fail("f", "$LATEST", StoredCalls.Node("E", "no 2"), request);
        await fixture.Store.FlushAsync();

        var group = List().ShouldHaveSingleItem();
        group.Count.ShouldBe(1);
        fixture.Store.Calls.Get(Samples.Account, request)!.Stored!.ErrorGroup.ShouldBe(group.Id);
    }

    [Fact]
    public async Task ManyOccurrences_keepTheFirstTheNewestAndSomeBetween()
    {
        for (var call = 1; call <= 700; call++)
        {
            Fail("f", "1", StoredCalls.Node("E", $"no {call}"));
            if (call % 50 == 0)
            {
                await fixture.Store.FlushAsync();
            }
        }

        var group = List().ShouldHaveSingleItem();
        group.Count.ShouldBe(700);
        var (_, samples) = fixture.Store.Errors.Get(Samples.Account, group.Id, 24)!.Value;
        samples.Count.ShouldBeLessThanOrEqualTo(SampleRule.SamplesMax);
        samples[^1].Message.ShouldBe("no 1");
        samples.Take(4).Select(sample => sample.Message).ShouldBe(["no 700", "no 699", "no 698", "no 697"]);
        samples[0].CodeDigest.ShouldBe("digest");
        samples[0].Stack.ShouldContain("at load");
    }

    [Fact]
    public async Task Resolved_isReopenedByALaterReleaseAlone()
    {
        Fail("f", "1", StoredCalls.Node("E", "m"));
        await fixture.Store.FlushAsync();
        var id = List().ShouldHaveSingleItem().Id;
        var now = fixture.Time.GetUtcNow();
        (await fixture.Store.Errors.SetStateAsync(
            Samples.Account, id, new ErrorGroupState(ErrorGroupStatus.Resolved, now))).ShouldBeTrue();

        Fail("f", "1", StoredCalls.Node("E", "m"), releasedAt: now.AddHours(-1));
        await fixture.Store.FlushAsync();
        List().ShouldHaveSingleItem().State.Status.ShouldBe(ErrorGroupStatus.Resolved);

        Fail("f", "2", StoredCalls.Node("E", "m"), releasedAt: now.AddHours(1));
        await fixture.Store.FlushAsync();
        var reopened = List().ShouldHaveSingleItem().State;
        (reopened.Status, reopened.ReopenedBy).ShouldBe((ErrorGroupStatus.Open, "f:2"));
        var announced = fixture.Store.Errors.ListAnnouncements(10);
        announced.Select(one => (one.Change.GroupId, one.Change.IsReopened)).ShouldBe([(id, false), (id, true)]);
        await fixture.Store.Errors.AcknowledgeAsync(announced[0]);
        fixture.Store.Errors.ListAnnouncements(10).ShouldBe([announced[1]]);
    }

    [Fact]
    public async Task Flood_ofDistinctErrors_endsInOneGroup()
    {
        for (var error = 0; error < Limits.ErrorGroupsMax + 50; error++)
        {
            Fail("f", "1", StoredCalls.Node("E", Word(error)));
        }

        await fixture.Store.FlushAsync();
        var all = List(2_000);
        all.Count.ShouldBe(Limits.ErrorGroupsMax + 1);
        all.Sum(group => group.Count).ShouldBe(Limits.ErrorGroupsMax + 50);
        var overflow = all.Single(group => group.Type == "Overflow");
        overflow.Count.ShouldBe(50);

        // A resolved one makes room.
        var first = all.First(group => group.Message == Word(0));
        await fixture.Store.Errors.SetStateAsync(
            Samples.Account, first.Id, new ErrorGroupState(ErrorGroupStatus.Resolved, fixture.Time.GetUtcNow()));
        Fail("f", "1", StoredCalls.Node("Quite", "new"));
        await fixture.Store.FlushAsync();
        List(2_000).ShouldContain(group => group.Type == "Quite");
        fixture.Store.Errors.Get(Samples.Account, first.Id, 24).ShouldBeNull();
    }

    [Fact]
    public async Task Account_seesItsOwnAlone()
    {
        var other = Kernel.Access.AccountId.Parse("999999999999");
        Fail("f", "1", StoredCalls.Node("E", "m"));
        Fail("f", "1", StoredCalls.Node("E", "m"), account: other);
        await fixture.Store.FlushAsync();
        var own = List().ShouldHaveSingleItem();
        own.Count.ShouldBe(1);
        fixture.Store.Errors.Get(other, own.Id, 24).ShouldBeNull();
        (await fixture.Store.Errors.SetStateAsync(other, own.Id, ErrorGroupState.New)).ShouldBeFalse();
        await fixture.Store.ForgetAsync(Samples.Account);
        List().ShouldBeEmpty();
        fixture.Store.Errors.List(new ErrorQuery { Account = other }).Value.Items.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Groups_areListedByStateFunctionAndTime()
    {
        Fail("a", "1", StoredCalls.Node("A", "m"));
        Fail("b", "1", StoredCalls.Node("B", "m"));
        await fixture.Store.FlushAsync();
        var all = List();
        fixture.Store.Errors.List(new ErrorQuery { Account = Samples.Account, Function = "b" }).Value.Items
            .ShouldHaveSingleItem().Type.ShouldBe("B");
        await fixture.Store.Errors.SetStateAsync(
            Samples.Account, all[0].Id, new ErrorGroupState(ErrorGroupStatus.Ignored, default));
        fixture.Store.Errors.List(
            new ErrorQuery { Account = Samples.Account, Status = ErrorGroupStatus.Ignored }).Value.Items
            .ShouldHaveSingleItem().Id.ShouldBe(all[0].Id);
        var page = fixture.Store.Errors.List(new ErrorQuery { Account = Samples.Account, Limit = 1 }).Value;
        var next = fixture.Store.Errors.List(
            new ErrorQuery { Account = Samples.Account, Limit = 1, After = page.NextToken }).Value;
        (page.Items[0].Id, next.Items[0].Id, next.NextToken).ShouldBe((all[0].Id, all[1].Id, null));
    }

    private List<ErrorGroup> List(int limit = 100) =>
        [.. fixture.Store.Errors.List(new ErrorQuery { Account = Samples.Account, Limit = limit }).Value.Items];

    private void Fail(
        string function,
        string version,
        string answer,
        string? request = null,
        DateTimeOffset releasedAt = default,
        Kernel.Access.AccountId? account = null) =>
        fixture.Store.Record(StoredCalls.Record(
            new FunctionId(account ?? Samples.Account, function),
            version,
            request ?? Guid.CreateVersion7().ToString(),
            "{}",
            answer,
            OutcomeKind.HandlerError,
            fixture.Time.GetUtcNow(),
            releasedAt));

    /// <summary>Words without digits: no two are one pattern.</summary>
    private static string Word(int number) =>
        string.Concat($"{number:0000}".Select(digit => (char)('g' + digit - '0')));
}
