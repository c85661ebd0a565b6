using System.Collections;
using System.Collections.Immutable;

namespace Lambent.Kernel.Schedules;

/// <summary>
/// Reads the fields of a cron expression. The rules of AWS are those of its scheduler: one of the two fields of days is
/// a question mark, L, W and # mean what they mean there, a year is demanded.
/// </summary>
internal sealed class CronParser(string text, CronSyntax syntax)
{
    private readonly CronUnit weekdays = CronUnit.DayOfWeek(syntax);
    private uint ofMonth;
    private uint nearestWeekday;
    private bool isLast;
    private bool isLastWeekday;
    private uint ofWeek;
    private uint lastOfWeek;
    private ImmutableArray<(int Day, int Number)> numbered = [];
    private int weekParts;

    /// <summary>Reads the fields between two characters of the text.</summary>
    public CronExpression? Parse(int start, int end, out ExpressionFault? fault)
    {
        var fields = Fields(start, end);
        var wanted = syntax == CronSyntax.Unix ? 5 : 6;
        if (fields.Count != wanted)
        {
            var at = fields.Count > wanted ? fields[wanted].Start : end;
            fault = new ExpressionFault(at + 1, $"{wanted} fields are expected, not {fields.Count}");
            return null;
        }

        var first = syntax == CronSyntax.Seconds ? 1 : 0;
        ulong seconds = 1;
        ulong minutes = 0;
        ulong hours = 0;
        ulong months = 0;
        BitArray? years = null;
        if (first == 1)
        {
            seconds = 0;
        }

        fault = (first == 1 ? Read(fields[0], CronUnit.Second, value => seconds |= 1UL << value) : null)
            ?? Read(fields[first], CronUnit.Minute, value => minutes |= 1UL << value)
            ?? Read(fields[first + 1], CronUnit.Hour, value => hours |= 1UL << value)
            ?? ReadDaysOfMonth(fields[first + 2])
            ?? Read(fields[first + 3], CronUnit.Month, value => months |= 1UL << value)
            ?? ReadDaysOfWeek(fields[first + 4])
            ?? (syntax == CronSyntax.Aws ? ReadYears(fields[5], out years) : null)
            ?? CheckDays(fields[first + 2], fields[first + 4]);
        return fault is null
            ? new CronExpression(seconds, minutes, hours, Days(fields[first + 2], fields[first + 4]), months, years)
            : null;
    }

    private List<(int Start, int End)> Fields(int start, int end)
    {
        List<(int, int)> fields = [];
        for (var at = start; at < end;)
        {
            if (text[at] == ' ')
            {
                at++;
                continue;
            }

            var space = text.IndexOf(' ', at, end - at);
            var fieldEnd = space < 0 ? end : space;
            fields.Add((at, fieldEnd));
            at = fieldEnd;
        }

        return fields;
    }

    private ExpressionFault? Read((int Start, int End) field, CronUnit unit, Action<int> add) =>
        new CronFieldReader(text, field.Start, field.End, unit).Read(add);

    private ExpressionFault? ReadYears((int Start, int End) field, out BitArray? years)
    {
        years = null;
        var reader = new CronFieldReader(text, field.Start, field.End, CronUnit.Year);
        if (reader.Is("*"))
        {
            return null;
        }

        var read = new BitArray(CronExpression.YearMax - CronExpression.YearMin + 1);
        years = read;
        return reader.Read(year => read[year - CronExpression.YearMin] = true);
    }

    private ExpressionFault? ReadDaysOfMonth((int Start, int End) field)
    {
        var reader = new CronFieldReader(text, field.Start, field.End, CronUnit.DayOfMonth)
        {
            Special = syntax == CronSyntax.Aws ? ReadSpecialDayOfMonth : null,
        };
        return reader.Is("?") && syntax == CronSyntax.Aws ? null : reader.Read(day => ofMonth |= 1u << day);
    }

    private (bool IsRead, ExpressionFault? Fault) ReadSpecialDayOfMonth((string Text, int Position) part)
    {
        switch (part.Text)
        {
            case "L":
                isLast = true;
                return (true, null);
            case "LW":
                isLastWeekday = true;
                return (true, null);
            default:
                break;
        }

        if (!part.Text.EndsWith('W'))
        {
            return (false, null);
        }

        var reader = new CronFieldReader(text, part.Position - 1, part.Position - 1, CronUnit.DayOfMonth);
        var fault = reader.ReadValue(part.Text[..^1], part.Position, out var day);
        nearestWeekday |= fault is null ? 1u << day : 0;
        return (true, fault);
    }

    private ExpressionFault? ReadDaysOfWeek((int Start, int End) field)
    {
        var reader = new CronFieldReader(text, field.Start, field.End, weekdays)
        {
            Special = syntax == CronSyntax.Aws ? ReadSpecialDayOfWeek : null,
        };
        if (reader.Is("?") && syntax == CronSyntax.Aws)
        {
            return null;
        }

        var fault = reader.Read(day => ofWeek |= 1u << Weekday(day));
        return fault is null && !numbered.IsEmpty && weekParts > 1
            ? reader.Fault("with # there is one day only")
            : fault;
    }

    private (bool IsRead, ExpressionFault? Fault) ReadSpecialDayOfWeek((string Text, int Position) part)
    {
        weekParts++;
        if (part.Text == "L")
        {
            ofWeek |= 1u << Weekday(weekdays.Max);
            return (true, null);
        }

        var reader = new CronFieldReader(text, part.Position - 1, part.Position - 1, weekdays);
        if (part.Text.EndsWith('L') && part.Text.Length is 2 or 4)
        {
            var fault = reader.ReadValue(part.Text[..^1], part.Position, out var day);
            lastOfWeek |= fault is null ? 1u << Weekday(day) : 0;
            return (true, fault);
        }

        var hash = part.Text.IndexOf('#');
        if (hash < 0)
        {
            return (false, null);
        }

        if (reader.ReadValue(part.Text[..hash], part.Position, out var weekday) is { } unknown)
        {
            return (true, unknown);
        }

        if (part.Text.Length != hash + 2 || part.Text[^1] is < '1' or > '5')
        {
            return (true, new ExpressionFault(part.Position + hash + 1, "after # comes a number from 1 to 5"));
        }

        numbered = numbered.Add((Weekday(weekday), part.Text[^1] - '0'));
        return (true, null);
    }

    /// <summary>On AWS exactly one of the two is a question mark.</summary>
    private ExpressionFault? CheckDays((int Start, int End) ofMonthField, (int Start, int End) ofWeekField)
    {
        if (syntax != CronSyntax.Aws)
        {
            return null;
        }

        return (IsOpen(ofMonthField), IsOpen(ofWeekField)) switch
        {
            (true, true) => new ExpressionFault(ofWeekField.Start + 1, "only one of the two fields of days can be ?"),
            (false, false) => new ExpressionFault(
                ofWeekField.Start + 1, "one of the two fields of days must be ?, this one or the days of the month"),
            _ => null,
        };
    }

    private CronDays Days((int Start, int End) ofMonthField, (int Start, int End) ofWeekField) => new()
    {
        OfMonth = ofMonth,
        IsLast = isLast,
        IsLastWeekday = isLastWeekday,
        NearestWeekday = nearestWeekday,
        OfWeek = ofWeek,
        LastOfWeek = lastOfWeek,
        Numbered = numbered,
        RestrictsMonth = Restricts(ofMonthField),
        RestrictsWeek = Restricts(ofWeekField),
        // As in cron: a field that begins with a star never makes the other one superfluous.
        EitherIsEnough = syntax == CronSyntax.Unix
            && text[ofMonthField.Start] != '*' && text[ofWeekField.Start] != '*',
    };

    private bool IsOpen((int Start, int End) field) => field.End - field.Start == 1 && text[field.Start] == '?';

    private bool Restricts((int Start, int End) field) =>
        !(field.End - field.Start == 1 && text[field.Start] is '?' or '*');

    private int Weekday(int written) => syntax == CronSyntax.Aws ? written - 1 : written % 7;
}
