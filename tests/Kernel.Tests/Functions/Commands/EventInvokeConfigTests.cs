using System.Collections.Immutable;
using Lambent.Kernel.Functions;
using Lambent.Kernel.Functions.Commands;
using Lambent.Kernel.Tests.Access;
using Shouldly;
using Xunit;

namespace Lambent.Kernel.Tests.Functions.Commands;

public sealed class EventInvokeConfigTests
{
    private const string Arn = "arn:aws:lambda:us-east-1:000000000000:function:hello";

    private static readonly DateTimeOffset Noon = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);
    private static readonly CommandContext Context = new(Arn, Noon, () => "revision");

    /// <summary>Version 1, and the alias prod.</summary>
    private static readonly Function Hello = PermissionTests.NewFunction() with
    {
        Versions = ImmutableSortedDictionary<long, FunctionVersion>.Empty
            .Add(1, PermissionTests.NewFunction().Latest with { Version = "1" }),
        Aliases = ImmutableSortedDictionary.Create<string, Alias>(StringComparer.Ordinal)
            .Add("prod", new Alias { Name = "prod", FunctionVersion = "1", RevisionId = "r" }),
    };

    [Theory]
    [InlineData(null, "")]
    [InlineData("$LATEST", "")]
    [InlineData("1", "1")]
    [InlineData("prod", "prod")]
    public void Configuration_belongs_to_exactly_its_qualifier(string? qualifier, string key)
    {
        var configured = Put(Hello, new PutEventInvokeConfig { Qualifier = qualifier, MaximumRetryAttempts = 0 }).Value;

        configured.EventInvokeConfigs.ShouldHaveSingleItem().Key.ShouldBe(key);
        configured.EventInvokeConfigs[key].LastModifiedAt.ShouldBe(Noon);
        DeleteEventInvokeConfig.Apply(configured, new DeleteEventInvokeConfig(qualifier), Context).Value
            .EventInvokeConfigs.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("2")]
    [InlineData("01")]
    [InlineData("none")]
    public void Qualifier_that_is_not_there_is_refused(string qualifier)
    {
        var put = Put(Hello, new PutEventInvokeConfig { Qualifier = qualifier, MaximumRetryAttempts = 0 });
        put.Error!.Code.ShouldBe(ErrorCode.ResourceNotFound);
        put.Error.Message.ShouldBe("The function doesn't exist.");
        Put(null, new PutEventInvokeConfig()).Error!.Message.ShouldBe("The function doesn't exist.");
        UpdateEventInvokeConfig.Apply(Hello, new UpdateEventInvokeConfig { Qualifier = qualifier }, Context, _ => null)
            .Error!.Message.ShouldBe("The function doesn't exist.");
        DeleteEventInvokeConfig.Apply(Hello, new DeleteEventInvokeConfig(qualifier), Context).Error!.Message
            .ShouldBe($"The function {Arn}:{qualifier} doesn't have an EventInvokeConfig");
    }

    [Fact]
    public void Put_replaces_and_update_merges()
    {
        var first = Put(Hello, new PutEventInvokeConfig { MaximumRetryAttempts = 1, OnSuccess = "a", OnFailure = "b" });
        var updated = UpdateEventInvokeConfig.Apply(
            first.Value, new UpdateEventInvokeConfig { MaximumEventAgeSeconds = 60 }, Context, _ => null).Value;
        updated.EventInvokeConfigs[""].ShouldBe(new EventInvokeConfig
        {
            MaximumRetryAttempts = 1,
            MaximumEventAgeSeconds = 60,
            OnSuccess = "a",
            OnFailure = "b",
            LastModifiedAt = Noon,
        });

        var redirected = UpdateEventInvokeConfig.Apply(
            updated, new UpdateEventInvokeConfig { SetsDestinations = true, OnSuccess = "", OnFailure = "c" },
            Context, _ => null).Value;
        redirected.EventInvokeConfigs[""].OnSuccess.ShouldBeNull();
        redirected.EventInvokeConfigs[""].OnFailure.ShouldBe("c");

        var replaced = Put(redirected, new PutEventInvokeConfig { MaximumRetryAttempts = 0 }).Value;
        replaced.EventInvokeConfigs[""].ShouldBe(
            new EventInvokeConfig { MaximumRetryAttempts = 0, LastModifiedAt = Noon });
    }

    [Fact]
    public void Destinations_are_checked_when_they_are_set_and_only_then()
    {
        var refusal = new Error(ErrorCode.InvalidParameter, "no");
        PutEventInvokeConfig.Apply(Hello, new PutEventInvokeConfig { OnSuccess = "a" }, Context, _ => refusal)
            .Error.ShouldBe(refusal);
        var there = Put(Hello, new PutEventInvokeConfig { OnSuccess = "a" }).Value;
        UpdateEventInvokeConfig.Apply(
            there, new UpdateEventInvokeConfig { MaximumRetryAttempts = 1 }, Context, _ => refusal)
            .IsSuccess.ShouldBeTrue();
        UpdateEventInvokeConfig.Apply(
            there, new UpdateEventInvokeConfig { SetsDestinations = true, OnFailure = "a" }, Context, _ => refusal)
            .Error.ShouldBe(refusal);
    }

    [Fact]
    public void Configuration_goes_with_its_alias_or_version()
    {
        var configured = Put(Hello, new PutEventInvokeConfig { Qualifier = "prod", MaximumRetryAttempts = 0 }).Value;
        configured = Put(configured, new PutEventInvokeConfig { Qualifier = "1", MaximumRetryAttempts = 0 }).Value;

        var withoutAlias = DeleteAlias.Apply(configured, new DeleteAlias("prod"), Context).Value;
        withoutAlias.EventInvokeConfigs.Keys.ShouldBe(["1"]);
        DeleteVersion.Apply(withoutAlias, new DeleteVersion("1"), Context).Value.EventInvokeConfigs.ShouldBeEmpty();
    }

    private static Result<Function> Put(Function? state, PutEventInvokeConfig command) =>
        PutEventInvokeConfig.Apply(state, command, Context, _ => null);
}
