using Lambent.Kernel.Functions;
using Lambent.Kernel.Functions.Commands;
using Shouldly;
using Xunit;

namespace Lambent.Kernel.Tests.Access;

/// <summary>The commands that set what belongs to a function but to none of its versions.</summary>
public sealed class FunctionSettingCommandsTests
{
    private const string Arn = "arn:aws:lambda:us-east-1:000000000000:function:hello";

    private static readonly DateTimeOffset Noon = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    private static readonly CommandContext Context = new(Arn, Noon, () => "revision");

    /// <summary>Wanted, had before, reserved by others, the account's limit, the minimum when refused.</summary>
    [Theory]
    [InlineData(900, null, 0, 1_000, null)]
    [InlineData(901, null, 0, 1_000, 100)]
    [InlineData(400, null, 500, 1_000, null)]
    [InlineData(401, null, 500, 1_000, 100)]
    [InlineData(0, null, 900, 1_000, null)]
    [InlineData(0, null, 2_000, 1_000, null)]
    [InlineData(50, 60, 2_000, 1_000, null)]
    [InlineData(61, 60, 2_000, 1_000, 100)]
    [InlineData(null, 60, 2_000, 1_000, null)]
    [InlineData(1, null, 0, 10, 10)]
    [InlineData(0, null, 0, 10, null)]
    [InlineData(int.MaxValue, null, int.MaxValue, 1_000, 100)]
    public void Reservation_leaves_enough_for_the_others(
        int? wanted, int? before, int others, int limit, int? minimum)
    {
        var function = PermissionTests.NewFunction() with { ReservedConcurrency = before };
        var command = new ReserveConcurrency { Reserved = wanted, ReservedByOthers = others, AccountLimit = limit };
        var result = ReserveConcurrency.Apply(function, command, Context);
        result.Error?.Message.ShouldBe(
            "Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution "
            + $"below its minimum value of [{minimum}].");
        result.IsSuccess.ShouldBe(minimum is null);
        if (result.IsSuccess)
        {
            result.Value.ReservedConcurrency.ShouldBe(wanted);
        }
    }

    [Fact]
    public void Url_is_created_changed_and_deleted()
    {
        var created = CreateFunctionUrl.Apply(
            PermissionTests.NewFunction(), new CreateFunctionUrl { Auth = FunctionUrlAuth.None }, Context).Value;
        var url = created.Urls[""];
        url.ShouldBe(new FunctionUrl { Auth = FunctionUrlAuth.None, CreatedAt = Noon, LastModifiedAt = Noon });

        var later = Context with { Now = Noon.AddHours(1) };
        var policy = new CrossOriginPolicy { AllowOrigins = ["*"] };
        var changed = UpdateFunctionUrl.Apply(created, new UpdateFunctionUrl { CrossOrigin = policy }, later).Value;
        changed.Urls[""].ShouldBe(url with { CrossOrigin = policy, LastModifiedAt = later.Now });

        var kept = UpdateFunctionUrl.Apply(
            changed, new UpdateFunctionUrl { InvokeMode = FunctionUrlInvokeMode.ResponseStream }, later).Value;
        kept.Urls[""].CrossOrigin.ShouldBe(policy);
        kept.Urls[""].Auth.ShouldBe(FunctionUrlAuth.None);
        var removed = UpdateFunctionUrl.Apply(kept, new UpdateFunctionUrl { RemovesCrossOrigin = true }, later).Value;
        removed.Urls[""].CrossOrigin.ShouldBeNull();

        DeleteFunctionUrl.Apply(removed, new DeleteFunctionUrl(null)).Value.Urls.ShouldBeEmpty();
    }

    [Fact]
    public void Url_of_what_is_none_is_told_as_by_AWS()
    {
        var function = PermissionTests.NewFunction();
        var create = new CreateFunctionUrl { Auth = FunctionUrlAuth.None };
        CreateFunctionUrl.Apply(null, create, Context).Error!.Message.ShouldBe("Function does not exist");
        CreateFunctionUrl.Apply(function, create with { Qualifier = "other" }, Context).Error!.Message
            .ShouldBe("Function does not exist");
        var twice = CreateFunctionUrl.Apply(function, create with { Qualifier = "prod" }, Context).Value;
        CreateFunctionUrl.Apply(twice, create with { Qualifier = "prod" }, Context).Error!.Message.ShouldBe(
            $"Failed to create function url config for [functionArn = {Arn}:prod]. "
            + "Error message:  FunctionUrlConfig exists for this Lambda function");
        CreateFunctionUrl.Apply(twice, create, Context).IsSuccess.ShouldBeTrue();
        foreach (var state in new[] { null, function })
        {
            UpdateFunctionUrl.Apply(state, new UpdateFunctionUrl(), Context).Error
                .ShouldBe(FunctionUrlErrors.NotFound);
            DeleteFunctionUrl.Apply(state, new DeleteFunctionUrl("prod")).Error.ShouldBe(FunctionUrlErrors.NotFound);
        }
    }

    [Fact]
    public void Tags_are_set_and_removed()
    {
        var tagged = TagFunction.Apply(
            PermissionTests.NewFunction(),
            new TagFunction(new Dictionary<string, string?> { ["a"] = "1", ["b"] = "2" }),
            Context).Value;
        tagged = TagFunction.Apply(
            tagged, new TagFunction(new Dictionary<string, string?> { ["b"] = "3" }), Context).Value;
        tagged.Tags.Select(tag => $"{tag.Key}={tag.Value}").ShouldBe(["a=1", "b=3"]);
        UntagFunction.Apply(tagged, new UntagFunction(["a", "c"]), Context).Value.Tags.Keys.ShouldBe(["b"]);
        UntagFunction.Apply(null, new UntagFunction(["a"]), Context).Error!.Code.ShouldBe(ErrorCode.FunctionNotFound);
    }

    [Fact]
    public void Tags_beyond_the_limit_are_refused_together_with_those_before()
    {
        var many = Enumerable.Range(0, 50).ToDictionary(number => $"k{number}", _ => (string?)"v");
        var full = TagFunction.Apply(PermissionTests.NewFunction(), new TagFunction(many), Context).Value;
        var one = new TagFunction(new Dictionary<string, string?> { ["one-more"] = "v" });
        TagFunction.Apply(full, one, Context).Error!.Message.ShouldBe("Number of tags exceeds resource tag limit.");
        var same = new TagFunction(new Dictionary<string, string?> { ["k1"] = "w" });
        TagFunction.Apply(full, same, Context).Value.Tags["k1"].ShouldBe("w");
    }

    [Theory]
    [InlineData("GET", null)]
    [InlineData("*", null)]
    [InlineData("OPTIONS", "Member must have length less than or equal to 6")]
    [InlineData("TRACE", "Invalid method 'TRACE' in AllowMethods")]
    [InlineData("get", "Invalid method 'get' in AllowMethods")]
    public void Cross_origin_methods_are_those_of_AWS(string method, string? expected)
    {
        var policy = new CrossOriginPolicy { AllowMethods = [method] };
        var violations = new ConstraintViolations();
        CrossOriginRules.CheckForm(violations, policy);
        var error = violations.ToError() ?? CrossOriginRules.CheckMeaning(policy);
        (error?.Message.Contains(expected!, StringComparison.Ordinal) ?? expected is null).ShouldBeTrue(error?.Message);
    }
}
