using Lambent.Kernel.Values;
using Lambent.Kernel.Workflows.Definitions;
using Lambent.Kernel.Workflows.Expressions;
using Lambent.Kernel.Workflows.Expressions.Templates;
using Shouldly;
using Xunit;

namespace Lambent.Kernel.Tests.Workflows.Expressions;

public sealed class TemplateTests
{
    [Theory]
    [InlineData("""{"a":1,"b":["x",{"c":null}]}""", """{"a":1,"b":["x",{"c":null}]}""")]
    [InlineData("""{"a.$":"$","b.$":"$.n","c":{"d.$":"$$.State.Name"}}""", """{"a":{"n":5},"b":5,"c":{"d":"X"}}""")]
    [InlineData("""[{"a.$":"$.n"},{"b.$":"$inner[0]"}]""", """[{"a":5},{"b":1}]""")]
    [InlineData("""{"a.$":"$..n"}""", """{"a":[5]}""")]
    [InlineData("""{"a.$":"States.Array($.n, $outer.a)"}""", """{"a":[5,5]}""")]
    [InlineData(""" "$.n" """, """ "$.n" """)]
    public void PathTemplate_computesWhatEndsWithDollar(string template, string expected) =>
        Paths(template).Evaluate(ExpressionScenario.Scope("""{"n":5}""")).Value
            .ShouldBe(ExpressionScenario.Json(expected));

    [Theory]
    [InlineData("$.x", "The JSONPath '$.x' specified for the field 'y.$' could not be found in the input '{\"n\":5}'")]
    [InlineData(
        "$none",
        "The JSONPath '$none' specified for the field 'y.$' could not be found in the input '{\"n\":5}'")]
    [InlineData(
        "$.n.max()",
        "The JSONPath '$.n.max()' could not be evaluated: the function max() does not apply to what the path selects")]
    public void PathTemplate_withAPathToNothing_failsAsAwsSays(string path, string cause)
    {
        var failure = Paths($$"""{"a":{"y.$":"{{path}}"} }""")
            .Evaluate(ExpressionScenario.Scope("""{"n":5}""")).Failure;

        failure.ShouldBe(new EvaluationFailure("States.Runtime", cause));
    }

    [Fact]
    public void Cause_isCutToWhatAwsShows()
    {
        var input = new DataObject(("a", new string('x', 100_000)));

        Paths("""{"y.$":"$.b"}""").Evaluate(ExpressionScenario.Scope(input)).Failure!.Cause.Length
            .ShouldBe(Limits.WorkflowCauseLengthMax);
    }

    [Fact]
    public void PathTemplate_thatMultiplies_endsInAFailure()
    {
        var members = string.Join(',', Enumerable.Range(0, 20_000).Select(number => $"\"{number}.$\":\"$\""));
        var input = new DataObject(("a", new string('x', 200_000)));

        var failure = Paths($"{{{members}}}").Evaluate(ExpressionScenario.Scope(input)).Failure.ShouldNotBeNull();

        failure.Error.ShouldBe("States.DataLimitExceeded");
    }

    [Fact]
    public void PathTemplate_deeperThanCanBeReadBack_endsInAFailure()
    {
        var deep = ExpressionScenario.Json(new string('[', 256) + new string(']', 256));

        Paths("""{"a.$":"$"}""").Evaluate(ExpressionScenario.Scope(deep)).Failure.ShouldNotBeNull()
            .Error.ShouldBe("States.DataLimitExceeded");
    }

    [Theory]
    [InlineData("$.a", "1")]
    [InlineData("$", """{"a":1}""")]
    public void StatePath_selects(string path, string expected) =>
        Field("InputPath", path).Evaluate(ExpressionScenario.Scope("""{"a":1}""")).Value
            .ShouldBe(ExpressionScenario.Json(expected));

    [Fact]
    public void StatePath_toNothing_failsAsAwsSays() =>
        Field("InputPath", "$.b.c").Evaluate(ExpressionScenario.Scope("""{"a":1}""")).Failure.ShouldBe(
            new EvaluationFailure("States.Runtime", "Invalid path '$.b.c' : Missing property in path $['b']"));

    [Fact]
    public void StatePath_null_isAnEmptyObject()
    {
        var state = Pass(""" "InputPath":null """);
        state.InputPath!.Evaluate(ExpressionScenario.Scope("1")).Value.ShouldBe(DataObject.Empty);
    }

    [Theory]
    [InlineData("3", null)]
    [InlineData("3.0", null)]
    [InlineData("null", "The SecondsPath parameter cannot be parsed as a long value: $.s == null")]
    [InlineData("\"3\"", "The SecondsPath parameter cannot be parsed as a long value: $.s == \"3\"")]
    [InlineData("1.5", "The SecondsPath parameter cannot be parsed as a long value: $.s == 1.5")]
    [InlineData("-1", "The SecondsPath parameter references a negative value: $.s == -1")]
    [InlineData(
        "100000000",
        "The SecondsPath parameter references a value that is not between 0 and 99999999: $.s == 100000000")]
    public void SecondsPath_givesSeconds(string value, string? cause) =>
        Evaluate<WaitState>(
            """ "Type":"Wait","SecondsPath":"$.s","End":true """, state => state.Seconds, $$"""{"s":{{value}}}""")
            .Failure?.Cause.ShouldBe(cause);

    [Fact]
    public void SecondsPath_toNothing_failsAsAwsSays() =>
        Evaluate<WaitState>(""" "Type":"Wait","SecondsPath":"$.s","End":true """, state => state.Seconds, "{}")
            .Failure!.Cause.ShouldBe("The SecondsPath parameter does not reference an input value: $.s");

    [Fact]
    public void TimestampPath_toNoTime_failsAsAwsSays() =>
        Evaluate<WaitState>(
            """ "Type":"Wait","TimestampPath":"$.t","End":true """, state => state.Timestamp, """{"t":"today"}""")
            .Failure!.Cause.ShouldBe("The TimestampPath parameter does not reference a valid ISO-8601 extended offset "
                + "date-time format string: $.t == today");

    [Fact]
    public void ItemsPath_toWhatIsNoArray_failsAsAwsSays()
    {
        const string map = """
            "Type":"Map","ItemsPath":"$.items","End":true,
            "ItemProcessor":{"StartAt":"Y","States":{"Y":{"Type":"Succeed"}}}
            """;

        Evaluate<MapState>(map, state => state.Items, """{"items":7}""").Failure
            .ShouldBe(new EvaluationFailure("States.Runtime", "Reference path \"$.items\" must point to array."));
        Evaluate<MapState>(map, state => state.Items, """{"a":7}""").Failure.ShouldBe(
            new EvaluationFailure("States.ReferencePathConflict", "Unable to apply step \"items\" to input {\"a\":7}"));
        Evaluate<MapState>(map, state => state.Items, """{"items":[7]}""").Value.ToString().ShouldBe("[7]");
    }

    [Fact]
    public void Credentials_giveTheRole()
    {
        const string role = """ "Type":"Task","Resource":"arn:aws:states:::lambda:invoke","End":true,"Credentials":""";

        Evaluate<TaskState>(role + """{"RoleArn":"r"}""", state => state.Credentials, "{}").Value.ShouldBe("r");
        Evaluate<TaskState>(role + """{"RoleArn.$":"$.r"}""", state => state.Credentials, """{"r":"x"}""")
            .Value.ShouldBe("x");
        Evaluate<TaskState>(role + """{"RoleArn.$":"$.r"}""", state => state.Credentials, """{"r":7}""")
            .Failure.ShouldNotBeNull();
    }

    [Fact]
    public void ErrorPath_takesPathsAndFunctions()
    {
        const string fail = """ "Type":"Fail","ErrorPath":"$.e","CausePath":"States.Format('{}!', $.c)" """;

        Evaluate<FailState>(fail, state => state.Error, """{"e":"E","c":7}""").Value.ShouldBe("E");
        Evaluate<FailState>(fail, state => state.Cause, """{"e":"E","c":7}""").Value.ShouldBe("7!");
        Evaluate<FailState>(fail, state => state.Error, """{"e":7,"c":7}""").Failure!.Cause
            .ShouldBe("The ErrorPath parameter does not reference a string: $.e == 7");
    }

    private static Evaluation Evaluate<TState>(string fields, Func<TState, IExpression?> field, string input)
        where TState : State =>
        field(One<TState>(fields)).ShouldNotBeNull().Evaluate(ExpressionScenario.Scope(input));

    private static TState One<TState>(string fields)
        where TState : State
    {
        var text = """{"StartAt":"X","States":{"X":{""" + fields + "}}}";
        var reading = DefinitionReader.Read(text, new DefinitionOptions(false));
        reading.Diagnostics.ShouldBeEmpty();
        return reading.Definition.ShouldNotBeNull().Graph.States["X"].ShouldBeOfType<TState>();
    }

    private static PassState Pass(string field) => One<PassState>(""" "Type":"Pass","End":true,""" + field);

    private static IExpression Field(string name, string path) =>
        Pass($"\"{name}\":\"{path}\"").InputPath.ShouldNotBeNull();

    private static IExpression Paths(string template)
    {
        var problems = new DefinitionProblems();
        var expression = new PathTemplateReader("/States/X", problems)
            .Read(ExpressionScenario.Json(template), "Parameters");
        problems.HasErrors.ShouldBeFalse();
        return expression;
    }
}
