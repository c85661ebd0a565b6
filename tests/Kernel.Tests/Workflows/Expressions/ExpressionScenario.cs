using Lambent.Kernel.Values;
using Lambent.Kernel.Workflows.Definitions;
using Lambent.Kernel.Workflows.Expressions;
using Lambent.Kernel.Workflows.Expressions.Templates;
using Shouldly;

namespace Lambent.Kernel.Tests.Workflows.Expressions;

/// <summary>Evaluates what is written in a field, as a state would.</summary>
internal static class ExpressionScenario
{
    public static DataValue Json(string text) => DataReader.Read(text).Value.ShouldNotBeNull(text);

    /// <summary>A scope with this input, a context and a variable of each kind.</summary>
    public static EvaluationScope Scope(string input) => Scope(Json(input));

    public static EvaluationScope Scope(DataValue input)
    {
        var random = new Random(7);
        return new EvaluationScope
        {
            Input = input,
            Context = Json("""{"Execution":{"Id":"e-1"},"State":{"Name":"X","RetryCount":0}}"""),
            Variables = new VariableScope(
                (DataObject)Json("""{"inner":[1,2]}"""),
                new VariableScope((DataObject)Json("""{"inner":"shadowed","outer":{"a":5}}"""), null)),
            Now = DateTimeOffset.UnixEpoch,
            Chance = random.NextDouble,
        };
    }

    /// <summary>A template of JSONPath with a single member; its value, or its failure.</summary>
    public static Evaluation Computed(string written, string input)
    {
        var problems = new DefinitionProblems();
        var template = new DataObject(("x.$", written));
        var expression = new PathTemplateReader("/States/X", problems).Read(template, "Parameters");
        problems.All.ShouldBeEmpty(written);
        var evaluation = expression.Evaluate(Scope(input));
        return evaluation.Failure is { } failure ? failure : evaluation.Value["x"]!;
    }

    /// <summary>What is wrong with a member of a template when the definition is read.</summary>
    public static string Refused(string written)
    {
        var problems = new DefinitionProblems();
        new PathTemplateReader("/States/X", problems).Read(new DataObject(("x.$", written)), "Parameters");
        return problems.All.ShouldHaveSingleItem(written).Message;
    }
}
