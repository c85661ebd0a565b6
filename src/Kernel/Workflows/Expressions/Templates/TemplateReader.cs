using Lambent.Kernel.Values;
using Lambent.Kernel.Workflows.Definitions;

namespace Lambent.Kernel.Workflows.Expressions.Templates;

/// <summary>
/// Reads a template: JSON in which some parts are computed. Which parts these are is the query language's matter; what
/// has none of them stays the value it is.
/// </summary>
/// <param name="field">The template's field, such as <c>Parameters</c>: for messages.</param>
internal abstract class TemplateReader(string field, DefinitionProblems problems)
{
    protected DefinitionProblems Problems => problems;

    /// <param name="value">What was written.</param>
    /// <param name="location">Where it stands in the definition.</param>
    public IExpression Read(DataValue value, string location) => ReadValue(value, field, location);

    /// <param name="value">A part of the template.</param>
    /// <param name="place">Relative to the state, such as <c>Output/items[0]</c>.</param>
    /// <param name="location">In the definition, such as <c>/States/X/Output/items[0]</c>.</param>
    protected IExpression ReadValue(DataValue value, string place, string location) => value switch
    {
        DataText text => ReadText(text, place, location),
        DataArray array => ReadArray(array, place, location),
        DataObject members => ReadObject(members, place, location),
        _ => new ConstantExpression(value),
    };

    protected abstract IExpression ReadText(DataText text, string place, string location);

    /// <returns>The name of the member that is made, and its value.</returns>
    protected abstract (string Name, IExpression Value) ReadMember(
        string name,
        DataValue value,
        string place,
        string location);

    private IExpression ReadArray(DataArray array, string place, string location)
    {
        var items = new List<IExpression>(array.Items.Count);
        for (var index = 0; index < array.Items.Count; index++)
        {
            items.Add(ReadValue(array.Items[index], $"{place}[{index}]", $"{location}[{index}]"));
        }

        return items.All(item => item is ConstantExpression)
            ? new ConstantExpression(array)
            : new ArrayExpression(items, place);
    }

    private IExpression ReadObject(DataObject template, string place, string location)
    {
        var members = new List<(string Name, IExpression Value)>(template.Count);
        var names = new HashSet<string>();
        foreach (var (name, value) in template.Members)
        {
            var member = ReadMember(name, value, place, location);
            if (!names.Add(member.Name))
            {
                problems.AddSchema(
                    $"The field '{member.Name}' is there twice, as '{member.Name}' and with '.$'", location);
            }

            members.Add(member);
        }

        return members.All(member => member.Value is ConstantExpression)
            ? new ConstantExpression(template)
            : new ObjectExpression(members, place);
    }
}
