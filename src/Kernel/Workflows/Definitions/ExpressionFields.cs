using Lambent.Kernel.Values;
using Lambent.Kernel.Workflows.Expressions;
using Lambent.Kernel.Workflows.Expressions.Intrinsics;
using Lambent.Kernel.Workflows.Expressions.Paths;
using Lambent.Kernel.Workflows.Expressions.Templates;

namespace Lambent.Kernel.Workflows.Definitions;

/// <summary>The computed fields of one object of a state: which kinds of expression may stand where.</summary>
/// <param name="fields">The state, or an object within it such as a catcher.</param>
/// <param name="language">The state's.</param>
/// <param name="stateLocation">Messages name places from the state on: <c>Catch[0]/Output/id</c>.</param>
internal sealed class ExpressionFields(DefinitionFields fields, QueryLanguage language, string stateLocation)
{
    public DefinitionFields Fields => fields;

    public QueryLanguage Language => language;

    public bool IsJsonata => language == QueryLanguage.Jsonata;

    /// <summary>The same for an object within this one.</summary>
    public ExpressionFields Within(DefinitionFields inner) => new(inner, language, stateLocation);

    public string Place(string name) => fields.At(name)[(stateLocation.Length + 1)..];

    /// <summary><c>InputPath</c> or <c>OutputPath</c>; a path <c>null</c> is an empty object.</summary>
    public IExpression? StatePath(string name)
    {
        if (IsJsonata)
        {
            return null;
        }

        return fields.IsNull(name)
            ? new ConstantExpression(DataObject.Empty)
            : Path(name, isReference: false) is { } path ? PathExpression.OfState(path) : null;
    }

    /// <summary>Null when the field is absent, which means the whole input.</summary>
    public ResultTarget? ResultPath(string name = "ResultPath")
    {
        if (IsJsonata || !fields.Has(name))
        {
            return null;
        }

        var text = fields.IsNull(name) ? null : fields.Text(name);
        if (text is null && !fields.IsNull(name))
        {
            return null;
        }

        var (target, problem) = ResultTargets.Read(text);
        if (target is null)
        {
            RefusePath(name, text!, problem!, isReference: true);
        }

        return target;
    }

    /// <summary>JSON parts of which are computed.</summary>
    public IExpression? Template(string name, StatesFields visible = StatesFields.Always)
    {
        if (fields.Raw(name) is not { } value)
        {
            return null;
        }

        TemplateReader reader = IsJsonata
            ? new JsonataTemplateReader(stateLocation, visible, fields.Problems)
            : new PathTemplateReader(stateLocation, fields.Problems);
        return reader.Read(value, Place(name));
    }

    /// <summary>A template that must be an object, unless one expression of JSONata makes it.</summary>
    public IExpression? ObjectTemplate(string name)
    {
        if (fields.Raw(name) is null or DataObject || (IsJsonata && fields.Raw(name) is DataText))
        {
            return Template(name) is { } template ? ValueChecks.Of(template, Place(name), "object") : null;
        }

        fields.Refuse(name, "Expected value of type [OBJECT]");
        return null;
    }

    public IExpression? Assign(StatesFields visible = StatesFields.Always)
    {
        if (fields.Object("Assign") is not { } assigned)
        {
            return null;
        }

        VariableNames.Check(assigned, isPath: !IsJsonata);
        return Template("Assign", visible);
    }

    /// <summary>JSONata: what leaves the state.</summary>
    public IExpression? Output(StatesFields visible = StatesFields.Always) =>
        IsJsonata ? Template("Output", visible) : null;

    /// <summary>A whole number that stands there, is computed by JSONata, or is found by a path.</summary>
    public IExpression? WholeNumber(string name, int minimum, int maximum)
    {
        if (ComputedText(name) is { } computed)
        {
            return ValueChecks.WholeNumber(computed, name, minimum, maximum);
        }

        if (fields.Has(name))
        {
            return !IsBracketed(name) && fields.Integer(name, minimum, maximum) is { } number
                ? new ConstantExpression(DataNumber.Of(number))
                : null;
        }

        return ParameterPath(name) is (var path, var expression)
            ? ValueChecks.WholeNumber(expression, name, path, minimum, maximum)
            : null;
    }

    /// <summary>A number from 0 to 100.</summary>
    public IExpression? Percentage(string name)
    {
        if (ComputedText(name) is { } computed)
        {
            return ValueChecks.Percentage(computed, name);
        }

        if (fields.Has(name))
        {
            return !IsBracketed(name) && fields.Number(name, 0, 100) is { } number
                ? new ConstantExpression(number)
                : null;
        }

        return ParameterPath(name) is (_, var expression) ? ValueChecks.Percentage(expression, name) : null;
    }

    /// <summary>A time in RFC 3339's notation.</summary>
    public IExpression? Timestamp(string name)
    {
        if (ComputedText(name) is { } computed)
        {
            return ValueChecks.Timestamp(computed, name);
        }

        if (fields.Has(name))
        {
            if (IsBracketed(name) || fields.Text(name) is not { } text)
            {
                return null;
            }

            if (Rfc3339.Read(text) is null)
            {
                fields.Refuse(name, "String does not match RFC3339 timestamp");
            }

            return new ConstantExpression(text);
        }

        return ParameterPath(name) is (var path, var expression)
            ? ValueChecks.Timestamp(expression, $"{name}Path", path)
            : null;
    }

    /// <summary>A text that stands there, is computed by JSONata, or by what stands in <c>namePath</c>.</summary>
    public IExpression? ComputableText(string name)
    {
        if (ComputedText(name) is { } computed)
        {
            return ValueChecks.Of(computed, computed.Place, "string");
        }

        if (fields.Has(name))
        {
            return !IsBracketed(name) && fields.Text(name) is { } text ? new ConstantExpression(text) : null;
        }

        var pathName = name + "Path";
        if (IsJsonata || fields.Text(pathName) is not { } written)
        {
            return null;
        }

        if (!written.StartsWith("States.", StringComparison.Ordinal))
        {
            return Path(pathName, isReference: true) is { } path
                ? ValueChecks.PathText(PathExpression.OfParameter(path, pathName), pathName, written)
                : null;
        }

        var (call, problem) = IntrinsicReader.Read(written);
        if (call is null)
        {
            fields.Refuse(pathName, $"Value must be a valid JSONPath or a valid intrinsic function call: {problem}");
            return null;
        }

        return ValueChecks.PathText(call, pathName, written);
    }

    /// <summary>A boolean, or an expression of JSONata that yields one.</summary>
    public IExpression? Condition(string name)
    {
        if (ComputedText(name) is { } computed)
        {
            return ValueChecks.Of(computed, computed.Place, "boolean");
        }

        return !IsBracketed(name) && fields.Boolean(name) is { } value ? new ConstantExpression(value) : null;
    }

    /// <summary>A path that stands in a field; what is wrong with it is reported.</summary>
    public JsonPath? Path(string name, bool isReference)
    {
        if (fields.Text(name) is not { } text)
        {
            return null;
        }

        var (path, problem) = JsonPath.Read(text);
        if (path is not null && isReference && !path.IsReference)
        {
            problem = "it has more than names and indexes";
            path = null;
        }

        if (path is null)
        {
            RefusePath(name, text, problem!, isReference);
        }

        return path;
    }

    /// <summary>The expression of JSONata in a field that is one text; null when it is none.</summary>
    public JsonataFieldExpression? ComputedText(string name, StatesFields visible = StatesFields.Always) =>
        IsJsonata && fields.Raw(name) is DataText { Value: var text }
            ? JsonataFieldExpression.Read(
                text, TemplatePlace.Of(Place(name)), _ => fields.At(name), visible, fields.Problems)
            : null;

    /// <summary>
    /// The text was meant as an expression: one that could not be read was reported already, and is not a plain text of
    /// the wrong type besides.
    /// </summary>
    public bool IsBracketed(string name) => IsJsonata && fields.Raw(name) is DataText { Value: var text }
        && (text.StartsWith("{%", StringComparison.Ordinal) || text.EndsWith("%}", StringComparison.Ordinal));

    private (string Path, PathExpression Expression)? ParameterPath(string name)
    {
        var pathName = name + "Path";
        return !IsJsonata && Path(pathName, isReference: true) is { } path
            ? (path.Text, PathExpression.OfParameter(path, pathName))
            : null;
    }

    private void RefusePath(string name, string text, string problem, bool isReference) => fields.Refuse(
        name,
        !isReference
            ? $"Value must be a valid JSONPath. {problem}"
            : text.StartsWith('$')
                ? $"Value is not a Reference Path: {problem}"
                : "Value is not a Reference Path: Reference path didn't start with '$'");
}
