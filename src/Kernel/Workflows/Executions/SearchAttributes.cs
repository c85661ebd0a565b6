using Lambent.Kernel.Values;

namespace Lambent.Kernel.Workflows.Executions;

/// <summary>What executions are found by: names with a text, a number or a boolean. Null takes one away.</summary>
public static class SearchAttributes
{
    /// <summary>Whether a name is 1 to 64 letters, digits and <c>_ - .</c>, a letter or <c>_</c> first.</summary>
    public static bool IsName(string name) => name.Length is > 0 and <= Limits.SearchAttributeNameLengthMax
        && (char.IsAsciiLetter(name[0]) || name[0] == '_')
        && name.All(character => char.IsAsciiLetterOrDigit(character) || character is '_' or '-' or '.');

    /// <summary>What is wrong with attributes that somebody gave, or null.</summary>
    public static string? Problem(DataValue? given)
    {
        if (given is not DataObject attributes)
        {
            return "The attributes must be an object: each name with a text, a number, a boolean or null";
        }

        foreach (var (name, value) in attributes.Members)
        {
            if (!IsName(name))
            {
                return $"'{name}' is no name of an attribute: 1 to {Limits.SearchAttributeNameLengthMax} letters, "
                    + "digits, '_', '-' or '.', a letter or '_' first";
            }

            if (value is DataText { Value.Length: > Limits.SearchAttributeTextLengthMax })
            {
                return $"The attribute '{name}' is longer than {Limits.SearchAttributeTextLengthMax} characters";
            }

            if (value is not (DataText or DataNumber or DataBoolean or DataNull))
            {
                return $"The attribute '{name}' must be a text, a number, a boolean or null, and is {value.Kind}";
            }
        }

        return CountProblem(attributes);
    }

    public static string? CountProblem(DataObject attributes) =>
        attributes.Members.Values.Count(value => value is not DataNull) > Limits.SearchAttributesMax
            ? $"An execution has at most {Limits.SearchAttributesMax} attributes"
            : null;

    /// <summary>The attributes after some were set.</summary>
    public static DataObject Set(DataObject attributes, DataObject changes)
    {
        var members = new OrderedDictionary<string, DataValue>();
        foreach (var (name, value) in attributes.Members.Concat(changes.Members))
        {
            members[name] = value;
        }

        foreach (var (name, value) in changes.Members)
        {
            if (value is DataNull)
            {
                members.Remove(name);
            }
        }

        return new DataObject(members);
    }
}
