using System.Globalization;
using System.Text;
using Lambent.Kernel.Values;

namespace Lambent.Kernel.Logs;

/// <summary>A JSON line's member that must have a value: <c>user.id=7</c>.</summary>
public sealed class LineField
{
    /// <summary>Where the member may stand: under its name, or on the way that the dots in it show.</summary>
    private readonly object[][] places;
    private readonly byte[] needle;
    private readonly LineLevel level;

    private LineField(string name, string value)
    {
        (Name, Value) = (name, value);
        var path = name.Split('.');
        object[] flat = [Encoding.UTF8.GetBytes(name)];
        places = path.Length == 1 ? [flat] : [flat, [.. path.Select(Encoding.UTF8.GetBytes)]];
        needle = Encoding.UTF8.GetBytes(LogOperand.IsPlainWord(value) ? value : path[^1]);
        level = name is "level" or "severity" && LineLevels.TryParse(value, out var parsed) ? parsed : LineLevel.None;
    }

    /// <summary>The member's name; a dot leads into a member of an object.</summary>
    public string Name { get; }

    public string Value { get; }

    /// <summary>Text that every line that matches contains; null when nothing is known of them.</summary>
    internal string? Needle => level == LineLevel.None ? Encoding.UTF8.GetString(needle) : null;

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
        if (utf8.IndexOf(needle) < 0)
        {
            return false;
        }

        var json = LineJson.Find(utf8);
        foreach (var place in places)
        {
            if (JsonMember.TryFind(json, place, out var found) && found is not null)
            {
                return Is(found);
            }
        }

        return false;
    }

    private bool Is(DataValue found) => found switch
    {
        DataText text => text.Value == Value,
        DataNumber number => number.Text == Value
            || (double.TryParse(Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var wanted)
                && wanted.Equals(number.Value)),
        DataBoolean flag => Value == (flag.Value ? "true" : "false"),
        DataNull => Value == "null",
        _ => false,
    };
}
