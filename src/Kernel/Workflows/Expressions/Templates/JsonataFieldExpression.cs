using Lambent.Kernel.Jsonata;
using Lambent.Kernel.Values;
using Lambent.Kernel.Workflows.Definitions;

namespace Lambent.Kernel.Workflows.Expressions.Templates;

/// <summary>Which fields of <c>$states</c> an expression may read at its place.</summary>
[Flags]
internal enum StatesFields
{
    /// <summary><c>$states.input</c> and <c>$states.context</c> are there everywhere.</summary>
    Always = 0,

    /// <summary><c>$states.result</c>: when a task, branches or iterations have ended.</summary>
    Result = 1,

    /// <summary><c>$states.errorOutput</c>: in a catcher.</summary>
    ErrorOutput = 2,
}

/// <summary>A text in <c>{% … %}</c>: an expression of JSONata, compiled when the definition is read.</summary>
internal sealed class JsonataFieldExpression : IExpression
{
    private const string Opening = "{%";
    private const string Closing = "%}";

    /// <summary>JSONata has functions as values; a workflow cannot keep them.</summary>
    private const string NoJson = "D2018";

    private readonly JsonataExpression expression;
    private readonly string text;
    private readonly TemplatePlace place;

    private JsonataFieldExpression(JsonataExpression expression, string text, TemplatePlace place)
    {
        this.expression = expression;
        this.text = text;
        this.place = place;
    }

    /// <summary>The text without its brackets, as messages show it.</summary>
    public string Text => text;

    public string Place => place.ToString();

    /// <returns>The expression; null when the text is a plain one. What is wrong is added to the problems.</returns>
    public static JsonataFieldExpression? Read(
        string written,
        TemplatePlace place,
        Func<TemplatePlace, string> location,
        StatesFields visible,
        DefinitionProblems problems)
    {
        var opens = written.StartsWith(Opening, StringComparison.Ordinal);
        var closes = written.EndsWith(Closing, StringComparison.Ordinal);
        if (!opens && !closes)
        {
            return null;
        }

        if (!opens || !closes || written.Length < Opening.Length + Closing.Length)
        {
            problems.AddSchema("JSONata string must start with {% and end with %}", location(place));
            return null;
        }

        var text = written[Opening.Length..^Closing.Length].Trim();
        var compilation = JsonataExpression.Compile(text);
        if (compilation.Expression is not { } expression)
        {
            problems.Add("INVALID_JSONATA_EXPRESSION", compilation.Failure!.Message, location(place));
            return null;
        }

        foreach (var reference in JsonataReferences.Refused(text, visible))
        {
            problems.Add("UNSUPPORTED_JSONATA_EXPRESSION", reference, location(place));
        }

        return new JsonataFieldExpression(expression, text, place);
    }

    public Evaluation Evaluate(EvaluationScope scope)
    {
        var outcome = expression.Evaluate(new JsonataScope
        {
            Variables = name => name == "states" ? States(scope) : scope.Variables.Find(name),
            Now = scope.Now,
            Chance = scope.Chance,
        });
        return (outcome.Value, outcome.Failure) switch
        {
            (_, { Code: NoJson }) => Failed("returned an unsupported result type."),
            (_, { } failure) => Failed($"threw an error during evaluation. {failure.Code}: {failure.Message}"),
            ({ } value, _) => value,
            _ => Failed("returned nothing (undefined)."),
        };
    }

    private EvaluationFailure Failed(string what) => ExpressionFailures.Query(
        $"The JSONata expression '{text}' specified for the field '{place}' {what}", Place);

    private static DataObject States(EvaluationScope scope)
    {
        var fields = new OrderedDictionary<string, DataValue>
        {
            ["input"] = scope.Input,
            ["context"] = scope.Context,
        };
        if (scope.Result is { } result)
        {
            fields["result"] = result;
        }

        if (scope.ErrorOutput is { } errorOutput)
        {
            fields["errorOutput"] = errorOutput;
        }

        return new DataObject(fields);
    }
}
