using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Lambent.Cli.Deploying;

/// <summary>On which line of a definition a place such as <c>/States/Pay/Catch[0]</c> is.</summary>
internal sealed class DefinitionPlaces
{
    private readonly Dictionary<string, int> lines = new(StringComparer.Ordinal) { [""] = 1, ["/"] = 1 };
    private readonly byte[] text;
    private int countedTo;
    private int line = 1;

    /// <param name="definition">JSON that can be read.</param>
    public DefinitionPlaces(string definition)
    {
        text = Encoding.UTF8.GetBytes(definition);
        var reader = new Utf8JsonReader(text, new JsonReaderOptions { MaxDepth = 1_000 });
        reader.Read();
        Note(ref reader, "");
    }

    /// <summary>The line of a place, or of the nearest around it.</summary>
    public int LineOf(string place)
    {
        for (var at = place; at.Length > 0; at = at[..Math.Max(at.LastIndexOf('/'), at.LastIndexOf('['))])
        {
            if (lines.TryGetValue(at, out var known))
            {
                return known;
            }

            if (!at.Contains('/'))
            {
                break;
            }
        }

        return 1;
    }

    private void Note(ref Utf8JsonReader reader, string place)
    {
        if (reader.TokenType == JsonTokenType.StartObject)
        {
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var member = $"{place}/{reader.GetString()}";
                lines[member] = Line((int)reader.TokenStartIndex);
                reader.Read();
                Note(ref reader, member);
            }
        }
        else if (reader.TokenType == JsonTokenType.StartArray)
        {
            for (var index = 0; reader.Read() && reader.TokenType != JsonTokenType.EndArray; index++)
            {
                var item = string.Create(CultureInfo.InvariantCulture, $"{place}[{index}]");
                lines[item] = Line((int)reader.TokenStartIndex);
                Note(ref reader, item);
            }
        }
    }

    private int Line(int offset)
    {
        line += text.AsSpan(countedTo, offset - countedTo).Count((byte)'\n');
        countedTo = offset;
        return line;
    }
}
