using System.Text;
using System.Text.Json;

namespace Lambent.Kernel.Values;

/// <summary>Reads JSON text into a <see cref="DataValue"/>.</summary>
public static class DataReader
{
    /// <summary>Levels of nesting that are read; what is deeper is refused.</summary>
    public const int MaximumDepth = 256;

    /// <returns>The value, or where and why the text is not JSON.</returns>
    public static DataReading Read(ReadOnlySpan<byte> utf8)
    {
        var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = MaximumDepth });
        try
        {
            if (!reader.Read())
            {
                return DataReading.Failed("The text is empty", 0, 0);
            }

            var value = ReadValue(ref reader);
            return reader.Read() ? DataReading.Failed("There is text after the value", 0, 0) : new DataReading(value, null);
        }
        catch (JsonException exception)
        {
            return DataReading.Failed(
                FirstSentence(exception.Message), exception.LineNumber ?? 0, exception.BytePositionInLine ?? 0);
        }
        catch (InvalidOperationException)
        {
            return DataReading.Failed("A string holds half of a surrogate pair or bytes that are not UTF-8", 0, 0);
        }
    }

    public static DataReading Read(string text) => Read(Encoding.UTF8.GetBytes(text));

    /// <summary>Reads what this program wrote itself.</summary>
    /// <exception cref="InvalidOperationException">It is not JSON: a bug or a damaged record.</exception>
    public static DataValue ReadOwn(ReadOnlySpan<byte> utf8) => Read(utf8) switch
    {
        { Value: { } value } => value,
        { Problem: var problem } => throw new InvalidOperationException(problem),
    };

    /// <summary>Reads the value at which <paramref name="reader"/> stands, and leaves it at the value's end.</summary>
    /// <exception cref="JsonException">Not JSON, or a number beyond the range of a double.</exception>
    public static DataValue ReadValue(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.Null => DataNull.Value,
        JsonTokenType.True => DataBoolean.True,
        JsonTokenType.False => DataBoolean.False,
        JsonTokenType.String => new DataText(reader.GetString()!),
        JsonTokenType.Number => DataNumber.Read(Encoding.UTF8.GetString(reader.ValueSpan))
            ?? throw new JsonException("A number is beyond the range of a double"),
        JsonTokenType.StartArray => ReadArray(ref reader),
        JsonTokenType.StartObject => ReadObject(ref reader),
        _ => throw new JsonException($"There is {reader.TokenType} where a value should be"),
    };

    private static DataArray ReadArray(ref Utf8JsonReader reader)
    {
        var items = new List<DataValue>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            items.Add(ReadValue(ref reader));
        }

        return new DataArray(items);
    }

    // Of members with the same name the last one counts, as in every widely used reader.
    private static DataObject ReadObject(ref Utf8JsonReader reader)
    {
        var members = new OrderedDictionary<string, DataValue>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var name = reader.GetString()!;
            reader.Read();
            members[name] = ReadValue(ref reader);
        }

        return new DataObject(members);
    }

    private static string FirstSentence(string message)
    {
        var end = message.IndexOf(". ", StringComparison.Ordinal);
        return end < 0 ? message : message[..end];
    }
}

/// <param name="Value">The value, or null when the text is not JSON.</param>
/// <param name="Problem">Where and why, or null.</param>
public sealed record DataReading(DataValue? Value, string? Problem)
{
    internal static DataReading Failed(string reason, long line, long column) =>
        new(null, $"{reason} (line {line + 1}, column {column + 1})");
}
