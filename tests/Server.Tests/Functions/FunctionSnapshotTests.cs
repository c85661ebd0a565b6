using System.Collections.Immutable;
using Lambent.Kernel.Functions;
using Lambent.Kernel.Packages;
using Lambent.Server.Functions;
using Shouldly;
using Xunit;

namespace Lambent.Server.Tests.Functions;

public sealed class FunctionSnapshotTests
{
    private static readonly Function Sample = TestFunctions.Create(TestFunctions.Id("hello")) with
    {
        Versions = ImmutableSortedDictionary<long, FunctionVersion>.Empty
            .Add(1, TestFunctions.Version("1"))
            .Add(2, TestFunctions.Version("2")),
        LastPublishedVersion = 2,
        Aliases = ImmutableSortedDictionary.Create<string, Alias>(StringComparer.Ordinal)
            .Add("prod", new Alias { Name = "prod", FunctionVersion = "1", RevisionId = "r" })
            .Add("split", new Alias
            {
                Name = "split",
                FunctionVersion = "1",
                AdditionalVersion = "2",
                AdditionalVersionWeight = 0.25,
                RevisionId = "r",
            })
            .Add("latest", new Alias { Name = "latest", FunctionVersion = "$LATEST", RevisionId = "r" })
            .Add("dangling", new Alias { Name = "dangling", FunctionVersion = "9", RevisionId = "r" }),
    };

    [Theory]
    [InlineData(null, "$LATEST")]
    [InlineData("", "$LATEST")]
    [InlineData("$LATEST", "$LATEST")]
    [InlineData("1", "1")]
    [InlineData("prod", "1")]
    [InlineData("latest", "$LATEST")]
    public void Qualifier_leads_to_its_version(string? qualifier, string version) =>
        TestFunctions.Snapshot(Sample).Route(qualifier, 0.5)!.Version.ShouldBe(version);

    [Theory]
    [InlineData("9")]
    [InlineData("PROD")]
    [InlineData("dangling")]
    [InlineData("01")]
    [InlineData("+1")]
    [InlineData(" 1")]
    [InlineData("99999999999999999999")]
    public void Qualifier_that_names_nothing_leads_nowhere(string qualifier) =>
        TestFunctions.Snapshot(Sample).Route(qualifier, 0.5).ShouldBeNull();

    [Theory]
    [InlineData(0, "2")]
    [InlineData(0.2499, "2")]
    [InlineData(0.25, "1")]
    [InlineData(0.9999, "1")]
    public void Alias_of_two_versions_picks_by_chance(double chance, string version) =>
        TestFunctions.Snapshot(Sample).Route("split", chance)!.Version.ShouldBe(version);

    [Fact]
    public void Version_has_one_specification_whatever_it_is_called_by()
    {
        var snapshot = TestFunctions.Snapshot(Sample);

        snapshot.Route("prod", 0).ShouldBeSameAs(snapshot.Route("1", 0));
        snapshot.Route("latest", 0).ShouldBeSameAs(snapshot.Route(null, 0));
        snapshot.Route("1", 0).ShouldNotBeSameAs(snapshot.Route("2", 0));
    }

    [Fact]
    public void Specification_has_the_arn_of_its_version()
    {
        var snapshot = TestFunctions.Snapshot(Sample);

        snapshot.Route(null, 0)!.Arn.ShouldBe("arn:aws:lambda:us-east-1:000000000000:function:hello");
        snapshot.Route("1", 0)!.Arn.ShouldBe("arn:aws:lambda:us-east-1:000000000000:function:hello:1");
        snapshot.Route(null, 0)!.LogGroup.ShouldBe("/aws/lambda/hello");
    }

    [Theory]
    [MemberData(nameof(UnrelatedChanges))]
    public void Change_that_no_process_sees_keeps_the_specification(string name)
    {
        var before = TestFunctions.Snapshot(Sample);
        var specification = before.Route(null, 0)!;

        var after = TestFunctions.Snapshot(Unrelated[name](Sample), before);

        after.Route(null, 0).ShouldBeSameAs(specification);
        after.Uses(specification).ShouldBeTrue();
    }

    [Theory]
    [MemberData(nameof(RelevantChanges))]
    public void Change_that_a_process_sees_drops_the_specification(string name)
    {
        var before = TestFunctions.Snapshot(Sample);
        var specification = before.Route(null, 0)!;

        var after = TestFunctions.Snapshot(Relevant[name](Sample), before);

        after.Uses(specification).ShouldBeFalse();
        after.Route(null, 0).ShouldNotBeSameAs(specification);
    }

    [Fact]
    public void Change_that_does_not_work_keeps_the_specification_that_does()
    {
        var before = TestFunctions.Snapshot(Sample);
        var specification = before.Route(null, 0)!;
        var changed = Relevant["handler"](Sample) with { LastWorking = Sample.Latest };

        var after = TestFunctions.Snapshot(changed, before);

        after.Route(null, 0).ShouldBeSameAs(specification);
        after.Uses(specification).ShouldBeTrue();
        after.VersionOf(FunctionVersion.LatestName)!.Handler.ShouldBe("other.handler");
        TestFunctions.Snapshot(changed with { LastWorking = null }, after).Uses(specification).ShouldBeFalse();
    }

    [Fact]
    public void Change_of_latest_keeps_the_specifications_of_published_versions()
    {
        var before = TestFunctions.Snapshot(Sample);
        var published = before.Route("1", 0)!;

        var after = TestFunctions.Snapshot(Relevant["handler"](Sample), before);

        after.Route("prod", 0).ShouldBeSameAs(published);
    }

    [Fact]
    public void Specification_of_a_deleted_version_is_dropped()
    {
        var before = TestFunctions.Snapshot(Sample);
        var published = before.Route("2", 0)!;

        var after = TestFunctions.Snapshot(Sample with { Versions = Sample.Versions.Remove(2) }, before);

        after.Uses(published).ShouldBeFalse();
        after.Route("2", 0).ShouldBeNull();
    }

    [Fact]
    public void Log_group_that_is_taken_back_drops_the_specification()
    {
        var before = TestFunctions.Snapshot(Latest(Sample, latest => latest with { LogGroup = "/mine" }));
        var specification = before.Route(null, 0)!;

        var after = TestFunctions.Snapshot(Sample, before);

        after.Uses(specification).ShouldBeFalse();
        after.Route(null, 0)!.LogGroup.ShouldBe("/aws/lambda/hello");
    }

    [Theory]
    [InlineData("0", 1)]
    [InlineData("8", 8)]
    [InlineData("100000", 1_000)]
    [InlineData("many", 1)]
    public void Concurrency_of_an_environment_is_held_to_its_bounds(string tag, int expected) =>
        TestFunctions.Snapshot(Tag(Sample, FunctionTags.EnvironmentConcurrency, tag)).Route(null, 0)!
            .Concurrency.ShouldBe(expected);

    public static TheoryData<string> UnrelatedChanges() => [.. Unrelated.Keys];

    public static TheoryData<string> RelevantChanges() => [.. Relevant.Keys];

    private static readonly Dictionary<string, Func<Function, Function>> Unrelated = new()
    {
        ["nothing"] = function => function,
        ["description"] = function => Latest(function, latest => latest with { Description = "new" }),
        ["revision"] = function => Latest(function, latest => latest with { RevisionId = "new" }),
        ["reserved concurrency"] = function => function with { ReservedConcurrency = 5 },
        ["own tag"] = function => Tag(function, "team", "one"),
        ["alias"] = function => function with { Aliases = function.Aliases.Remove("prod") },
        ["empty variables"] = function => Latest(
            function, latest => latest with { Variables = ImmutableSortedDictionary<string, string>.Empty }),
    };

    private static readonly Dictionary<string, Func<Function, Function>> Relevant = new()
    {
        ["runtime"] = function => Latest(function, latest => latest with { Runtime = "python3.12" }),
        ["handler"] = function => Latest(function, latest => latest with { Handler = "other.handler" }),
        ["code"] = function => Latest(
            function, latest => latest with { Code = new PackageReference(new string('b', 64), 1_000) }),
        ["variables"] = function => Latest(
            function,
            latest => latest with { Variables = ImmutableSortedDictionary<string, string>.Empty.Add("A", "1") }),
        ["memory"] = function => Latest(function, latest => latest with { MemoryMegabytes = 256 }),
        ["storage"] = function => Latest(function, latest => latest with { EphemeralStorageMegabytes = 1_024 }),
        ["timeout"] = function => Latest(function, latest => latest with { TimeoutSeconds = 4 }),
        ["log group"] = function => Latest(function, latest => latest with { LogGroup = "/mine" }),
        ["isolation"] = function => Tag(function, FunctionTags.Isolation, "process"),
        ["processor"] = function => Tag(function, FunctionTags.Processor, "quota"),
        ["concurrency"] = function => Tag(function, FunctionTags.EnvironmentConcurrency, "4"),
    };

    private static Function Latest(Function function, Func<FunctionVersion, FunctionVersion> change) =>
        function with { Latest = change(function.Latest) };

    private static Function Tag(Function function, string name, string value) =>
        function with { Tags = function.Tags.SetItem(name, value) };
}
