using System.Text.RegularExpressions;
using Lambent.Kernel;
using Lambent.Kernel.Functions;
using Lambent.Kernel.Values;

namespace Lambent.Server.Aws.Protocols;

/// <summary>
/// The parameters of a request. What is wrong with them is collected: an operation reads all it wants and then looks at
/// <see cref="Failure"/>. Unknown members are ignored, and null is as if the member was absent, as AWS has it.
/// </summary>
internal sealed class JsonInput
{
    private readonly DataObject members;
    private readonly string prefix;
    private readonly JsonInput root;
    private readonly ConstraintViolations violations;
    private readonly long integerMax;
    private Error? unreadable;

    /// <param name="members">Of the request.</param>
    /// <param name="integerMax">What is further from zero is no whole number to this API.</param>
    public JsonInput(DataObject members, long integerMax)
    {
        (this.members, prefix, violations, root) = (members, "", new ConstraintViolations(), this);
        this.integerMax = integerMax;
    }

    private JsonInput(DataObject members, string prefix, JsonInput root)
    {
        (this.members, this.prefix, this.root, violations) = (members, prefix, root, root.violations);
        integerMax = root.integerMax;
    }

    /// <summary>What is wrong with all that was read so far, or null.</summary>
    public Error? Failure => root.unreadable ?? violations.ToError();

    public bool Has(string name) => members[name] is not (null or DataNull);

    /// <summary>Text; bounds are in characters and inclusive.</summary>
    public string? Text(string name, int min = 1, int max = int.MaxValue)
    {
        var text = Read<DataText>(name, "a string")?.Value;
        violations.Length(text, prefix + name, min, max);
        return text;
    }

    /// <summary>Text of a form that AWS's API document gives.</summary>
    /// <param name="name">The member.</param>
    /// <param name="max">Characters.</param>
    /// <param name="pattern">What it has to match.</param>
    /// <param name="shown">The same as AWS writes it.</param>
    public string? Text(string name, int max, Regex pattern, string shown)
    {
        var text = Text(name, 1, max);
        violations.Pattern(text, prefix + name, pattern, shown);
        return text;
    }

    /// <summary>Text that must be there; empty when it is not, and then there is a failure.</summary>
    public string RequiredText(string name, int min = 1, int max = int.MaxValue)
    {
        var text = Text(name, min, max);
        Require(name);
        return text ?? "";
    }

    public string? OneOf(string name, params string[] allowed)
    {
        var text = Read<DataText>(name, "a string")?.Value;
        violations.OneOf(text, prefix + name, allowed);
        return text;
    }

    public bool? Flag(string name) => Read<DataBoolean>(name, "a boolean")?.Value;

    public long? Integer(string name, long min, long? max = null)
    {
        if (Read<DataNumber>(name, "a number") is not { } number)
        {
            return null;
        }

        if (!number.IsInteger || Math.Abs(number.Value) > integerMax)
        {
            Refuse(name, "a whole number");
            return null;
        }

        violations.Range((long)number.Value, prefix + name, min, max);
        return (long)number.Value;
    }

    public double? Number(string name, double min, double max)
    {
        var number = Read<DataNumber>(name, "a number");
        if (number is not null && (number.Value < min || number.Value > max))
        {
            violations.Add(
                number.Text,
                prefix + name,
                number.Value > max
                    ? $"Member must have value less than or equal to {max}"
                    : $"Member must have value greater than or equal to {min}");
        }

        return number?.Value;
    }

    /// <summary>A structure within the parameters; it reports to the same failure.</summary>
    public JsonInput? Structure(string name) => Read<DataObject>(name, "a structure") is { } found
        ? new JsonInput(found, $"{prefix}{name}.", root)
        : null;

    /// <summary>The structures of a list; empty when it is not there.</summary>
    public IReadOnlyList<JsonInput> Structures(string name)
    {
        List<JsonInput> found = [];
        foreach (var item in Read<DataArray>(name, "a list")?.Items ?? [])
        {
            if (item is DataObject structure)
            {
                found.Add(new JsonInput(structure, $"{prefix}{name}.{found.Count + 1}.member.", root));
            }
            else
            {
                Refuse(name, "a list of structures");
            }
        }

        return found;
    }

    public IReadOnlyList<string> Texts(string name)
    {
        List<string> found = [];
        foreach (var item in Read<DataArray>(name, "a list")?.Items ?? [])
        {
            if (item is DataText text)
            {
                found.Add(text.Value);
            }
            else
            {
                Refuse(name, "a list of strings");
            }
        }

        return found;
    }

    public void Require(string name)
    {
        if (!Has(name))
        {
            violations.Required(null, prefix + name);
        }
    }

    /// <summary>A part of a member that was read, judged by its length.</summary>
    public void Length(string? value, string name, int min, int max) =>
        violations.Length(value, prefix + name, min, max);

    /// <summary>Something that no rule here covers.</summary>
    /// <param name="name">The member.</param>
    /// <param name="value">What was sent.</param>
    /// <param name="constraint">A sentence that starts with "Member must".</param>
    public void Violate(string name, string? value, string constraint) =>
        violations.Add(value, prefix + name, constraint);

    /// <summary>A map of texts; empty when it is not there.</summary>
    public IReadOnlyDictionary<string, string> TextMap(string name)
    {
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in Read<DataObject>(name, "a map")?.Members ?? DataObject.Empty.Members)
        {
            if (value is DataText text)
            {
                found[key] = text.Value;
            }
            else
            {
                Refuse(name, "a map of strings");
            }
        }

        return found;
    }

    private T? Read<T>(string name, string expected)
        where T : DataValue
    {
        if (!Has(name))
        {
            return null;
        }

        if (members[name] is T value)
        {
            return value;
        }

        Refuse(name, expected);
        return null;
    }

    private void Refuse(string name, string expected) => root.unreadable ??= new Error(
        ErrorCode.RequestUnreadable,
        $"The member '{prefix}{name}' must be {expected}, and is: {members[name]!.Kind}.",
        prefix + name);
}
