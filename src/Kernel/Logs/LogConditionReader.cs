using System.Globalization;
using System.Text;

namespace Lambent.Kernel.Logs;

/// <summary>Reads <c>{ ($.a = "x" || $.b &gt; 3) &amp;&amp; $.c NOT EXISTS }</c>.</summary>
internal sealed class LogConditionReader(string text)
{
    private const int NestingMax = 30;

    private int position = 1;
    private int nesting;

    public Result<LogCondition> Read()
    {
        if (ReadAny().Failed(out var condition, out var failure))
        {
            return failure;
        }

        if (!Takes("}"))
        {
            return LogPattern.Invalid($"an operator or }} is missing at '{Rest()}'");
        }

        SkipSpace();
        return position == text.Length ? condition : LogPattern.Invalid($"there is '{Rest()}' after the }}");
    }

    private Result<LogCondition> ReadAny() => ReadList("||", ReadAll, all: false);

    private Result<LogCondition> ReadAll() => ReadList("&&", ReadOne, all: true);

    private Result<LogCondition> ReadList(string joint, Func<Result<LogCondition>> read, bool all)
    {
        var parts = new List<LogCondition>();
        do
        {
            if (read().Failed(out var part, out var failure))
            {
                return failure;
            }

            parts.Add(part);
        }
        while (Takes(joint));
        return parts.Count == 1 ? parts[0] : new LogConditions(parts, all);
    }

    private Result<LogCondition> ReadOne()
    {
        if (!Takes("("))
        {
            return ReadComparison();
        }

        if (++nesting > NestingMax)
        {
            return LogPattern.Invalid($"brackets are nested deeper than {NestingMax}");
        }

        if (ReadAny().Failed(out var inner, out var failure))
        {
            return failure;
        }

        nesting--;
        return Takes(")") ? inner : LogPattern.Invalid($"a ) is missing at '{Rest()}'");
    }

    private Result<LogCondition> ReadComparison()
    {
        if (ReadSelector().Failed(out var selector, out var failure))
        {
            return failure;
        }

        foreach (var word in (string[])["IS NULL", "IS TRUE", "IS FALSE", "NOT EXISTS"])
        {
            if (TakesWords(word))
            {
                return new LogComparison(selector, word, LogOperand.None);
            }
        }

        foreach (var comparison in (string[])["!=", "<=", ">=", "=", "<", ">"])
        {
            if (Takes(comparison))
            {
                return ReadOperand(comparison).Select(
                    operand => (LogCondition)new LogComparison(selector, comparison, operand));
            }
        }

        return LogPattern.Invalid($"a comparison is missing at '{Rest()}'");
    }

    private Result<LogOperand> ReadOperand(string comparison)
    {
        SkipSpace();
        var quoted = position < text.Length && text[position] is '"' or '%';
        var isExpression = quoted && text[position] == '%';
        var read = quoted ? ReadQuoted(text[position]) : ReadBare("(){}&|\"%=<>!");
        if (read.Failed(out var value, out var failure))
        {
            return failure;
        }

        if (LogOperand.Of(value, quoted, isExpression).Failed(out var operand, out failure))
        {
            return failure;
        }

        return comparison is "=" or "!=" || operand.Number is not null
            ? operand
            : LogPattern.Invalid($"{comparison} compares numbers, and '{value}' is none");
    }

    private Result<LogSelector> ReadSelector()
    {
        if (!Takes("$"))
        {
            return LogPattern.Invalid($"a selector such as $.level is missing at '{Rest()}'");
        }

        var steps = new List<object>();
        while (position < text.Length && text[position] is '.' or '[')
        {
            var read = text[position++] == '.' ? ReadName() : ReadIndex();
            if (read.Failed(out var step, out var failure))
            {
                return failure;
            }

            steps.Add(step);
        }

        return steps.Count > 0 ? new LogSelector(steps) : LogPattern.Invalid("$ selects nothing; use $.member");
    }

    private Result<object> ReadName() => ReadBare(".[](){}&|\"%=<>!").Select(name => (object)name);

    private Result<object> ReadIndex()
    {
        if (position < text.Length && text[position] == '"')
        {
            return ReadQuoted('"').Then<object>(name => Takes("]") ? name : Unclosed());
        }

        var end = text.IndexOf(']', position);
        if (end < 0)
        {
            return Unclosed();
        }

        var inner = text[position..end].Trim();
        position = end + 1;
        if (inner == "*")
        {
            return LogSelector.AnyItem;
        }

        return int.TryParse(inner, NumberStyles.None, CultureInfo.InvariantCulture, out var index)
            ? (Result<object>)index
            : LogPattern.Invalid($"[{inner}] is neither an index nor [*]");

        static Error Unclosed() => LogPattern.Invalid("a ] is missing");
    }

    private Result<string> ReadBare(string ends)
    {
        var start = position;
        while (position < text.Length && !char.IsWhiteSpace(text[position]) && !ends.Contains(text[position]))
        {
            position++;
        }

        return position > start ? text[start..position] : LogPattern.Invalid($"something is missing at '{Rest()}'");
    }

    private Result<string> ReadQuoted(char quote)
    {
        var value = new StringBuilder();
        for (position++; position < text.Length && text[position] != quote; position++)
        {
            if (quote == '"' && text[position] == '\\' && position + 1 < text.Length)
            {
                position++;
            }

            value.Append(text[position]);
        }

        return position++ < text.Length ? value.ToString() : LogPattern.Invalid($"there is no {quote} at the end");
    }

    private bool TakesWords(string words)
    {
        var before = position;
        if (words.Split(' ').All(word => Takes(word)))
        {
            return true;
        }

        position = before;
        return false;
    }

    private bool Takes(string symbol)
    {
        SkipSpace();
        if (!text.AsSpan(position).StartsWith(symbol, StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        position += symbol.Length;
        return true;
    }

    private void SkipSpace()
    {
        while (position < text.Length && char.IsWhiteSpace(text[position]))
        {
            position++;
        }
    }

    private string Rest()
    {
        var rest = text[Math.Min(position, text.Length)..];
        return rest.Length > 40 ? rest[..40] : rest;
    }
}
