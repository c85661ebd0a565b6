using System.Text.Json;
using Lambent.Kernel.Values;

namespace Lambent.Kernel.Logs;

/// <summary>
/// A member of a JSON line, found on the way through its bytes: making values of the whole line costs several times as
/// much, and most lines are not wanted.
/// </summary>
internal static class JsonMember
{
    private static readonly JsonReaderOptions Options = new() { MaxDepth = DataReader.MaximumDepth };

    /// <param name="json">The line, all of which must be well formed.</param>
    /// <param name="steps">Names in UTF-8 (byte[]) and indexes of items (int).</param>
    /// <param name="found">The value; of an object or an array only that it is one; null when there is none.</param>
    /// <returns>False when the line is not JSON.</returns>
    public static bool TryFind(ReadOnlySpan<byte> json, IReadOnlyList<object> steps, out DataValue? found)
    {
        found = null;
        try
        {
            var reader = new Utf8JsonReader(json, Options);
            if (!reader.Read())
            {
                return false;
            }

            Seek(ref reader, json, steps, 0, ref found);

            // What comes behind the value is an error.
            return !reader.Read();
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>From the beginning of a value to its end. Of members with one name the last counts.</summary>
    private static void Seek(
        ref Utf8JsonReader reader,
        ReadOnlySpan<byte> json,
        IReadOnlyList<object> steps,
        int step,
        ref DataValue? found)
    {
        if (step == steps.Count)
        {
            found = Value(ref reader, json);
        }
        else if (steps[step] is byte[] name && reader.TokenType == JsonTokenType.StartObject)
        {
            while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
            {
                var isWanted = reader.ValueTextEquals(name);
                reader.Read();
                if (isWanted)
                {
                    found = null;
                    Seek(ref reader, json, steps, step + 1, ref found);
                }
                else
                {
                    reader.Skip();
                }
            }

            return;
        }
        else if (steps[step] is int index && reader.TokenType == JsonTokenType.StartArray)
        {
            for (var item = 0; reader.Read() && reader.TokenType != JsonTokenType.EndArray; item++)
            {
                if (item == index)
                {
                    Seek(ref reader, json, steps, step + 1, ref found);
                }
                else
                {
                    reader.Skip();
                }
            }

            return;
        }

        reader.Skip();
    }

    private static DataValue? Value(ref Utf8JsonReader reader, ReadOnlySpan<byte> json) => reader.TokenType switch
    {
        JsonTokenType.StartObject => DataObject.Empty,
        JsonTokenType.StartArray => DataArray.Empty,
        _ => DataReader.Read(json[(int)reader.TokenStartIndex..(int)reader.BytesConsumed]).Value,
    };
}
