using Lambent.Kernel.Values;
using Lambent.Kernel.Workflows.Definitions;
using Lambent.Kernel.Workflows.Expressions;
using Lambent.Kernel.Workflows.Expressions.Templates;
using Shouldly;
using Xunit;

namespace Lambent.Kernel.Tests.Workflows.Expressions;

public sealed class JsonataTemplateTests
{
    [Theory]
    [InlineData("""{"a":1,"b":["x",null]}""", """{"a":1,"b":["x",null]}""")]
    [InlineData(""" "{% $states.input.n + 1 %}" """, "6")]
    [InlineData(""" "{%$states.input%}" """, """{"n":5,"list":[1,2]}""")]
    [InlineData("""{"a":["{% $states.input.list %}"],"b":{"c":"{% $states.context.State.Name %}"}}""",
        """{"a":[[1,2]],"b":{"c":"X"}}""")]
    [InlineData(""" "{% $outer.a & '' %}" """, "\"5\"")]
    [InlineData(""" "{% $inner[0] %}" """, "1")]
    [InlineData(""" "{% $states.result.r %}" """, "7")]
    [InlineData(""" "{% $states.errorOutput.Error %}" """, "\"E\"")]
    [InlineData(""" "{% null %}" """, "null")]
    public void Template_computesWhatIsInBrackets(string template, string expected) =>
        Read(template).Evaluate(Scope).Value.ShouldBe(ExpressionScenario.Json(expected));

    [Theory]
    [InlineData(
        """{"v":"{% $states.input.none %}"}""",
        "$states.input.none",
        "Output/v",
        "returned nothing (undefined).")]
    [InlineData("""{"a":{"b":[1,"{% $none %}"]}}""", "$none", "Output/a/b[1]", "returned nothing (undefined).")]
    [InlineData(""" "{% $sum %}" """, "$sum", "Output", "returned an unsupported result type.")]
    [InlineData(""" "{% $states.input.n + 'x' %}" """, "$states.input.n + 'x'", "Output",
        "threw an error during evaluation. T2002: ")]
    public void Template_thatFails_saysWhereAsAwsDoes(string template, string text, string place, string what)
    {
        var failure = Read(template).Evaluate(Scope).Failure.ShouldNotBeNull();

        failure.Error.ShouldBe("States.QueryEvaluationError");
        failure.Location.ShouldBe(place);
        failure.Cause.ShouldStartWith($"The JSONata expression '{text}' specified for the field '{place}' {what}");
    }

    [Theory]
    [InlineData("{% 60 %}", null)]
    [InlineData(
        "{% 'abc' %}",
        "The JSONata expression ''abc'' specified for the field 'TimeoutSeconds' returned an unexpected result type. "
        + "Expected 'number', but was 'string' for value: \"abc\"")]
    [InlineData("{% 1.5 %}", "The TimeoutSeconds field cannot be parsed as an integer: 1.5")]
    [InlineData("{% 0 %}", "TimeoutSeconds must be between 1 and 99999999 but was: 0")]
    [InlineData("{% $states.input.none %}", "The JSONata expression '$states.input.none' specified for the field "
        + "'TimeoutSeconds' returned nothing (undefined).")]
    public void TimeoutSeconds_isAWholeNumber(string written, string? cause)
    {
        var state = Task($"\"TimeoutSeconds\":\"{written}\"");

        var failure = state.TimeoutSeconds.ShouldNotBeNull().Evaluate(Scope).Failure;

        failure?.Cause.ShouldBe(cause);
        failure?.Location.ShouldBe("TimeoutSeconds");
        (failure is null).ShouldBe(cause is null);
    }

    [Fact]
    public void Places_areNamedFromTheState()
    {
        var state = Task("""
            "Catch":[{"ErrorEquals":["E"],"Next":"X","Assign":{"a":"{% $none %}"},"Output":"{% $none %}"}]
            """);

        state.Catch[0].Assign!.Evaluate(Scope).Failure!.Location.ShouldBe("Catch[0]/Assign/a");
        state.Catch[0].Output!.Evaluate(Scope).Failure!.Location.ShouldBe("Catch[0]/Output");
        var choice = One<ChoiceState>("""
            "Type":"Choice","Choices":[{"Condition":true,"Next":"Y"},{"Condition":"{% 1 %}","Next":"X"}]
            """, end: false);
        choice.Choices[1].Condition.Evaluate(Scope).Failure!.Cause.ShouldBe(
            "The JSONata expression '1' specified for the field 'Choices[1]/Condition' returned an unexpected result "
            + "type. Expected 'boolean', but was 'number' for value: 1");
    }

    [Theory]
    [InlineData("a[1,2)")]
    [InlineData("1 +")]
    [InlineData("'open")]
    public void Template_thatIsNoExpression_isRefused(string text)
    {
        var problems = new DefinitionProblems();
        new JsonataTemplateReader("/States/X", StatesFields.Always, problems)
            .Read(new DataObject(("v", $"{{% {text} %}}")), "Output");

        var said = problems.All.ShouldHaveSingleItem();
        said.Code.ShouldBe("INVALID_JSONATA_EXPRESSION");
        said.Location.ShouldBe("/States/X/Output/v");
    }

    [Theory]
    [InlineData("phone", "Reference to 'phone' at the top level is not supported.")]
    [InlineData("$states.input.a + b.c", "Reference to 'b' at the top level is not supported.")]
    [InlineData("$", "Reference to '$' at the top level is not supported.")]
    [InlineData("`odd name`", "Reference to 'odd name' at the top level is not supported.")]
    [InlineData("$$.a", "Reference to '$$' is not supported.")]
    [InlineData("$map($states.input.a, function($x){ b })", "Reference to 'b' at the top level is not supported.")]
    [InlineData("{aaa: 1}", "Reference to 'aaa' at the top level is not supported.")]
    [InlineData("[1, a]", "Reference to 'a' at the top level is not supported.")]
    [InlineData("$states.input.a[b > 1] & c", "Reference to 'c' at the top level is not supported.")]
    [InlineData("$states.errorOutput.Cause", "Reference to '$states.errorOutput' is not supported.")]
    [InlineData("$states . result", "Reference to '$states.result' is not supported.")]
    public void Reference_toWhatIsNotThere_isRefused(string text, string message) =>
        JsonataReferences.Refused(text, StatesFields.Always).ShouldHaveSingleItem().ShouldBe(message);

    [Theory]
    [InlineData("$states.input.items[value > 3].name")]
    [InlineData("$states.input.items.(price * count)")]
    [InlineData("$states.input.items.{name: price}")]
    [InlineData("$states.input.items{name: $sum(price)}")]
    [InlineData("$states.input.items^(>price, name).name")]
    [InlineData("$states.input.*[a = 1].b")]
    [InlineData("$states.input.**.a")]
    [InlineData("$filter($states.input.a, function($v, $i) { $v.b and $i in [1, 2] })")]
    [InlineData("$map($states.input.a, function($x)<n:n>{ $x })")]
    [InlineData("( $x := $states.input.a; $x.b ~> $uppercase() )")]
    [InlineData("$states.input ~> |a|{'b': c}|")]
    [InlineData("$match($states.input.a, /a b c/i)[0].match")]
    [InlineData("/* a comment */ $states.input.a ? 'text with names' : \"$$\"")]
    [InlineData("$states.input.a@$v.b[c = $v.d]")]
    [InlineData("$states.input.a.b.%.c")]
    [InlineData("$count($states.input.a) % 2 = 0 or 1e3 > 2.5")]
    [InlineData("[$states.input.from..$states.input.to]")]
    [InlineData("$states.context.Execution.Id & $x.result")]
    [InlineData("true and null = false")]
    public void Reference_toWhatIsThere_isFine(string text) =>
        JsonataReferences.Refused(text, StatesFields.Always).ShouldBeEmpty();

    [Fact]
    public void Result_isThereOnlyWhereSomethingHasEnded()
    {
        Codes(""" "Type":"Pass","Output":"{% $states.result %}" """).ShouldBe(["UNSUPPORTED_JSONATA_EXPRESSION"]);
        Codes(TaskFields + ""","Arguments":"{% $states.result %}" """).ShouldBe(["UNSUPPORTED_JSONATA_EXPRESSION"]);
        Codes(TaskFields + ""","Output":"{% $states.errorOutput %}" """).ShouldBe(["UNSUPPORTED_JSONATA_EXPRESSION"]);
        Codes(TaskFields + ""","Output":"{% $states.result %}","Assign":{"a":"{% $states.result %}"}""")
            .ShouldBeEmpty();
    }

    private const string TaskFields = """ "Type":"Task","Resource":"arn:aws:states:::lambda:invoke" """;

    private static EvaluationScope Scope => ExpressionScenario.Scope("""{"n":5,"list":[1,2]}""") with
    {
        Result = ExpressionScenario.Json("""{"r":7}"""),
        ErrorOutput = ExpressionScenario.Json("""{"Error":"E"}"""),
    };

    private static IExpression Read(string template)
    {
        var problems = new DefinitionProblems();
        const StatesFields visible = StatesFields.Result | StatesFields.ErrorOutput;
        var expression = new JsonataTemplateReader("/States/X", visible, problems)
            .Read(ExpressionScenario.Json(template), "Output");
        problems.All.ShouldBeEmpty();
        return expression;
    }

    private static IEnumerable<string> Codes(string fields) =>
        Reading(fields + ",\"End\":true").Diagnostics.Select(diagnostic => diagnostic.Code);

    private static TaskState Task(string fields) => One<TaskState>($"{TaskFields},{fields}");

    private static TState One<TState>(string fields, bool end = true)
        where TState : State
    {
        var reading = Reading(fields + (end ? ",\"End\":true" : string.Empty), end);
        reading.Diagnostics.ShouldBeEmpty();
        return reading.Definition.ShouldNotBeNull().Graph.States["X"].ShouldBeOfType<TState>();
    }

    private static DefinitionReading Reading(string fields, bool end = true) => DefinitionReader.Read(
        """{"StartAt":"X","QueryLanguage":"JSONata","States":{"X":{""" + fields
        + (end ? "}}}" : """},"Y":{"Type":"Succeed"}}}"""),
        new DefinitionOptions(false));
}
