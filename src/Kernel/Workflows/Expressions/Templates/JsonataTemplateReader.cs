using Lambent.Kernel.Values;
using Lambent.Kernel.Workflows.Definitions;

namespace Lambent.Kernel.Workflows.Expressions.Templates;

/// <summary>A template of JSONata: every text in <c>{% … %}</c> is computed, wherever it stands.</summary>
internal sealed class JsonataTemplateReader(string stateLocation, StatesFields visible, DefinitionProblems problems)
    : TemplateReader(stateLocation, problems)
{
    protected override IExpression ReadText(DataText text, TemplatePlace place) =>
        JsonataFieldExpression.Read(text.Value, place, Location, visible, Problems) is { } computed
            ? computed
            : new ConstantExpression(text);

    protected override (string Name, IExpression Value) ReadMember(
        string name,
        DataValue value,
        TemplatePlace parent) => (name, ReadValue(value, parent.Member(name)));
}
