using Lambent.Kernel.Values;
using Lambent.Kernel.Workflows.Definitions;
using Lambent.Kernel.Workflows.Expressions;
using Shouldly;
using Xunit;

namespace Lambent.Kernel.Tests.Workflows.Expressions;

public sealed class ChoiceTests
{
    private const string Input = """
        {"s":"b","t":"b","n":5,"m":5.0,"big":9007199254740993,"yes":true,"no":false,"nil":null,"o":{},"l":[1],
         "at":"2026-03-01T12:00:00Z","same":"2026-03-01T13:00:00+01:00","star":"a*b","path":"a\\b"}
        """;

    [Theory]
    [InlineData("""{"Variable":"$.s","StringEquals":"b"}""", true)]
    [InlineData("""{"Variable":"$.s","StringEquals":"B"}""", false)]
    [InlineData("""{"Variable":"$.n","StringEquals":"5"}""", false)]
    [InlineData("""{"Variable":"$.s","StringEqualsPath":"$.t"}""", true)]
    [InlineData("""{"Variable":"$.s","StringEqualsPath":"$.n"}""", false)]
    [InlineData("""{"Variable":"$.s","StringLessThan":"c"}""", true)]
    [InlineData("""{"Variable":"$.s","StringLessThan":"b"}""", false)]
    [InlineData("""{"Variable":"$.s","StringGreaterThan":"B"}""", true)]
    [InlineData("""{"Variable":"$.s","StringLessThanEquals":"b"}""", true)]
    [InlineData("""{"Variable":"$.s","StringGreaterThanEquals":"c"}""", false)]
    [InlineData("""{"Variable":"$.n","NumericEquals":5.0}""", true)]
    [InlineData("""{"Variable":"$.n","NumericEqualsPath":"$.m"}""", true)]
    [InlineData("""{"Variable":"$.big","NumericEquals":9007199254740992}""", false)]
    [InlineData("""{"Variable":"$.n","NumericLessThan":5}""", false)]
    [InlineData("""{"Variable":"$.n","NumericGreaterThanEquals":5}""", true)]
    [InlineData("""{"Variable":"$.yes","BooleanEquals":true}""", true)]
    [InlineData("""{"Variable":"$.no","BooleanEqualsPath":"$.yes"}""", false)]
    [InlineData("""{"Variable":"$.s","BooleanEquals":false}""", false)]
    [InlineData("""{"Variable":"$.at","TimestampEqualsPath":"$.same"}""", true)]
    [InlineData("""{"Variable":"$.at","TimestampLessThan":"2026-03-01T12:00:00.001Z"}""", true)]
    [InlineData("""{"Variable":"$.s","TimestampLessThan":"2026-03-01T12:00:00Z"}""", false)]
    [InlineData("""{"Variable":"$.star","StringMatches":"a\\*b"}""", true)]
    [InlineData("""{"Variable":"$.s","StringMatches":"a\\*b"}""", false)]
    [InlineData("""{"Variable":"$.star","StringMatches":"**a**b**"}""", true)]
    [InlineData("""{"Variable":"$.star","StringMatches":"\\**"}""", false)]
    [InlineData("""{"Variable":"$.path","StringMatches":"a\\\\*"}""", true)]
    [InlineData("""{"Variable":"$.n","StringMatches":"*"}""", false)]
    [InlineData("""{"Variable":"$.s","IsPresent":true}""", true)]
    [InlineData("""{"Variable":"$.none.deep","IsPresent":true}""", false)]
    [InlineData("""{"Variable":"$.none","IsPresent":false}""", true)]
    [InlineData("""{"Variable":"$nobody","IsPresent":false}""", true)]
    [InlineData("""{"Variable":"$.nil","IsPresent":true}""", true)]
    [InlineData("""{"Variable":"$.nil","IsNull":true}""", true)]
    [InlineData("""{"Variable":"$.s","IsNull":false}""", true)]
    [InlineData("""{"Variable":"$.n","IsNumeric":true}""", true)]
    [InlineData("""{"Variable":"$.s","IsString":true}""", true)]
    [InlineData("""{"Variable":"$.no","IsBoolean":true}""", true)]
    [InlineData("""{"Variable":"$.at","IsTimestamp":true}""", true)]
    [InlineData("""{"Variable":"$.s","IsTimestamp":true}""", false)]
    [InlineData("""{"Not":{"Variable":"$.s","IsNull":true}}""", true)]
    [InlineData("""{"And":[{"Variable":"$.s","IsNull":false},{"Variable":"$.s","IsNumeric":true}]}""", false)]
    [InlineData("""{"Or":[{"Variable":"$.s","IsNull":true},{"Variable":"$.s","IsString":true}]}""", true)]
    [InlineData("""{"Or":[{"Variable":"$.s","IsString":true},{"Variable":"$.none","IsString":true}]}""", true)]
    [InlineData("""{"Variable":"$outer.a","NumericEquals":5}""", true)]
    [InlineData("""{"Variable":"$$.State.Name","StringEquals":"X"}""", true)]
    public void Rule_holdsOrNot(string rule, bool expected) => Evaluate(rule).Value.ShouldBe(DataBoolean.Of(expected));

    [Theory]
    [InlineData("""{"Variable":"$.none","StringEquals":"b"}""", "$.none")]
    [InlineData("""{"Variable":"$.s","StringEqualsPath":"$.none"}""", "$.none")]
    [InlineData("""{"Variable":"$.none","IsNull":true}""", "$.none")]
    [InlineData("""{"Not":{"Variable":"$.none","StringMatches":"*"}}""", "$.none")]
    [InlineData("""{"And":[{"Variable":"$.s","IsString":true},{"Variable":"$.none.a","IsString":true}]}""", "$.none.a")]
    public void Rule_withAPathToNothing_failsAsAwsSays(string rule, string path) =>
        Evaluate(rule).Failure.ShouldBe(new EvaluationFailure(
            "States.Runtime",
            $"Invalid path '{path}': The choice state's condition path references an invalid value."));

    [Theory]
    [InlineData("2026-01-01T00:00:00Z", true)]
    [InlineData("2026-01-01T00:00:00.123456789Z", true)]
    [InlineData("2026-01-01T00:00:00-08:00", true)]
    [InlineData("0001-01-01T00:00:00+01:00", false)]
    [InlineData("9999-12-31T23:59:59-01:00", false)]
    [InlineData("2026-01-01T00:00:00", false)]
    [InlineData("2026-01-01t00:00:00Z", false)]
    [InlineData("2026-01-01T00:00:00z", false)]
    [InlineData("2026-01-01 00:00:00Z", false)]
    [InlineData("2026-02-30T00:00:00Z", false)]
    [InlineData("2026-01-01T24:00:00Z", false)]
    [InlineData("2026-01-01T00:00:00.Z", false)]
    [InlineData("2026-01-01T00:00:00+0100", false)]
    [InlineData("2026-01-01T00:00:00+15:00", false)]
    [InlineData("", false)]
    public void Time_isReadOrNot(string text, bool expected) => (Rfc3339.Read(text) is not null).ShouldBe(expected);

    [Fact]
    public void Rules_nestedTooDeep_areRefused()
    {
        var rule = """{"Variable":"$.s","IsString":true}""";
        for (var depth = 0; depth < 40; depth++)
        {
            rule = $$"""{"Not":{{rule}} }""";
        }

        Read(rule).Diagnostics.ShouldHaveSingleItem().Message.ShouldBe("Rules are nested more than 30 times");
    }

    private static Evaluation Evaluate(string rule)
    {
        var reading = Read(rule);
        reading.Diagnostics.ShouldBeEmpty();
        var state = reading.Definition!.Graph.States["X"].ShouldBeOfType<ChoiceState>();
        return state.Choices[0].Condition.Evaluate(ExpressionScenario.Scope(Input));
    }

    private static DefinitionReading Read(string rule) => DefinitionReader.Read(
        """{"StartAt":"X","States":{"X":{"Type":"Choice","Choices":[""" + rule[..^1]
        + ""","Next":"Y"}]},"Y":{"Type":"Succeed"}}}""",
        new DefinitionOptions(false));
}
