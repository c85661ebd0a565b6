namespace Lambent.Kernel.Jsonata;

/// <summary>
/// A compiled expression of JSONata 2 as Step Functions has it. It never changes and any number of threads may
/// evaluate it at a time.
/// </summary>
public sealed class JsonataExpression
{
    private JsonataExpression(string text, IReadOnlyCollection<string> freeVariables)
    {
        Text = text;
        FreeVariables = freeVariables;
    }

    public string Text { get; }

    /// <summary>
    /// Variables that are read and that the expression does not bind itself, without `$`; functions of the language
    /// are not among them.
    /// </summary>
    public IReadOnlyCollection<string> FreeVariables { get; }

    /// <summary>Never throws.</summary>
    public static JsonataCompilation Compile(string text) =>
        new(null, new JsonataFailure("S0500", "Expressions are not read yet", 0));

    /// <summary>Never throws; what goes wrong is in the outcome.</summary>
    public JsonataOutcome Evaluate(JsonataScope scope) =>
        new(null, new JsonataFailure("S0500", "Expressions are not evaluated yet", 0));
}
