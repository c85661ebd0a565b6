using Lambent.Kernel.Workflows.Definitions;
using Lambent.Kernel.Workflows.Expressions;
using Shouldly;
using Xunit;

namespace Lambent.Kernel.Tests.Workflows.Expressions;

public sealed class ResultTargetTests
{
    [Theory]
    [InlineData("$", """{"a":1}""", "7")]
    [InlineData("$.b", """{"a":1}""", """{"a":1,"b":7}""")]
    [InlineData("$.a", """{"a":1,"b":2}""", """{"a":7,"b":2}""")]
    [InlineData("$.x.y.z", "{}", """{"x":{"y":{"z":7}}}""")]
    [InlineData("$['odd key'].z", """{"odd key":{"y":1}}""", """{"odd key":{"y":1,"z":7}}""")]
    [InlineData("$.list[1]", """{"list":[1,2]}""", """{"list":[1,7]}""")]
    [InlineData("$.list[0].a", """{"list":[{"b":1}]}""", """{"list":[{"b":1,"a":7}]}""")]
    [InlineData("$[0]", "[1]", "[7]")]
    [InlineData(null, """{"a":1}""", """{"a":1}""")]
    public void Put_putsTheValueThere(string? path, string into, string expected) =>
        Read(path).Put(ExpressionScenario.Json(into), 7).Value.ShouldBe(ExpressionScenario.Json(expected));

    [Theory]
    [InlineData(
        "$.a",
        "[1]",
        "Unable to apply ResultPath '$.a': the member 'a' of an array of 1 cannot be set in the input [1]")]
    [InlineData("$.a.b", """{"a":"x"}""", "the member 'b' of a string")]
    [InlineData("$.a.b", """{"a":null}""", "the member 'b' of a null")]
    [InlineData("$.list[2]", """{"list":[1,2]}""", "the item [2] of an array of 2")]
    [InlineData("$.list[0]", "{}", "the item [0] of what is not there")]
    public void Put_whereThereIsNoPlace_fails(string path, string into, string cause)
    {
        var failure = Read(path).Put(ExpressionScenario.Json(into), 7).Failure.ShouldNotBeNull();

        failure.Error.ShouldBe("States.ResultPathMatchFailure");
        failure.Cause.ShouldContain(cause);
    }

    [Fact]
    public void Put_longerOrDeeperThanAPayload_fails()
    {
        var large = new string('x', 200_000);
        var deep = ExpressionScenario.Json(new string('[', 250) + new string(']', 250));

        Read("$.b").Put(ExpressionScenario.Json($$"""{"a":"{{large}}"}"""), large).Failure!.Error
            .ShouldBe("States.DataLimitExceeded");
        Read("$.a.b.c.d.e.f.g.h").Put(ExpressionScenario.Json("{}"), deep).Failure!.Error
            .ShouldBe("States.DataLimitExceeded");
    }

    [Theory]
    [InlineData("$.a[-1]")]
    [InlineData("$..a")]
    [InlineData("$[*]")]
    [InlineData("$$.a")]
    [InlineData("$variable")]
    [InlineData("a")]
    public void Read_whatIsNoPlace_isRefused(string text) => ResultTargets.Read(text).Target.ShouldBeNull();

    private static ResultTarget Read(string? text) => ResultTargets.Read(text).Target.ShouldNotBeNull();
}
