using System.Text.RegularExpressions;
using Lambent.Kernel;
using Lambent.Kernel.Functions;
using Lambent.Kernel.Values;

namespace Lambent.Server.Aws.Logs;

/// <summary>
/// The parameters of a request. What is wrong with them is collected: an operation reads all it wants and then looks at
/// <see cref="Failure"/>. Unknown members are ignored, and null is as if the member was absent, as AWS has it.
/// </summary>
internal sealed partial class LogsInput
{
    /// <summary>The year 9999.</summary>
    private const long MillisecondsMax = 253_402_300_799_999;

    private readonly DataObject members;
    private readonly string prefix;
    private readonly LogsInput root;
    private readonly ConstraintViolations violations;
    private Error? unreadable;

    public LogsInput(DataObject members)
    {
        (this.members, prefix, violations, root) = (members, "", new ConstraintViolations(), this);
    }

    private LogsInput(DataObject members, string prefix, LogsInput root)
    {
        (this.members, this.prefix, this.root, violations) = (members, prefix, root, root.violations);
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

        const double ExactMax = 9_007_199_254_740_992;
        if (!number.IsInteger || Math.Abs(number.Value) > ExactMax)
        {
            Refuse(name, "a whole number");
            return null;
        }

        violations.Range((long)number.Value, prefix + name, min, max);
        return (long)number.Value;
    }

    /// <summary>A time in milliseconds since 1970.</summary>
    public DateTimeOffset? Time(string name) =>
        Integer(name, 0, MillisecondsMax) is { } milliseconds
            ? DateTimeOffset.FromUnixTimeMilliseconds(Math.Min(milliseconds, MillisecondsMax))
            : null;

    /// <summary>The name of a group: letters, digits, . - _ / #</summary>
    public string? GroupName(string name)
    {
        var text = Text(name, 1, Limits.LogGroupNameLengthMax);
        violations.Pattern(text, prefix + name, GroupPattern(), "[\\.\\-_/#A-Za-z0-9]+");
        return text;
    }

    /// <summary>The name of a stream: anything but a colon and a star.</summary>
    public string? StreamName(string name)
    {
        var text = Text(name, 1, Limits.LogStreamNameLengthMax);
        violations.Pattern(text, prefix + name, StreamPattern(), "[^:*]*");
        return text;
    }

    /// <summary>The structures of a list; empty when it is not there.</summary>
    public IReadOnlyList<LogsInput> Structures(string name)
    {
        List<LogsInput> found = [];
        foreach (var item in Read<DataArray>(name, "a list")?.Items ?? [])
        {
            if (item is DataObject structure)
            {
                found.Add(new LogsInput(structure, $"{prefix}{name}.{found.Count + 1}.member.", root));
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

    /// <summary>Something that no rule here covers.</summary>
    /// <param name="name">The member.</param>
    /// <param name="value">What was sent.</param>
    /// <param name="constraint">A sentence that starts with "Member must".</param>
    public void Violate(string name, string? value, string constraint) =>
        violations.Add(value, prefix + name, constraint);

    /// <summary>Tags, which CloudWatch Logs writes as an object.</summary>
    public IReadOnlyDictionary<string, string> Tags()
    {
        var tags = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in Read<DataObject>("tags", "a map")?.Members ?? DataObject.Empty.Members)
        {
            if (value is not DataText text)
            {
                Refuse("tags", "a map of strings");
                continue;
            }

            violations.Length(key, "tags.key", 1, Limits.TagKeyLengthMax);
            violations.Length(text.Value, $"tags.{key}", 0, Limits.TagValueLengthMax);
            tags[key] = text.Value;
        }

        if (tags.Count > Limits.TagsMax)
        {
            Violate("tags", null, $"Member must have length less than or equal to {Limits.TagsMax}");
        }

        return tags;
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

    [GeneratedRegex(@"\A[.\-_/#A-Za-z0-9]+\z")]
    private static partial Regex GroupPattern();

    [GeneratedRegex(@"\A[^:*]*\z")]
    private static partial Regex StreamPattern();
}
