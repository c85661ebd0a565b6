using Lambent.Kernel.Values;
using Lambent.Kernel.Workflows.Definitions;
using Lambent.Kernel.Workflows.Expressions.Intrinsics;
using Lambent.Kernel.Workflows.Expressions.Paths;

namespace Lambent.Kernel.Workflows.Expressions.Templates;

/// <summary>
/// A payload template of JSONPath: a member whose name ends with <c>.$</c> is computed by a path or by an intrinsic
/// function and loses the ending.
/// </summary>
internal sealed class PathTemplateReader(string stateLocation, DefinitionProblems problems)
    : TemplateReader(stateLocation, problems)
{
    private const string Ending = ".$";

    protected override IExpression ReadText(DataText text, TemplatePlace place) =>
        new ConstantExpression(text);

    protected override (string Name, IExpression Value) ReadMember(string name, DataValue value, TemplatePlace parent)
    {
        if (name.EndsWith(Ending, StringComparison.Ordinal))
        {
            return (name[..^Ending.Length], ReadComputed(name, value, parent));
        }

        if (value is DataText { Value: var text } && (text.StartsWith("$.", StringComparison.Ordinal)
            || text.StartsWith("$$.", StringComparison.Ordinal)
            || text.StartsWith("States.", StringComparison.Ordinal)) && IntrinsicReader.LooksComputed(text))
        {
            Problems.Warn(
                "NO_DOLLAR", $"Field '{name}' looks computed, but its name does not end with '.$'", Location(parent));
        }

        return (name, ReadValue(value, parent.Member(name)));
    }

    private IExpression ReadComputed(string name, DataValue value, TemplatePlace parent)
    {
        string? problem = "it is not a string";
        if (value is DataText { Value: var text })
        {
            var (expression, refused) = text.StartsWith('$') ? ReadPath(name, text) : IntrinsicReader.Read(text);
            if (expression is not null)
            {
                return expression;
            }

            problem = refused;
        }

        Problems.AddSchema(
            $"The value for the field '{name}' must be a valid JSONPath or a valid intrinsic function call: {problem}",
            Location(parent));
        return new ConstantExpression(DataNull.Value);
    }

    private static (IExpression? Expression, string? Problem) ReadPath(string name, string text)
    {
        var (path, problem) = JsonPath.Read(text);
        return path is null ? (null, problem) : (PathExpression.OfTemplate(path, name), null);
    }
}
