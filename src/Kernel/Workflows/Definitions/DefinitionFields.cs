using Lambent.Kernel.Values;

namespace Lambent.Kernel.Workflows.Definitions;

/// <summary>
/// The fields of one object of a definition. What is read and has the wrong type or range is reported with its place
/// and read as if it was absent.
/// </summary>
internal sealed class DefinitionFields(DataObject members, string location, DefinitionProblems problems)
{
    public string Location => location;

    public DefinitionProblems Problems => problems;

    public IEnumerable<string> Names => members.Members.Keys;

    public bool Has(string name) => members.Has(name);

    public bool IsNull(string name) => members[name] is DataNull;

    public DataValue? Raw(string name) => members[name];

    public string At(string name) => location == "/" ? $"/{name}" : $"{location}/{name}";

    public void Refuse(string message) => problems.AddSchema(message, location);

    public void Refuse(string name, string message) => problems.AddSchema(message, At(name));

    public bool Require(params ReadOnlySpan<string> names)
    {
        var missing = new List<string>();
        foreach (var name in names)
        {
            if (!Has(name))
            {
                missing.Add(name);
            }
        }

        if (missing.Count > 0)
        {
            Refuse($"These fields are required: [{string.Join(", ", missing)}]");
        }

        return missing.Count == 0;
    }

    /// <summary>Reports each field that is not among <paramref name="names"/>.</summary>
    public void Allow(params IEnumerable<string> names)
    {
        foreach (var name in members.Members.Keys.Except(names))
        {
            Refuse($"Field '{name}' is not supported");
        }
    }

    /// <summary>Reports that more than one of <paramref name="names"/> is there.</summary>
    public bool AtMostOne(params string[] names)
    {
        if (names.Count(Has) <= 1)
        {
            return true;
        }

        Refuse($"There should only be one of the following fields: [{string.Join(", ", names)}]");
        return false;
    }

    public bool ExactlyOne(params string[] names)
    {
        if (names.Any(Has))
        {
            return AtMostOne(names);
        }

        Refuse($"This object should have only one of the following fields: [{string.Join(", ", names)}]");
        return false;
    }

    public string? Text(string name) => (Typed<DataText>(name, "STRING"))?.Value;

    public bool? Boolean(string name) => (Typed<DataBoolean>(name, "BOOLEAN"))?.Value;

    public DataArray? Array(string name) => Typed<DataArray>(name, "ARRAY");

    public DefinitionFields? Object(string name) =>
        Typed<DataObject>(name, "OBJECT") is { } found ? new DefinitionFields(found, At(name), problems) : null;

    /// <summary>The objects of an array that must not be empty.</summary>
    public IReadOnlyList<DefinitionFields> Objects(string name)
    {
        if (Array(name) is not { } array)
        {
            return [];
        }

        if (array.Items.Count == 0)
        {
            Refuse(name, "Value cannot be empty");
        }

        return ObjectsOf(array, name);
    }

    public IReadOnlyList<DefinitionFields> ObjectsOf(DataArray array, string name)
    {
        var found = new List<DefinitionFields>();
        for (var index = 0; index < array.Items.Count; index++)
        {
            var place = $"{At(name)}[{index}]";
            if (array.Items[index] is DataObject item)
            {
                found.Add(new DefinitionFields(item, place, problems));
            }
            else
            {
                problems.AddSchema("Expected value of type [OBJECT]", place);
            }
        }

        return found;
    }

    /// <summary>The texts of an array that must not be empty.</summary>
    public IReadOnlyList<string> Texts(string name)
    {
        if (Array(name) is not { } array)
        {
            return [];
        }

        if (array.Items.Count == 0)
        {
            Refuse(name, "Value cannot be empty");
        }

        var found = new List<string>();
        for (var index = 0; index < array.Items.Count; index++)
        {
            if (array.Items[index] is DataText text)
            {
                found.Add(text.Value);
            }
            else
            {
                problems.AddSchema("Expected value of type [STRING]", $"{At(name)}[{index}]");
            }
        }

        return found;
    }

    public int? Integer(string name, int minimum, int maximum)
    {
        if (Raw(name) is not { } value)
        {
            return null;
        }

        if (value is not DataNumber { IsInteger: true } number)
        {
            Refuse(name, "Expected value of type [INTEGER]");
            return null;
        }

        if (number.Value < minimum || number.Value > maximum)
        {
            Refuse(name, $"Value should be between {minimum} and {maximum}");
            return null;
        }

        return (int)number.Value;
    }

    public double? Number(string name, double minimum, double maximum)
    {
        if (Typed<DataNumber>(name, "NUMBER") is not { } number)
        {
            return null;
        }

        if (number.Value < minimum || number.Value > maximum)
        {
            Refuse(name, FormattableString.Invariant($"Value should be between {minimum} and {maximum}"));
            return null;
        }

        return number.Value;
    }

    /// <summary>A text that is one of <paramref name="values"/>.</summary>
    public string? OneOf(string name, params string[] values)
    {
        if (Text(name) is not { } text)
        {
            return null;
        }

        if (values.Contains(text))
        {
            return text;
        }

        Refuse(name, $"Value should be one of the following: [{string.Join(", ", values)}]");
        return null;
    }

    private T? Typed<T>(string name, string type)
        where T : DataValue
    {
        switch (Raw(name))
        {
            case null:
                return null;
            case T found:
                return found;
            default:
                Refuse(name, $"Expected value of type [{type}]");
                return null;
        }
    }
}
