using System.Text;
using Lambent.Kernel.Jsonata.Running;
using Lambent.Kernel.Values;

namespace Lambent.Kernel.Jsonata.Functions;

/// <summary>Functions of strings. Places and lengths count code points.</summary>
internal static class TextFunctions
{
    public static DataValue? String(Evaluation run, DataValue?[] arguments)
    {
        if (arguments[0] is not { } value)
        {
            return null;
        }

        var text = ValueText.Of(value, run, arguments[1] is DataBoolean { Value: true });
        run.ChargeText(text.Length);
        return value as DataText ?? new DataText(text);
    }

    public static DataValue? Substring(Evaluation run, DataValue?[] arguments)
    {
        if (arguments[0] is not DataText text)
        {
            return null;
        }

        run.ChargeText(text.Value.Length);
        var length = CodePoints(text.Value);
        var start = arguments[1] is null ? 0 : Arithmetic.Whole(arguments[1]);
        start = Math.Max(0, start < 0 && length + start >= 0 ? length + start : start);
        var end = length;
        if (arguments[2] is not null)
        {
            var count = Arithmetic.Whole(arguments[2]);
            end = count <= 0 ? start : (int)Math.Min(length, (long)start + count);
        }

        return new DataText(start >= end
            ? string.Empty
            : text.Value[UnitOf(text.Value, length, start)..UnitOf(text.Value, length, end)]);
    }

    public static DataValue? SubstringBefore(Evaluation run, DataValue?[] arguments) =>
        Found(run, arguments) is var (text, place, _) ? place < 0 ? arguments[0] : new DataText(text[..place]) : null;

    public static DataValue? SubstringAfter(Evaluation run, DataValue?[] arguments) =>
        Found(run, arguments) is var (text, place, length)
            ? place < 0 ? arguments[0] : new DataText(text[(place + length)..])
            : null;

    public static DataValue? Lowercase(Evaluation run, DataValue?[] arguments) =>
        Changed(run, arguments[0], text => text.ToLowerInvariant());

    public static DataValue? Uppercase(Evaluation run, DataValue?[] arguments) =>
        Changed(run, arguments[0], text => text.ToUpperInvariant());

    public static DataValue? Length(Evaluation run, DataValue?[] arguments) =>
        arguments[0] is DataText text ? CodePoints(text.Value) : null;

    /// <summary>Spaces at the ends go, others become one each.</summary>
    public static DataValue? Trim(Evaluation run, DataValue?[] arguments) => Changed(run, arguments[0], text =>
    {
        var trimmed = new StringBuilder(text.Length);
        foreach (var one in text)
        {
            if (one is not (' ' or '\t' or '\n' or '\r'))
            {
                trimmed.Append(one);
            }
            else if (trimmed.Length > 0 && trimmed[^1] != ' ')
            {
                trimmed.Append(' ');
            }
        }

        return trimmed.ToString().TrimEnd(' ');
    });

    public static DataValue? Pad(Evaluation run, DataValue?[] arguments)
    {
        if (arguments[0] is not DataText text)
        {
            return null;
        }

        var width = arguments[1] is null ? 0 : Arithmetic.Whole(arguments[1]);
        var filling = arguments[2] is DataText { Value.Length: > 0 } given ? given.Value : " ";
        var missing = Math.Abs(width) - CodePoints(text.Value);
        if (missing <= 0)
        {
            return text;
        }

        run.ChargeText(text.Value.Length + ((long)missing * 2));
        var points = CodePoints(filling);
        var pad = new StringBuilder();
        for (var turn = 0; turn < missing / points; turn++)
        {
            pad.Append(filling);
        }

        pad.Append(filling, 0, UnitOf(filling, points, missing % points));
        return new DataText(width < 0 ? pad + text.Value : text.Value + pad);
    }

    public static DataValue? Join(Evaluation run, DataValue?[] arguments)
    {
        if (arguments[0] is not DataArray array)
        {
            return null;
        }

        var separator = arguments[1] is DataText given ? given.Value : string.Empty;
        run.Charge(array.Items.Count);
        run.ChargeText(array.Items.Sum(item => (long)((DataText)item).Value.Length + separator.Length));
        return new DataText(string.Join(separator, array.Items.Select(item => ((DataText)item).Value)));
    }

    public static int CodePoints(string text)
    {
        var count = 0;
        foreach (var _ in text.EnumerateRunes())
        {
            count++;
        }

        return count;
    }

    /// <summary>Where the code point of a number begins, in UTF-16 units.</summary>
    private static int UnitOf(string text, int length, int point)
    {
        if (length == text.Length)
        {
            return point;
        }

        var unit = 0;
        for (var passed = 0; passed < point; passed++)
        {
            unit += char.IsSurrogatePair(text, unit) ? 2 : 1;
        }

        return unit;
    }

    private static DataText? Changed(Evaluation run, DataValue? value, Func<string, string> change)
    {
        if (value is not DataText text)
        {
            return null;
        }

        run.ChargeText(text.Value.Length);
        return new DataText(change(text.Value));
    }

    private static (string Text, int Place, int Length)? Found(Evaluation run, DataValue?[] arguments)
    {
        if (arguments[0] is not DataText text)
        {
            return null;
        }

        run.ChargeText(text.Value.Length);
        var sought = arguments[1] is DataText given ? given.Value : "undefined";
        return (text.Value, text.Value.IndexOf(sought, StringComparison.Ordinal), sought.Length);
    }
}
