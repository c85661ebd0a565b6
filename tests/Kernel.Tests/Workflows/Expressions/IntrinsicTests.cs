using Lambent.Kernel.Values;
using Shouldly;
using Xunit;

namespace Lambent.Kernel.Tests.Workflows.Expressions;

public sealed class IntrinsicTests
{
    private const string Input = """
        {"name":"Ada","n":5,"list":[1,2,3,4,5],"twice":[1,"1",1.0,{"a":1,"b":2},{"b":2,"a":1},[1],[1]],
         "json":"{\"a\":[1.50]}","template":"<{}>","left":{"a":1,"b":{"x":1}},"right":{"b":{"y":2}}}
        """;

    [Theory]
    [InlineData("States.Format('no places')", "\"no places\"")]
    [InlineData("States.Format('{} {}', $.name, $.n)", "\"Ada 5\"")]
    [InlineData(@"States.Format('\{\} \'{}\' \\', true)", @"""{} 'true' \\""")]
    [InlineData("States.Format($.template, null)", "\"<null>\"")]
    [InlineData("States.Format('{}', $.left)", """ "{\"a\":1,\"b\":{\"x\":1}}" """)]
    [InlineData("States.StringToJson($.json)", """{"a":[1.50]}""")]
    [InlineData("States.JsonToString($.left)", """ "{\"a\":1,\"b\":{\"x\":1}}" """)]
    [InlineData("States.Array()", "[]")]
    [InlineData(
        "States.Array(1, -2.5, 'x', null, true, false, $.n, States.Array())",
        """[1,-2.5,"x",null,true,false,5,[]]""")]
    [InlineData("States.ArrayPartition($.list, 2)", "[[1,2],[3,4],[5]]")]
    [InlineData("States.ArrayPartition($.list, 1.5)", "[[1,2],[3,4],[5]]")]
    [InlineData("States.ArrayPartition($.list, 9)", "[[1,2,3,4,5]]")]
    [InlineData("States.ArrayPartition(States.Array(), 2)", "[]")]
    [InlineData("States.ArrayContains($.list, 5.0)", "true")]
    [InlineData("States.ArrayContains($.list, '5')", "false")]
    [InlineData("States.ArrayRange(1, 9, 2)", "[1,3,5,7,9]")]
    [InlineData("States.ArrayRange(5, 1, -2)", "[5,3,1]")]
    [InlineData("States.ArrayRange(1, 8, 3)", "[1,4,7]")]
    [InlineData("States.ArrayRange(2, 2, 5)", "[2]")]
    [InlineData("States.ArrayRange(1, 9, -1)", "[]")]
    [InlineData("States.ArrayGetItem($.list, 0)", "1")]
    [InlineData("States.ArrayLength($.list)", "5")]
    [InlineData("States.ArrayUnique($.twice)", """[1,"1",{"a":1,"b":2},[1]]""")]
    [InlineData("States.Base64Encode('Grüße')", "\"R3LDvMOfZQ==\"")]
    [InlineData("States.Base64Decode('R3LDvMOfZQ==')", "\"Grüße\"")]
    [InlineData("States.Hash('hello', 'SHA-1')", "\"aaf4c61ddcc5e8a2dabede0f3b482cd9aea9434d\"")]
    [InlineData("States.Hash($.n, 'MD5')", "\"e4da3b7fbbce2345d7772b0674a318d5\"")]
    [InlineData("States.JsonMerge($.left, $.right, false)", """{"a":1,"b":{"y":2}}""")]
    [InlineData("States.MathAdd(111, -1)", "110")]
    [InlineData("States.MathAdd(1.5, 1.4)", "3")]
    [InlineData("States.MathRandom(7, 8)", "7")]
    [InlineData("States.StringSplit('1,2,,3', ',')", """["1","2","3"]""")]
    [InlineData("States.StringSplit('This.is+a,test=string', '.+,=')", """["This","is","a","test","string"]""")]
    [InlineData("  States.Format( 'a{}' ,  $.n )  ", "\"a5\"")]
    public void Call_yieldsWhatIsDocumented(string call, string expected)
    {
        var evaluation = ExpressionScenario.Computed(call, Input);

        evaluation.Failure.ShouldBeNull();
        evaluation.Value.ShouldBe(ExpressionScenario.Json(expected));
    }

    [Theory]
    [InlineData("States.Format($.name, 1)", "the template has 0 places for 1 arguments")]
    [InlineData("States.Format($.n)", "the template is not a string")]
    [InlineData("States.StringToJson($.name)", "the argument is not JSON")]
    [InlineData("States.ArrayPartition($.name, 1)", "the first argument is not an array")]
    [InlineData("States.ArrayPartition($.list, 0)", "the second argument is not a number of at least 1")]
    [InlineData("States.ArrayRange(1, 1001, 1)", "the range has more than 1000 items")]
    [InlineData("States.ArrayRange(1, 9, 0)", "the step must not be 0")]
    [InlineData("States.ArrayRange(1, 1e300, 1)", "the arguments are not all numbers")]
    [InlineData("States.ArrayGetItem($.list, 5)", "the index 5 is not one of the array's 5 items")]
    [InlineData("States.ArrayGetItem($.list, -1)", "the index -1 is not one of the array's 5 items")]
    [InlineData("States.ArrayLength($.n)", "the first argument is not an array")]
    [InlineData("States.Base64Encode($.n)", "the argument is not a string of at most 10000 characters")]
    [InlineData("States.Base64Decode('!')", "the argument is not Base64")]
    [InlineData("States.Hash('a', 'CRC')", "the algorithm is not one of MD5, SHA-1, SHA-256, SHA-384, SHA-512")]
    [InlineData("States.JsonMerge($.left, $.right, true)", "only shallow merging is supported")]
    [InlineData("States.JsonMerge($.left, $.n, false)", "the first two arguments are not both objects")]
    [InlineData("States.MathAdd(2147483647, 1)", "the sum 2147483648 is not between -2147483648 and 2147483647")]
    [InlineData("States.MathAdd('1', 1)", "the arguments are not both numbers")]
    [InlineData("States.MathRandom(2, 2)", "the first argument must be smaller than the second")]
    [InlineData("States.StringSplit($.n, ',')", "the arguments are not both strings")]
    public void Call_thatDoesNotFit_fails(string call, string problem)
    {
        var failure = ExpressionScenario.Computed(call, Input).Failure.ShouldNotBeNull();

        failure.Error.ShouldBe("States.IntrinsicFailure");
        failure.Cause.ShouldStartWith($"The function '{call}' had the following error: ");
        failure.Cause.ShouldContain(problem);
    }

    [Fact]
    public void Call_withAPathToNothing_failsAsAwsSays()
    {
        var failure = ExpressionScenario.Computed("States.Format('{}', $.nope)", """{"other":1}""")
            .Failure.ShouldNotBeNull();

        failure.Error.ShouldBe("States.Runtime");
        failure.Cause.ShouldBe("The function 'States.Format('{}', $.nope)' had the following error: The JsonPath "
            + "argument for the field '$.nope' could not be found in the input '{\"other\":1}'");
    }

    [Fact]
    public void Random_withASeed_isTheSame_andWithoutOneIsChance()
    {
        var numbers = Enumerable.Range(0, 50)
            .Select(_ => ExpressionScenario.Computed("States.MathRandom(1, 1000, 42)", "{}").Value).Distinct();
        numbers.ShouldHaveSingleItem();

        var scope = ExpressionScenario.Scope("{}");
        scope.Chance().ShouldNotBe(scope.Chance());
        var uuid = ((DataText)ExpressionScenario.Computed("States.UUID()", "{}").Value).Value;
        Guid.Parse(uuid).Version.ShouldBe(4);
    }

    [Theory]
    [InlineData("Format('a')", "a function such as States.Format is missing")]
    [InlineData("States.Nope()", "there is no function 'States.Nope'")]
    [InlineData("States.Format", "'(' is missing")]
    [InlineData("States.Format('a'", "',' or ')' is missing")]
    [InlineData("States.Format('a)", "a closing ''' is missing")]
    [InlineData("States.Format(a)", "an argument is a path, a text in single quotes")]
    [InlineData("States.Format('a') b", "there is more after the call")]
    [InlineData(@"States.Format('a\n')", @"after a backslash only ' { } and \ may stand")]
    [InlineData("States.Format('{}')", "the template has 1 places for 0 arguments")]
    [InlineData("States.Format('{a}', 1)", "'{' that is no place for an argument needs a backslash")]
    [InlineData("States.ArrayLength()", "States.ArrayLength does not take 0 arguments")]
    [InlineData("States.UUID(1)", "States.UUID does not take 1 arguments")]
    [InlineData("States.ArrayLength($.a[)", "an index")]
    public void Call_thatCannotBeRead_isRefused(string call, string problem) =>
        ExpressionScenario.Refused(call).ShouldContain(problem);

    [Fact]
    public void Calls_areNestedTenTimes()
    {
        static string Nested(int depth) => depth == 1 ? "States.Array()" : $"States.Array({Nested(depth - 1)})";

        ExpressionScenario.Computed(Nested(10), "{}").Failure.ShouldBeNull();
        ExpressionScenario.Refused(Nested(11)).ShouldContain("more than 10 calls are nested");
    }

    [Fact]
    public void Calls_thatMultiply_endInAFailure()
    {
        var input = $$"""{"a":"{{new string('x', 100_000)}}"}""";

        ExpressionScenario.Computed("States.Format('{}{}{}', $.a, $.a, $.a)", input)
            .Failure.ShouldNotBeNull().Cause.ShouldContain("longer than 262144");
        ExpressionScenario.Computed("States.Array($.a, $.a, $.a)", input)
            .Failure.ShouldNotBeNull().Cause.ShouldContain("longer than 262144");
        ExpressionScenario.Computed("States.Base64Encode($.a)", input).Failure.ShouldNotBeNull();
    }
}
