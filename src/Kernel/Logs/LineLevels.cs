using System.Text;
using System.Text.Json;

namespace Lambent.Kernel.Logs;

/// <summary>
/// Finds a line's level: the member level, severity or the like of a JSON line; otherwise a word in its head, as the
/// runtimes of AWS (<c>TIME\tID\tINFO\t</c>, <c>[ERROR]\tTIME</c>), Python (<c>WARNING:root:</c>), .NET
/// (<c>fail: </c>) and loggers with a time first have it.
/// </summary>
public static class LineLevels
{
    /// <summary>A level stands in the head or nowhere.</summary>
    private const int HeadBytes = 128;

    private const int WordsMax = 5;

    private static readonly Dictionary<string, LineLevel> Words = new(StringComparer.OrdinalIgnoreCase)
    {
        ["trace"] = LineLevel.Trace,
        ["trce"] = LineLevel.Trace,
        ["verbose"] = LineLevel.Trace,
        ["debug"] = LineLevel.Debug,
        ["dbug"] = LineLevel.Debug,
        ["info"] = LineLevel.Info,
        ["information"] = LineLevel.Info,
        ["notice"] = LineLevel.Info,
        ["warn"] = LineLevel.Warn,
        ["warning"] = LineLevel.Warn,
        ["error"] = LineLevel.Error,
        ["err"] = LineLevel.Error,
        ["fail"] = LineLevel.Error,
        ["severe"] = LineLevel.Error,
        ["fatal"] = LineLevel.Fatal,
        ["crit"] = LineLevel.Fatal,
        ["critical"] = LineLevel.Fatal,
        ["alert"] = LineLevel.Fatal,
        ["emergency"] = LineLevel.Fatal,
        ["panic"] = LineLevel.Fatal,
    };

    private static readonly Dictionary<string, LineLevel>.AlternateLookup<ReadOnlySpan<char>> Lookup =
        Words.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>A level's name, in any case; false for another word.</summary>
    public static bool TryParse(ReadOnlySpan<char> word, out LineLevel level) => Lookup.TryGetValue(word, out level);

    public static LineLevel Read(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        return Read(bytes);
    }

    /// <param name="utf8">A line, or several; the first decides.</param>
    public static LineLevel Read(ReadOnlySpan<byte> utf8)
    {
        var line = utf8.TrimStart(" \t\r\n"u8);
        if (line is [(byte)'{', ..])
        {
            return ReadJson(line);
        }

        // JSON that a runtime put its own head before knows better: console.log makes everything INFO.
        var json = LineJson.Find(line);
        return !json.IsEmpty && ReadJson(json) is not LineLevel.None and var level ? level : ReadHead(line);
    }

    private static LineLevel ReadJson(ReadOnlySpan<byte> line)
    {
        if (line.IndexOf("evel"u8) < 0 && line.IndexOf("everity"u8) < 0)
        {
            return LineLevel.None;
        }

        var reader = new Utf8JsonReader(line);
        try
        {
            reader.Read();
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var wanted = IsLevelName(reader.ValueSpan);
                reader.Read();
                if (wanted && ReadValue(ref reader) is not LineLevel.None and var level)
                {
                    return level;
                }

                reader.Skip();
            }
        }
        catch (JsonException)
        {
            // Not JSON after all, or cut off.
        }

        return LineLevel.None;
    }

    private static bool IsLevelName(ReadOnlySpan<byte> name) =>
        name.SequenceEqual("level"u8) || name.SequenceEqual("severity"u8) || name.SequenceEqual("Level"u8)
        || name.SequenceEqual("LogLevel"u8) || name.SequenceEqual("log.level"u8) || name.SequenceEqual("levelname"u8)
        || name.SequenceEqual("@level"u8);

    private static LineLevel ReadValue(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var number))
        {
            // Bunyan and pino count in tens.
            return number is >= 10 and <= 60 && number % 10 == 0 ? (LineLevel)(number / 10) : LineLevel.None;
        }

        return reader.TokenType == JsonTokenType.String && WordOf(reader.ValueSpan) is { } level
            ? level
            : LineLevel.None;
    }

    private static LineLevel ReadHead(ReadOnlySpan<byte> line)
    {
        var head = line[..Math.Min(line.Length, HeadBytes)];
        for (var words = 0; words < WordsMax && !head.IsEmpty; words++)
        {
            var end = head.IndexOfAny(" \t|\r\n"u8);
            var word = end < 0 ? head : head[..end];
            var separator = end < 0 ? (byte)'\n' : head[end];
            head = end < 0 ? [] : head[(end + 1)..].TrimStart(" \t|"u8);
            if (ReadWord(word, separator) is not LineLevel.None and var level)
            {
                return level;
            }

            // A time, a number or an id may stand before the level; a sentence has begun otherwise.
            if (!word.ContainsAnyInRange((byte)'0', (byte)'9') && !word.SequenceEqual("undefined"u8)
                && !word.SequenceEqual("-"u8))
            {
                return LineLevel.None;
            }
        }

        return LineLevel.None;
    }

    private static LineLevel ReadWord(ReadOnlySpan<byte> word, byte separator)
    {
        // WARNING:root:text, and fail: Category.
        var colon = word.IndexOf((byte)':');
        var marked = word is [(byte)'[', .., (byte)']'] || separator is (byte)'\t' or (byte)'|';
        if (colon > 0)
        {
            word = word[..colon];
            marked = true;
        }

        word = word.Trim("[]<>"u8);
        return WordOf(word) is { } level && (marked || IsUpperCase(word)) ? level : LineLevel.None;
    }

    private static bool IsUpperCase(ReadOnlySpan<byte> word) =>
        word.IndexOfAnyExceptInRange((byte)'A', (byte)'Z') < 0;

    private static LineLevel? WordOf(ReadOnlySpan<byte> word)
    {
        const int LengthMax = 11;
        if (word.Length is < 3 or > LengthMax)
        {
            return null;
        }

        Span<char> characters = stackalloc char[LengthMax];
        var length = Encoding.ASCII.GetChars(word, characters);
        return Lookup.TryGetValue(characters[..length], out var level) ? level : null;
    }
}
