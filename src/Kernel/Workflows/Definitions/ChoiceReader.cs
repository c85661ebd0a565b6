using Lambent.Kernel.Values;
using Lambent.Kernel.Workflows.Expressions;
using Lambent.Kernel.Workflows.Expressions.Choices;
using Lambent.Kernel.Workflows.Expressions.Paths;

namespace Lambent.Kernel.Workflows.Definitions;

/// <summary>Reads a Choice and its rules.</summary>
internal sealed class ChoiceReader(ExpressionFields state)
{
    private static readonly string[] Kinds = ["And", "Or", "Not", "Variable"];

    private static readonly string[] RuleFields = ["Next", "Assign", "Output", "Comment"];

    public ChoiceState Read(string name)
    {
        var fields = state.Fields;
        fields.Require("Choices");
        var rules = new List<ChoiceRule>();
        foreach (var rule in fields.Objects("Choices"))
        {
            QueryLanguages.CheckFields(rule, state.Language);
            rule.Require("Next");
            var expressions = state.Within(rule);
            var condition = state.IsJsonata ? ReadJsonata(rule, expressions) : ReadTest(rule, expressions, 1);
            rules.Add(new ChoiceRule(
                condition ?? new ConstantExpression(DataBoolean.False),
                rule.Text("Next") ?? string.Empty,
                expressions.Assign(),
                expressions.Output()));
        }

        return new ChoiceState
        {
            Name = name,
            QueryLanguage = state.Language,
            Choices = rules,
            Default = fields.Text("Default"),
            InputPath = state.StatePath("InputPath"),
            OutputPath = state.StatePath("OutputPath"),
            Output = state.Output(),
            Assign = state.Assign(),
        };
    }

    private static IExpression? ReadJsonata(DefinitionFields rule, ExpressionFields expressions)
    {
        rule.Allow([.. RuleFields, .. Kinds, "Condition"]);
        rule.Require("Condition");
        return expressions.Condition("Condition");
    }

    private static IExpression? ReadTest(DefinitionFields rule, ExpressionFields expressions, int depth)
    {
        if (depth > Limits.ConditionNestingMax)
        {
            rule.Refuse($"Rules are nested more than {Limits.ConditionNestingMax} times");
            return null;
        }

        if (Kinds.Count(rule.Has) != 1)
        {
            rule.Refuse($"The object must have only one of the following fields, [{string.Join(", ", Kinds)}]");
            return null;
        }

        // That a condition belongs to the other language was said already.
        string[] besides = depth == 1 ? [.. RuleFields, "Condition"] : ["Comment"];
        if (rule.Has("Variable"))
        {
            rule.Allow([.. besides, "Variable", .. ChoiceOperators.Names]);
            return ReadComparison(rule, expressions);
        }

        rule.Allow([.. besides, .. Kinds]);
        if (rule.Has("Not"))
        {
            return rule.Object("Not") is { } inner && ReadTest(inner, expressions.Within(inner), depth + 1) is { } test
                ? new NegatedChoice(test)
                : null;
        }

        var kind = rule.Has("And") ? "And" : "Or";
        var parts = new List<IExpression>();
        foreach (var part in rule.Objects(kind))
        {
            if (ReadTest(part, expressions.Within(part), depth + 1) is { } test)
            {
                parts.Add(test);
            }
        }

        return new CombinedChoice(parts, kind == "And");
    }

    private static IExpression? ReadComparison(DefinitionFields rule, ExpressionFields expressions)
    {
        var path = expressions.Path("Variable", isReference: true);
        var names = rule.Names.Where(ChoiceOperators.Names.Contains).ToList();
        if (names.Count != 1)
        {
            var all = string.Join(", ", ChoiceOperators.Names);
            rule.Refuse(names.Count == 0
                ? $"This object should have only one of the following fields: [{all}]"
                : $"There should only be one of the following fields: [{all}]");
            return null;
        }

        if (path is null)
        {
            return null;
        }

        var name = names[0];
        if (ChoiceOperators.Test(name) is { } test)
        {
            return rule.Boolean(name) is { } expected
                ? new TestedChoice(path, name == "IsPresent", test, expected)
                : null;
        }

        var comparison = ChoiceOperators.Comparison(name, out var isPath)!;
        var left = PathExpression.OfChoice(path);
        if (isPath)
        {
            return expressions.Path(name, isReference: true) is { } other
                ? new ComparedChoice(comparison, left, PathExpression.OfChoice(other))
                : null;
        }

        return ReadOperand(rule, name, comparison.Kind) is not { } operand ? null
            : comparison.Kind == ChoiceOperandKind.Pattern ? ReadPattern(rule, name, left, operand)
            : new ComparedChoice(comparison, left, new ConstantExpression(operand));
    }

    private static DataValue? ReadOperand(DefinitionFields rule, string name, ChoiceOperandKind kind)
    {
        switch (kind)
        {
            case ChoiceOperandKind.Number:
                return rule.Number(name, double.MinValue, double.MaxValue) is null ? null : rule.Raw(name);
            case ChoiceOperandKind.Boolean:
                return rule.Boolean(name) is null ? null : rule.Raw(name);
        }

        if (rule.Text(name) is not { } text)
        {
            return null;
        }

        if (kind == ChoiceOperandKind.Timestamp && Rfc3339.Read(text) is null)
        {
            rule.Refuse(name, "String does not match RFC3339 timestamp");
            return null;
        }

        if (kind == ChoiceOperandKind.Text && text.StartsWith("$.", StringComparison.Ordinal))
        {
            rule.Problems.Warn(
                "NO_PATH", $"The value of '{name}' looks like a path; '{name}Path' takes one", rule.At(name));
        }

        return text;
    }

    private static MatchedChoice? ReadPattern(
        DefinitionFields rule,
        string name,
        IExpression left,
        DataValue operand)
    {
        var pattern = ChoiceOperators.Pattern(((DataText)operand).Value, out var wrong);
        if (pattern is null)
        {
            rule.Refuse(name, $"Value is not a valid pattern: {wrong}");
            return null;
        }

        return new MatchedChoice(left, pattern);
    }
}
