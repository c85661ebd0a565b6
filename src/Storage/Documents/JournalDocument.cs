using System.Buffers;
using System.Text.Json;
using Lambent.Kernel.Values;
using Lambent.Kernel.Workflows.Journal;

namespace Lambent.Storage.Documents;

/// <summary>
/// Events that were written together, as JSON: the sequence number of the first, the time of all, and an array of
/// events with short names, because there are many. Types are their numbers, which never change their meaning.
/// </summary>
internal static class JournalDocument
{
    public static ReadOnlySpan<byte> Write(ArrayBufferWriter<byte> buffer, IReadOnlyList<JournalEvent> events)
    {
        using (var writer = new Utf8JsonWriter(buffer, DataWriter.Options))
        {
            writer.WriteStartArray();
            foreach (var happened in events)
            {
                Write(writer, happened);
            }

            writer.WriteEndArray();
        }

        return buffer.WrittenSpan;
    }

    /// <param name="utf8">What was written.</param>
    /// <param name="first">The sequence number of the first.</param>
    public static IReadOnlyList<JournalEvent> Read(ReadOnlySpan<byte> utf8, long first)
    {
        List<JournalEvent> events = [];
        var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = DataReader.MaximumDepth + 3 });
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
        {
            events.Add(ReadEvent(ref reader, first + events.Count));
        }

        return events;
    }

    private static void Write(Utf8JsonWriter writer, JournalEvent happened)
    {
        writer.WriteStartObject();
        writer.WriteNumber("t"u8, (int)happened.Type);
        writer.WriteNumber("i"u8, happened.Id);
        writer.WriteNumber("p"u8, happened.Previous);
        writer.WriteNumber("a"u8, happened.At.UtcTicks);
        writer.WriteNumber("b"u8, happened.Branch);
        WriteText(writer, "n"u8, happened.Name);
        WriteValue(writer, "in"u8, happened.Input);
        WriteValue(writer, "out"u8, happened.Output);
        WriteValue(writer, "set"u8, happened.Assigned);
        WriteText(writer, "next"u8, happened.Next);
        WriteText(writer, "e"u8, happened.Error);
        WriteText(writer, "c"u8, happened.Cause);
        WriteText(writer, "l"u8, happened.Location);
        WriteText(writer, "k"u8, happened.Key);
        WriteNumber(writer, "x"u8, happened.Index);
        WriteNumber(writer, "u"u8, happened.Until?.UtcTicks);
        WriteNumber(writer, "ts"u8, happened.TimeoutSeconds);
        WriteNumber(writer, "hs"u8, happened.HeartbeatSeconds);
        WriteNumber(writer, "m"u8, happened.ConcurrencyMax);
        WriteNumber(writer, "f"u8, happened.ToleratedFailures);
        WriteNumber(writer, "r"u8, happened.Retrier);
        writer.WriteEndObject();
    }

    private static void WriteText(Utf8JsonWriter writer, ReadOnlySpan<byte> name, string? text)
    {
        if (text is not null)
        {
            writer.WriteString(name, text);
        }
    }

    private static void WriteNumber(Utf8JsonWriter writer, ReadOnlySpan<byte> name, long? number)
    {
        if (number is { } value)
        {
            writer.WriteNumber(name, value);
        }
    }

    private static void WriteValue(Utf8JsonWriter writer, ReadOnlySpan<byte> name, DataValue? value)
    {
        if (value is not null)
        {
            writer.WritePropertyName(name);
            DataWriter.Write(writer, value);
        }
    }

    private static JournalEvent ReadEvent(ref Utf8JsonReader reader, long sequence)
    {
        var read = new JournalEvent
        {
            Sequence = sequence, Id = 0, Previous = 0, At = default, Type = default, Branch = 0,
        };
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString();
            reader.Read();
            read = name switch
            {
                "t" => read with { Type = (JournalEventType)reader.GetInt32() },
                "i" => read with { Id = reader.GetInt64() },
                "p" => read with { Previous = reader.GetInt64() },
                "a" => read with { At = new DateTimeOffset(reader.GetInt64(), TimeSpan.Zero) },
                "b" => read with { Branch = reader.GetInt32() },
                "n" => read with { Name = reader.GetString() },
                "in" => read with { Input = DataReader.ReadValue(ref reader) },
                "out" => read with { Output = DataReader.ReadValue(ref reader) },
                "set" => read with { Assigned = (DataObject)DataReader.ReadValue(ref reader) },
                "next" => read with { Next = reader.GetString() },
                "e" => read with { Error = reader.GetString() },
                "c" => read with { Cause = reader.GetString() },
                "l" => read with { Location = reader.GetString() },
                "k" => read with { Key = reader.GetString() },
                "x" => read with { Index = reader.GetInt32() },
                "u" => read with { Until = new DateTimeOffset(reader.GetInt64(), TimeSpan.Zero) },
                "ts" => read with { TimeoutSeconds = reader.GetInt32() },
                "hs" => read with { HeartbeatSeconds = reader.GetInt32() },
                "m" => read with { ConcurrencyMax = reader.GetInt32() },
                "f" => read with { ToleratedFailures = reader.GetInt32() },
                "r" => read with { Retrier = reader.GetInt32() },
                _ => Skip(ref reader, read),
            };
        }

        return read;
    }

    private static JournalEvent Skip(ref Utf8JsonReader reader, JournalEvent read)
    {
        reader.Skip();
        return read;
    }
}
