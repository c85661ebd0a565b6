using System.Collections.Immutable;
using Lambent.Kernel.Functions;
using Lambent.Kernel.Functions.Commands;
using Lambent.Kernel.Tests.Access;
using Shouldly;
using Xunit;

namespace Lambent.Kernel.Tests.Functions.Commands;

public sealed class ProvisionConcurrencyTests
{
    private const string Arn = "arn:aws:lambda:us-east-1:000000000000:function:hello";

    private static readonly CommandContext Context = new(
        Arn, new DateTimeOffset(2026, 11, 21, 12, 0, 0, TimeSpan.Zero), () => "revision");

    /// <summary>Versions 1 and 2; prod is 1, next is 1 too, split is 1 and 2, head is $LATEST.</summary>
    private static readonly Function Hello = PermissionTests.NewFunction() with
    {
        Versions = ImmutableSortedDictionary<long, FunctionVersion>.Empty.Add(1, Version("1")).Add(2, Version("2")),
        Aliases = ImmutableSortedDictionary.Create<string, Alias>(StringComparer.Ordinal)
            .Add("prod", Alias("prod", "1"))
            .Add("next", Alias("next", "1"))
            .Add("split", Alias("split", "1") with { AdditionalVersion = "2", AdditionalVersionWeight = 0.3 })
            .Add("head", Alias("head", FunctionVersion.LatestName)),
    };

    [Theory]
    [InlineData("$LATEST", "Provisioned Concurrency Configs cannot be applied to unpublished function versions.")]
    [InlineData("head", "Provisioned Concurrency Configs cannot be applied to unpublished function versions.")]
    [InlineData("split", "Invalid alias configuration for Provisioned Concurrency")]
    [InlineData("none", $"Cannot find alias arn: {Arn}:none")]
    [InlineData("3", $"Function not found: {Arn}:3")]
    [InlineData("01", $"Function not found: {Arn}:01")]
    [InlineData("99999999999999999999", $"Function not found: {Arn}:99999999999999999999")]
    [InlineData("", $"Function not found: {Arn}:")]
    public void Qualifier_that_cannot_be_provisioned_is_refused_in_AWSs_words(string qualifier, string message) =>
        Provision(Hello, qualifier, 1).Error!.Message.ShouldBe(message);

    [Fact]
    public void Function_that_is_none_is_refused() =>
        ProvisionConcurrency.Apply(null, Command("1", 1), Context).Error!.Code.ShouldBe(ErrorCode.FunctionNotFound);

    /// <summary>Wanted, reserved or null, taken by others, the account's limit, part of the refusal or null.</summary>
    [Theory]
    [InlineData(5, 5, 0, 1_000, null)]
    [InlineData(6, 5, 0, 1_000, "should not be greater than the reservedConcurrentExecution for function")]
    [InlineData(900, null, 0, 1_000, null)]
    [InlineData(901, null, 0, 1_000, "below its minimum value of [100].")]
    [InlineData(401, null, 500, 1_000, "below its minimum value of [100].")]
    [InlineData(501, null, 500, 1_000, "is greater than account's unreserved concurrency [500].")]
    [InlineData(int.MaxValue, null, 0, 1_000, "is greater than account's unreserved concurrency [1000].")]
    [InlineData(1, null, 2_000, 1_000, "is greater than account's unreserved concurrency [0].")]
    public void Count_must_fit_into_the_limits(int count, int? reserved, int others, int limit, string? refusal)
    {
        var function = Hello with { ReservedConcurrency = reserved };
        var command = Command("1", count) with { TakenByOthers = others, AccountLimit = limit };

        var result = ProvisionConcurrency.Apply(function, command, Context);

        result.IsSuccess.ShouldBe(refusal is null);
        if (refusal is not null)
        {
            result.Error!.Code.ShouldBe(ErrorCode.InvalidParameter);
            result.Error.Message.ShouldContain(refusal);
        }
    }

    [Fact]
    public void Less_than_before_is_allowed_whatever_the_limit_became()
    {
        var before = Provision(Hello, "1", 800).Value;

        ProvisionConcurrency.Apply(before, Command("1", 700) with { AccountLimit = 10 }, Context).IsSuccess
            .ShouldBeTrue();
        ProvisionConcurrency.Apply(before, Command("1", 801) with { AccountLimit = 10 }, Context).IsSuccess
            .ShouldBeFalse();
    }

    [Fact]
    public void Version_and_its_alias_exclude_each_other_but_two_aliases_add_up()
    {
        var alias = Provision(Hello, "prod", 2).Value;
        Provision(alias, "1", 1).Error!.Message.ShouldBe("Version is pointed by a Provisioned Concurrency alias");
        Provision(alias, "2", 1).IsSuccess.ShouldBeTrue();
        ProvisionedRules.Total(Provision(alias, "next", 3).Value).ShouldBe(5);

        var version = Provision(Hello, "1", 1).Value;
        var conflict = Provision(version, "prod", 1).Error!;
        conflict.Code.ShouldBe(ErrorCode.ResourceConflict);
        conflict.Message.ShouldBe(
            "Alias can't be used for Provisioned Concurrency configuration on an already Provisioned version");
    }

    [Fact]
    public void Provisioned_alias_moves_and_splits_but_not_onto_what_cannot_be_provisioned()
    {
        var function = Provision(Provision(Hello, "prod", 10).Value, "2", 1).Value;
        Move(function, new UpdateAlias { Name = "prod", FunctionVersion = "2" }).Error!.Code
            .ShouldBe(ErrorCode.ResourceConflict);
        Move(function, new UpdateAlias { Name = "prod", FunctionVersion = "$LATEST" }).Error!.Message
            .ShouldContain("unpublished function versions");

        var free = UnprovisionConcurrency.Apply(function, new UnprovisionConcurrency("2"), Context).Value;
        var routing = new AliasRouting([KeyValuePair.Create<string, double?>("2", 0.25)]);
        var split = Move(free, new UpdateAlias { Name = "prod", Routing = routing }).Value;
        ProvisionedRules.Shares(split, "prod", 10).ShouldBe([("1", 7), ("2", 3)]);
        ProvisionedRules.Shares(split, "1", 4).ShouldBe([("1", 4)]);
        Move(free, new UpdateAlias { Name = "prod", FunctionVersion = "2" }).IsSuccess.ShouldBeTrue();
    }

    [Fact]
    public void Reservation_cannot_be_less_than_what_is_provisioned()
    {
        var function = Provision(Provision(Hello, "prod", 2).Value, "2", 1).Value;

        Reserve(function, 2).Error!.Message.ShouldBe(
            "ReservedConcurrentExecutions  2 should not be lower than function's total provisioned concurrency [3].");
        Reserve(function, 3).Value.ReservedConcurrency.ShouldBe(3);
    }

    [Fact]
    public void Windows_and_count_are_set_one_without_the_other_and_the_most_counts()
    {
        var window = new ProvisionedWindow
        {
            Count = 9,
            From = new TimeOnly(8, 0),
            To = new TimeOnly(9, 0),
            Days = DaysOfWeek.Every,
            Zone = "UTC",
        };

        var function = ProvisionConcurrency.Apply(
            Hello, Command("1", null) with { Windows = [window] }, Context).Value;
        function.Provisioned["1"].Peak.ShouldBe(9);
        function = Provision(function, "1", 3).Value;
        function.Provisioned["1"].Windows.ShouldBe([window]);
        function.Provisioned["1"].Count.ShouldBe(3);
        ProvisionedRules.SetAside(function).ShouldBe(9);
        Provision(Hello, "1", 0).Error!.Code.ShouldBe(ErrorCode.InvalidParameter);
    }

    [Fact]
    public void Configuration_ends_with_what_it_is_for()
    {
        var function = Provision(Provision(Hello, "prod", 2).Value, "2", 1).Value;

        DeleteAlias.Apply(function, new DeleteAlias("prod"), Context).Value.Provisioned.Keys.ShouldBe(["2"]);
        var unaliased = function with { Aliases = function.Aliases.Remove("split") };
        DeleteVersion.Apply(unaliased, new DeleteVersion("2"), Context).Value.Provisioned.Keys.ShouldBe(["prod"]);
        UnprovisionConcurrency.Apply(function, new UnprovisionConcurrency("next"), Context).Value.Provisioned.Count
            .ShouldBe(2, "there was none, which is no failure");
        UnprovisionConcurrency.Apply(function, new UnprovisionConcurrency("$LATEST"), Context).Error!.Message
            .ShouldBe("The function resource provided must be an alias or a published version.");
    }

    private static Result<Function> Provision(Function function, string qualifier, int count) =>
        ProvisionConcurrency.Apply(function, Command(qualifier, count), Context);

    private static Result<Function> Move(Function function, UpdateAlias command) =>
        UpdateAlias.Apply(function, command, Context);

    private static Result<Function> Reserve(Function function, int reserved) => ReserveConcurrency.Apply(
        function,
        new ReserveConcurrency { Reserved = reserved, ReservedByOthers = 0, AccountLimit = 1_000 },
        Context);

    private static ProvisionConcurrency Command(string qualifier, int? count) => new()
    {
        Qualifier = qualifier,
        Count = count,
        TakenByOthers = 0,
        AccountLimit = 1_000,
    };

    private static FunctionVersion Version(string version) =>
        PermissionTests.NewFunction().Latest with { Version = version };

    private static Alias Alias(string name, string version) => new()
    {
        Name = name,
        FunctionVersion = version,
        RevisionId = "revision",
    };
}
