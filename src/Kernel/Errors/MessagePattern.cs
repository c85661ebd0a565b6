using System.Buffers;
using System.Text;

namespace Lambent.Kernel.Errors;

/// <summary>
/// What the messages of one bug have in common: ids, numbers, quoted values, dates, paths and addresses are replaced by
/// what they are. Takes time that grows with the message alone.
/// </summary>
public static class MessagePattern
{
    /// <summary>Characters of a pattern; what follows does not count.</summary>
    public const int LengthMax = 300;

    private const int QuotedLengthMax = 500;
    private const int WordLengthMin = 3;
    private const int HexLengthMin = 8;

    /// <summary>So long a word with a digit in it is no name.</summary>
    private const int IdLengthMin = 12;

    /// <summary>A number, an id, a date: one bug may have one or the other.</summary>
    private const string Value = "<value>";
    private const int OpaqueLengthMin = 32;
    private const string Delimiters = " \t\r\n,;()[]{}<>=|\"'`";
    private const string Quotes = "'\"`";

    private static readonly SearchValues<char> NumberCharacters = SearchValues.Create("0123456789.,:+-_/%");
    private static readonly SearchValues<char> HexCharacters = SearchValues.Create("abcdefABCDEF-");
    private static readonly SearchValues<char> Separators = SearchValues.Create("._:/\\");
    private static readonly SearchValues<char> DigitCharacters = SearchValues.Create("0123456789.,+-");

    /// <param name="message">Of an error; only its first <see cref="ErrorReport.MessageLengthMax"/> count.</param>
    public static string Of(string message)
    {
        var text = WithoutRequest(ErrorReport.Cut(message, ErrorReport.MessageLengthMax));
        var pattern = new StringBuilder();
        for (var position = 0; position < text.Length && pattern.Length < LengthMax;)
        {
            var character = text[position];
            if (char.IsWhiteSpace(character) || char.IsControl(character))
            {
                AddSpace(pattern);
                position++;
            }
            else if (Quotes.Contains(character) && ClosingQuote(text, position) is > 0 and var close)
            {
                pattern.Append("<text>");
                position = close + 1;
            }
            else if (Delimiters.Contains(character))
            {
                pattern.Append(character);
                position++;
            }
            else
            {
                var end = position;
                while (end < text.Length && !Delimiters.Contains(text[end]) && !char.IsControl(text[end]))
                {
                    end++;
                }

                if (text.AsSpan(position, end - position).Contains("://", StringComparison.Ordinal))
                {
                    end = EndOfAddress(text, end);
                }

                AddWord(pattern, text.AsSpan(position, end - position));
                position = end;
            }
        }

        return ErrorReport.Cut(pattern.ToString().Trim(), LengthMax);
    }

    /// <summary>The platform's own messages begin with the id of the call.</summary>
    private static string WithoutRequest(string message)
    {
        const string Mark = "RequestId: ";
        var error = message.StartsWith(Mark, StringComparison.Ordinal)
            ? message.IndexOf(" Error: ", StringComparison.Ordinal)
            : -1;
        return error < 0 ? message : message[(error + " Error: ".Length)..];
    }

    /// <summary>Of a value; 0 for an apostrophe.</summary>
    private static int ClosingQuote(string text, int open)
    {
        if (open > 0 && char.IsLetterOrDigit(text[open - 1]))
        {
            return 0;
        }

        var last = Math.Min(text.Length, open + QuotedLengthMax);
        for (var position = open + 1; position < last; position++)
        {
            if (text[position] == text[open]
                && (position + 1 == text.Length || !char.IsLetterOrDigit(text[position + 1])))
            {
                return position;
            }
        }

        return 0;
    }

    private static int EndOfAddress(string text, int end)
    {
        while (end < text.Length && !char.IsWhiteSpace(text[end]) && !Quotes.Contains(text[end])
            && text[end] is not (')' or '>' or ']'))
        {
            end++;
        }

        return end;
    }

    private static void AddSpace(StringBuilder pattern)
    {
        if (pattern.Length > 0 && pattern[^1] != ' ')
        {
            pattern.Append(' ');
        }
    }

    private static void AddWord(StringBuilder pattern, ReadOnlySpan<char> word)
    {
        var bare = word.TrimEnd(".:!?");
        var tail = word[bare.Length..];
        if (bare.IsEmpty)
        {
            pattern.Append(tail);
            return;
        }

        pattern.Append(KindOf(bare) ?? bare).Append(tail);
    }

    /// <summary>Null for a word that stays as it is.</summary>
    private static string? KindOf(ReadOnlySpan<char> word)
    {
        if (word.Contains("://", StringComparison.Ordinal))
        {
            return "<url>";
        }

        if (word.IndexOf('@') is > 0 and var at && word[at..].Contains('.'))
        {
            return "<email>";
        }

        if (IsPath(word))
        {
            return "<path>";
        }

        if (!word.ContainsAnyInRange('0', '9'))
        {
            return IsOpaque(word) ? Value : null;
        }

        if (!word.ContainsAnyExcept(NumberCharacters))
        {
            return Value;
        }

        if (word.Length >= IdLengthMin)
        {
            return Value;
        }

        // order17 and utf8 are a word with a number; 12ms and 3rd are a number with a word; all else is an id.
        var letters = word.IndexOfAnyInRange('0', '9');
        if (letters >= WordLengthMin && word[letters..].IndexOfAnyExceptInRange('0', '9') < 0
            && IsWord(word[..letters]))
        {
            return $"{word[..letters]}{Value}";
        }

        var digits = word.IndexOfAnyExcept(DigitCharacters);
        return digits > 0 && word.Length - digits < WordLengthMin && IsWord(word[digits..])
            ? $"{Value}{word[digits..]}"
            : Value;
    }

    private static bool IsWord(ReadOnlySpan<char> text)
    {
        foreach (var character in text)
        {
            if (!char.IsLetter(character) && character is not ('-' or '_' or '.' or ':' or '/' or '#'))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsPath(ReadOnlySpan<char> word) =>
        (word.Length > 1 && word[0] == '/' && word[1] != '/')
        || word.StartsWith("./", StringComparison.Ordinal)
        || word.StartsWith("../", StringComparison.Ordinal)
        || word.StartsWith("~/", StringComparison.Ordinal)
        || (word.Length > 2 && char.IsAsciiLetter(word[0]) && word[1] == ':' && word[2] == '\\');

    private static bool IsOpaque(ReadOnlySpan<char> word) =>
        (word.Length >= HexLengthMin && !word.ContainsAnyExcept(HexCharacters))
        || (word.Length >= OpaqueLengthMin && !word.ContainsAny(Separators) && word.ContainsAnyInRange('A', 'Z')
            && word.ContainsAnyInRange('a', 'z'));
}
