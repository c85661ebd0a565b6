using System.Globalization;

namespace Lambent.Kernel.Schedules;

/// <summary>What is wrong in an expression, and at which of its characters.</summary>
/// <param name="Position">Counted from 1.</param>
/// <param name="Reason">A sentence without its full stop.</param>
internal sealed record ExpressionFault(int Position, string Reason);

/// <summary>
/// Reads one field: values, names, ranges, steps and lists. What only fields of days have is left to the caller by
/// <see cref="Special"/>.
/// </summary>
internal sealed class CronFieldReader
{
    private readonly string text;
    private readonly int start;
    private readonly int end;
    private readonly CronUnit unit;
    private int at;

    /// <param name="text">The whole expression, so that faults name the character.</param>
    /// <param name="start">Where the field begins, from 0.</param>
    /// <param name="end">Where it ends.</param>
    /// <param name="unit">What its values are.</param>
    public CronFieldReader(string text, int start, int end, CronUnit unit)
    {
        this.text = text;
        this.start = start;
        this.end = end;
        this.unit = unit;
        at = start;
    }

    /// <summary>
    /// Reads one part of a list itself, and returns true when it did; false leaves the part to the reader. It may
    /// return a fault.
    /// </summary>
    public Func<(string Text, int Position), (bool IsRead, ExpressionFault? Fault)>? Special { get; init; }

    public bool Is(string whole) =>
        end - start == whole.Length && string.CompareOrdinal(text, start, whole, 0, whole.Length) == 0;

    public ExpressionFault Fault(string reason) => new(start + 1, reason);

    /// <summary>Gives every value that the field means to <paramref name="add"/>.</summary>
    public ExpressionFault? Read(Action<int> add)
    {
        while (true)
        {
            var comma = text.IndexOf(',', at, end - at);
            var partEnd = comma < 0 ? end : comma;
            if (partEnd == at)
            {
                return new ExpressionFault(at + 1, $"a value of the {unit.Name} is missing");
            }

            var special = Special?.Invoke((text[at..partEnd], at + 1)) ?? (false, null);
            if ((special.Fault ?? (special.IsRead ? null : ReadPart(partEnd, add))) is { } fault)
            {
                return fault;
            }

            if (comma < 0)
            {
                return null;
            }

            at = comma + 1;
        }
    }

    /// <summary>A value by its number or its name.</summary>
    public ExpressionFault? ReadValue(string word, int position, out int value)
    {
        value = 0;
        if (word.Length > 0 && word.All(char.IsAsciiDigit))
        {
            var isNumber = int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out value);
            return isNumber && value >= unit.Min && value <= unit.Max
                ? null
                : new ExpressionFault(position, $"{unit.Name} go from {unit.Min} to {unit.Max}");
        }

        var index = Array.FindIndex(unit.Names, name => name.Equals(word, StringComparison.OrdinalIgnoreCase));
        if (index < 0)
        {
            return new ExpressionFault(position, Unknown(word));
        }

        value = unit.FirstName + index;
        return null;
    }

    private ExpressionFault? ReadPart(int partEnd, Action<int> add)
    {
        var slash = text.IndexOf('/', at, partEnd - at);
        var rangeEnd = slash < 0 ? partEnd : slash;
        var step = 1;
        if (slash >= 0 && ReadStep(slash + 1, partEnd, out step) is { } badStep)
        {
            return badStep;
        }

        if (ReadRange(rangeEnd, slash >= 0, out var from, out var to) is { } badRange)
        {
            return badRange;
        }

        // A range that goes over the end goes on at the beginning, with the same step.
        var length = to >= from ? to - from : to - from + unit.StarMax - unit.Min + 1;
        for (var offset = 0; offset <= length; offset += step)
        {
            var value = from + offset;
            add(value > unit.Max ? value - (unit.StarMax - unit.Min + 1) : value);
        }

        return null;
    }

    private ExpressionFault? ReadRange(int rangeEnd, bool hasStep, out int from, out int to)
    {
        (from, to) = (unit.Min, unit.StarMax);
        if (rangeEnd - at == 1 && text[at] == '*')
        {
            return null;
        }

        var dash = text.IndexOf('-', at, rangeEnd - at);
        var firstEnd = dash < 0 ? rangeEnd : dash;
        if (ReadValue(text[at..firstEnd], at + 1, out from) is { } badFirst)
        {
            return badFirst;
        }

        if (dash < 0)
        {
            to = hasStep ? Math.Max(unit.StarMax, from) : from;
            return null;
        }

        if (ReadValue(text[(dash + 1)..rangeEnd], dash + 2, out to) is { } badLast)
        {
            return badLast;
        }

        return to < from && !unit.IsRound
            ? new ExpressionFault(at + 1, "the range ends before it begins")
            : null;
    }

    private ExpressionFault? ReadStep(int from, int partEnd, out int step)
    {
        var isNumber = int.TryParse(
            text.AsSpan(from, partEnd - from), NumberStyles.None, CultureInfo.InvariantCulture, out step);
        return isNumber && step >= 1 && step <= unit.Max
            ? null
            : new ExpressionFault(from + 1, $"a step goes from 1 to {unit.Max}");
    }

    private string Unknown(string word) => word switch
    {
        "" => $"a value of the {unit.Name} is missing",
        "?" => "a question mark stands alone, in one of the two fields of days",
        _ => $"'{(word.Length > 20 ? word[..20] + "…" : word)}' is not one of the {unit.Name}"
            + (unit.Names.Length > 0 ? $" ({unit.Names[0]} to {unit.Names[^1]})" : ""),
    };
}
