using Lambent.Kernel.Values;
using Lambent.Kernel.Workflows.Definitions;

namespace Lambent.Kernel.Workflows.Expressions.Templates;

/// <summary>A template of JSONata: every text in <c>{% … %}</c> is computed, wherever it stands.</summary>
internal sealed class JsonataTemplateReader(string field, StatesFields visible, DefinitionProblems problems)
    : TemplateReader(field, problems)
{
    protected override IExpression ReadText(DataText text, string place, string location) =>
        JsonataFieldExpression.Read(text.Value, place, location, visible, Problems) is { } computed
            ? computed
            : new ConstantExpression(text);

    protected override (string Name, IExpression Value) ReadMember(
        string name,
        DataValue value,
        string place,
        string location) => (name, ReadValue(value, $"{place}/{name}", $"{location}/{name}"));
}
