using Lambent.Kernel.Values;
using Lambent.Kernel.Workflows.Definitions;

namespace Lambent.Kernel.Workflows.Expressions.Templates;

/// <summary>
/// Reads a template: JSON in which some parts are computed. Which parts these are is the query language's matter; what
/// has none of them stays the value it is.
/// </summary>
/// <param name="stateLocation">Where the state stands in the definition.</param>
/// <param name="problems">Gets what is wrong.</param>
internal abstract class TemplateReader(string stateLocation, DefinitionProblems problems)
{
    protected DefinitionProblems Problems => problems;

    /// <param name="value">What was written.</param>
    /// <param name="field">Where it stands in the state, such as <c>Catch[0]/Output</c>.</param>
    public IExpression Read(DataValue value, string field) => ReadValue(value, TemplatePlace.Of(field));

    protected string Location(TemplatePlace place) => $"{stateLocation}/{place}";

    protected IExpression ReadValue(DataValue value, TemplatePlace place) => value switch
    {
        DataText text => ReadText(text, place),
        DataArray array => ReadArray(array, place),
        DataObject members => ReadObject(members, place),
        _ => new ConstantExpression(value),
    };

    protected abstract IExpression ReadText(DataText text, TemplatePlace place);

    /// <returns>The name of the member that is made, and its value.</returns>
    protected abstract (string Name, IExpression Value) ReadMember(string name, DataValue value, TemplatePlace parent);

    private IExpression ReadArray(DataArray array, TemplatePlace place)
    {
        var items = new List<IExpression>(array.Items.Count);
        for (var index = 0; index < array.Items.Count; index++)
        {
            items.Add(ReadValue(array.Items[index], place.Item(index)));
        }

        return items.All(item => item is ConstantExpression)
            ? new ConstantExpression(array)
            : new ArrayExpression(items, place);
    }

    private IExpression ReadObject(DataObject template, TemplatePlace place)
    {
        var members = new List<(string Name, IExpression Value)>(template.Count);
        var names = new HashSet<string>();
        foreach (var (name, value) in template.Members)
        {
            var member = ReadMember(name, value, place);
            if (!names.Add(member.Name))
            {
                problems.AddSchema(
                    $"The field '{member.Name}' is there twice, as '{member.Name}' and with '.$'", Location(place));
            }

            members.Add(member);
        }

        return members.All(member => member.Value is ConstantExpression)
            ? new ConstantExpression(template)
            : new ObjectExpression(members, place);
    }
}
