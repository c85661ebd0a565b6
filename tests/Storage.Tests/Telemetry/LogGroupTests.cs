using Lambent.Kernel.Functions;
using Lambent.Storage.Telemetry;
using Shouldly;
using Xunit;

namespace Lambent.Storage.Tests.Telemetry;

public sealed class LogGroupTests : IDisposable
{
    private readonly TelemetryFixture fixture = new();

    private TelemetryStore Store => fixture.Store;

    public void Dispose() => fixture.Dispose();

    [Fact]
    public async Task Function_isAGroup_andItsEnvironmentsAreStreams()
    {
        Store.Write(TelemetryFixture.Line("a", 1));
        Store.Record(TelemetryFixture.Record("r", 3));
        await Store.FlushAsync();
        fixture.Reopen();

        Store.Groups.List(Samples.Account).Single().Name.ShouldBe("/aws/lambda/f");
        Store.Groups.List(Samples.OtherAccount).ShouldBeEmpty();
        var stream = Store.Groups.ListStreams(Samples.Account, "/aws/lambda/f")!.Single();
        stream.Name.ShouldBe("2026/02/03/[$LATEST]environment-1");
        stream.First.ShouldBe(Samples.Time.AddSeconds(1));
        stream.Last.ShouldBe(Samples.Time.AddSeconds(3.5));
        Store.Groups.ListStreams(Samples.OtherAccount, "/aws/lambda/f").ShouldBeNull();
    }

    [Fact]
    public async Task Deleted_group_isEmpty_andThereAgainWithTheNextLine()
    {
        Store.Write(TelemetryFixture.Line("a", 1));
        Store.Record(TelemetryFixture.Record("r"));
        await Store.FlushAsync();

        (await Store.Groups.DeleteAsync(Samples.Account, "/aws/lambda/f")).ShouldBeTrue();
        (await Store.Groups.DeleteAsync(Samples.Account, "/aws/lambda/f")).ShouldBeFalse();
        Store.Groups.List(Samples.Account).ShouldBeEmpty();
        Store.ReadLog(TelemetryFixture.Query()).Value.Items.ShouldBeEmpty();
        Store.ListInvocations(TelemetryFixture.Query()).Value.Items.Count.ShouldBe(1);

        var later = fixture.Time.GetUtcNow().AddSeconds(1);
        Store.Write(TelemetryFixture.Line("b", 0) with { Time = later });
        await Store.FlushAsync();
        Store.Groups.List(Samples.Account).Single().CreatedAt.ShouldBe(later);
        Store.ReadLog(TelemetryFixture.Query()).Value.Items.Single().Text.ShouldBe("b");
    }

    [Fact]
    public async Task Deleted_stream_takesItsEntriesWithIt()
    {
        Store.Write(TelemetryFixture.Line("mine", 1));
        Store.Write(TelemetryFixture.Line("other", 2) with { EnvironmentId = "environment-2" });
        Store.Record(TelemetryFixture.Record("r"));
        await Store.FlushAsync();
        var stream = Store.Groups.FindStream(
            Samples.Account, "/aws/lambda/f", "2026/02/03/[$LATEST]environment-1").ShouldNotBeNull();

        await Store.Groups.DeleteStreamAsync(Samples.Account, "/aws/lambda/f", stream);

        Store.Groups.ListStreams(Samples.Account, "/aws/lambda/f")!.Single().EnvironmentId.ShouldBe("environment-2");
        Store.ReadLog(TelemetryFixture.Query()).Value.Items.Single().Text.ShouldBe("other");
    }

    [Fact]
    public async Task Retention_hidesAndRemovesWhatIsOlder()
    {
        var now = fixture.Time.GetUtcNow();
        Store.Write(TelemetryFixture.Line("old", 0) with { Time = now.AddDays(-2) });
        Store.Write(TelemetryFixture.Line("young", 0) with { Time = now.AddHours(-1) });
        await Store.FlushAsync();

        (await Store.Groups.ChangeAsync(
            Samples.Account, "/aws/lambda/f", group => group with { RetentionDays = 1 })).ShouldBeTrue();

        Store.ReadLog(TelemetryFixture.Query()).Value.Items.Single().Text.ShouldBe("young");
        (await Store.PruneAsync(now.AddDays(-14))).ShouldBe(1);
        await Store.Groups.ChangeAsync(
            Samples.Account, "/aws/lambda/f", group => group with { RetentionDays = null });
        Store.ReadLog(TelemetryFixture.Query()).Value.Items.Single().Text.ShouldBe("young");
    }

    [Fact]
    public async Task Made_group_keepsItsLinesApartFromFunctions()
    {
        var tags = new Dictionary<string, string> { ["a"] = "b" };
        (await Store.Groups.CreateAsync(Samples.Account, "app", tags)).ShouldBeTrue();
        (await Store.Groups.CreateAsync(Samples.Account, "app", tags)).ShouldBeFalse();
        await Store.Groups.CreateStreamAsync(Samples.Account, "app", "s");
        await Store.PruneAsync(DateTimeOffset.UnixEpoch);
        Store.Groups.FindStream(Samples.Account, "app", "s").ShouldNotBeNull().First.ShouldBeNull();
        Store.Write(TelemetryFixture.Line("x", 0, function: new FunctionId(Samples.Account, LogSources.OfGroup("app")))
            with { EnvironmentId = "s" });
        await Store.FlushAsync();

        Store.ReadLog(TelemetryFixture.Query(null)).Value.Items.ShouldBeEmpty();
        Store.ReadLog(TelemetryFixture.Query(":app")).Value.Items.Single().Text.ShouldBe("x");
        Store.Groups.Find(Samples.Account, "app").ShouldNotBeNull().Tags["a"].ShouldBe("b");
        Store.Groups.FindStream(Samples.Account, "app", "s").ShouldNotBeNull().Last.ShouldBe(Samples.Time);
    }

    [Theory]
    [InlineData("/aws/lambda/f", "f")]
    [InlineData("/aws/lambda/a/b", ":/aws/lambda/a/b")]
    [InlineData("/aws/lambda/", ":/aws/lambda/")]
    [InlineData("f", ":f")]
    public void Group_names_leadBack(string group, string source)
    {
        LogSources.OfGroup(group).ShouldBe(source);
        LogSources.ToGroup(source).ShouldBe(group);
    }
}
