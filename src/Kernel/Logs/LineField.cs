using System.Globalization;
using System.Text;
using Lambent.Kernel.Values;

namespace Lambent.Kernel.Logs;

/// <summary>A JSON line's member that must have a value: <c>user.id=7</c>.</summary>
public sealed class LineField
{
    private readonly string[] path;
    private readonly byte[] lastName;
    private readonly LineLevel level;

    private LineField(string name, string value)
    {
        (Name, Value, path) = (name, value, name.Split('.'));
        lastName = Encoding.UTF8.GetBytes(path[^1]);
        level = name is "level" or "severity" && LineLevels.TryParse(value, out var parsed) ? parsed : LineLevel.None;
    }

    /// <summary>The member's name; a dot leads into a member of an object.</summary>
    public string Name { get; }

    public string Value { get; }

    /// <summary>Reads NAME=VALUE.</summary>
    public static Result<LineField> Parse(string text)
    {
        var equals = text.IndexOf('=');
        return equals > 0 && text.Length <= Limits.LogFilterLengthMax && !text[..equals].Split('.').Contains("")
            ? new LineField(text[..equals], text[(equals + 1)..])
            : new Error(ErrorCode.ValidationFailed, $"'{text}' is not NAME=VALUE, such as level=error.", "where");
    }

    /// <param name="utf8">The line.</param>
    /// <param name="own">The level that was read from it.</param>
    internal bool Matches(ReadOnlySpan<byte> utf8, LineLevel own)
    {
        if (level != LineLevel.None && own == level)
        {
            return true;
        }

        // Reading JSON costs a hundred times what this does.
        return utf8.IndexOf(lastName) >= 0 && LineJson.Read(LineJson.Find(utf8)) is { } json && Has(json);
    }

    private bool Has(DataValue json)
    {
        var found = json[Name];
        if (found is null)
        {
            found = json;
            foreach (var name in path)
            {
                found = found?[name];
            }
        }

        return found switch
        {
            null => false,
            DataText text => text.Value == Value,
            DataNumber number => number.Text == Value
                || (double.TryParse(Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var wanted)
                    && wanted.Equals(number.Value)),
            DataBoolean flag => Value == (flag.Value ? "true" : "false"),
            DataNull => Value == "null",
            _ => false,
        };
    }
}
