using Lambent.Kernel.Values;

namespace Lambent.Kernel.Workflows.Expressions.Paths;

/// <summary>
/// A JSONPath as Step Functions has it (the dialect of the Java library Jayway), read once and evaluated often. A
/// definite path names one place and fails when nothing is there; any other yields an array of what it finds, which may
/// be empty.
/// </summary>
internal sealed class JsonPath
{
    public JsonPath(
        string text,
        PathRoot root,
        string? variable,
        IReadOnlyList<PathStep> steps,
        PathFunction? function)
    {
        Text = text;
        Root = root;
        Variable = variable;
        Steps = steps;
        Function = function;
        IsDefinite = steps.Index().All(step =>
            step.Item.IsDefinite || (step.Item is NamesStep && step.Index == steps.Count - 1));
    }

    public string Text { get; }

    public PathRoot Root { get; }

    /// <summary>The variable's name when the path starts from one.</summary>
    public string? Variable { get; }

    public IReadOnlyList<PathStep> Steps { get; }

    /// <summary>What is done with what was found: <c>.length()</c> and the like.</summary>
    public PathFunction? Function { get; }

    public bool IsDefinite { get; }

    /// <summary>Names and indexes only: the path can also say where to write.</summary>
    public bool IsReference => Function is null && Steps.All(step => step.IsDefinite);

    /// <returns>The path, or what is wrong with the text.</returns>
    public static (JsonPath? Path, string? Problem) Read(string text) => new PathReader(text).ReadAll();

    public PathFinding Find(EvaluationScope scope) => new PathSearch(scope).Find(this, null);
}

/// <summary>What a path found; without a value, why there is none.</summary>
/// <param name="Value">One value, or the array of an indefinite path.</param>
/// <param name="Miss">Where the path led nowhere.</param>
/// <param name="Problem">What else stood in the way: a bound that was reached, a function that does not fit.</param>
internal readonly record struct PathFinding(DataValue? Value, PathMiss? Miss = null, string? Problem = null);

/// <param name="Reason">Such as <c>No results for path: $['a']['b']</c>.</param>
/// <param name="Step">The step that led nowhere.</param>
/// <param name="At">The value that has no such member; null when the variable is not there.</param>
internal sealed record PathMiss(string Reason, string Step, DataValue? At);
