using Lambent.Kernel.Jsonata.Functions;
using Lambent.Kernel.Jsonata.Nodes;
using Lambent.Kernel.Jsonata.Parsing;
using Lambent.Kernel.Jsonata.Running;
using Lambent.Kernel.Values;

namespace Lambent.Kernel.Jsonata;

/// <summary>
/// A compiled expression of JSONata 2 as Step Functions has it. It never changes and any number of threads may
/// evaluate it at a time.
/// </summary>
public sealed class JsonataExpression
{
    private readonly Node node;

    private JsonataExpression(string text, Node node, IReadOnlyCollection<string> freeVariables)
    {
        Text = text;
        this.node = node;
        FreeVariables = freeVariables;
    }

    public string Text { get; }

    /// <summary>
    /// Variables that are read and that the expression does not bind itself, without `$`; functions of the language
    /// are not among them.
    /// </summary>
    public IReadOnlyCollection<string> FreeVariables { get; }

    /// <summary>Never throws.</summary>
    public static JsonataCompilation Compile(string text)
    {
        try
        {
            var (node, freeVariables) = Parser.Parse(text);
            return new JsonataCompilation(new JsonataExpression(text, node, freeVariables), null);
        }
        catch (ExpressionException failure)
        {
            return new JsonataCompilation(null, failure.ToFailure());
        }
    }

    /// <summary>Never throws; what goes wrong is in the outcome.</summary>
    public JsonataOutcome Evaluate(JsonataScope scope)
    {
        try
        {
            var run = new Evaluation(scope);

            // An array is one value of the context; its items are reached by what the expression says.
            var input = scope.Input is DataArray array
                ? new DataArray([array]) { Origin = ArrayOrigin.Sequence | ArrayOrigin.Wrapper }
                : scope.Input;
            var value = node.Evaluate(input, new Frame(run, null));
            return new JsonataOutcome(value is null ? null : Results.Of(value, run), null);
        }
        catch (ExpressionException failure)
        {
            return new JsonataOutcome(null, failure.ToFailure());
        }
    }
}
