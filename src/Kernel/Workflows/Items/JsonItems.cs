using System.Globalization;
using System.Text.Json;
using Lambent.Kernel.Values;

namespace Lambent.Kernel.Workflows.Items;

/// <summary>
/// The items of an array in a JSON document, or the members of an object as Key and Value: of the document itself, or
/// of what a pointer (RFC 6901) leads to. Only one item at a time is in memory.
/// </summary>
public sealed class JsonItems : ItemParser
{
    /// <summary>What is kept of a document that has not ended: an item, and white space around it.</summary>
    private const int PendingBytesMax = 4 * ItemBytesMax;

    private readonly List<string> pointer;
    private readonly List<int> indexes = [];
    private byte[] pending = new byte[64 * Limits.KiB];
    private int pendingLength;
    private JsonReaderState state = new(new JsonReaderOptions { MaxDepth = DataReader.MaximumDepth });
    private Mode mode = Mode.Value;
    private bool isBegun;
    private int depth;
    private int skipDepth;
    private string? key;

    /// <param name="itemsPointer">Null or empty: the document.</param>
    public JsonItems(string? itemsPointer) => pointer = [.. (itemsPointer ?? "").Split('/').Skip(1)
        .Select(token => token.Replace("~1", "/").Replace("~0", "~"))];

    private enum Mode
    {
        /// <summary>A value comes that is on the pointer's way, or its end.</summary>
        Value,

        /// <summary>Members or items of something on the way.</summary>
        Within,

        /// <summary>Everything up to the end of what was begun.</summary>
        Skip,

        Items,
        Members,

        /// <summary>All items were read; the rest need only be JSON.</summary>
        Rest,
    }

    public override void Add(ReadOnlySpan<byte> bytes, List<DataValue> items)
    {
        if (Problem is not null)
        {
            return;
        }

        if (pendingLength + bytes.Length > pending.Length)
        {
            Array.Resize(ref pending, Math.Max(pending.Length * 2, pendingLength + bytes.Length));
        }

        bytes.CopyTo(pending.AsSpan(pendingLength));
        pendingLength += bytes.Length;
        Read(isLast: false, items);
        if (Problem is null && pendingLength > PendingBytesMax)
        {
            Problem = TooLarge("An item");
        }
    }

    public override void End(List<DataValue> items)
    {
        if (Problem is not null)
        {
            return;
        }

        Read(isLast: true, items);
        Problem ??= mode == Mode.Rest ? null : "The pointer to the items leads to nothing in the document.";
    }

    private void Read(bool isLast, List<DataValue> items)
    {
        var text = pending.AsSpan(0, pendingLength);
        if (!isBegun && text.Length < 3 && !isLast)
        {
            return;
        }

        // Editors begin files with a mark that is none of the text.
        text = !isBegun && text.StartsWith(new byte[] { 0xEF, 0xBB, 0xBF }) ? text[3..] : text;
        isBegun = true;

        var consumed = 0;
        try
        {
            var reader = new Utf8JsonReader(text, isLast, state);
            while (Problem is null && Step(ref reader, items))
            {
                (consumed, state) = ((int)reader.BytesConsumed, reader.CurrentState);
            }
        }
        catch (JsonException malformed)
        {
            Problem = $"The document is not JSON: {malformed.Message}";
        }
        catch (InvalidOperationException)
        {
            Problem = "A string holds half of a surrogate pair or bytes that are not UTF-8.";
        }

        text[consumed..].CopyTo(pending);
        pendingLength = text.Length - consumed;
    }

    /// <summary>One token, or one item; false when more bytes are needed.</summary>
    private bool Step(ref Utf8JsonReader reader, List<DataValue> items)
    {
        if (mode is Mode.Items or Mode.Members)
        {
            return StepItem(ref reader, items);
        }

        if (!reader.Read())
        {
            return false;
        }

        switch (mode)
        {
            case Mode.Value:
                Enter(ref reader);
                break;
            case Mode.Within:
                Look(ref reader);
                break;
            case Mode.Skip when reader.CurrentDepth == skipDepth
                && reader.TokenType is not (JsonTokenType.StartObject or JsonTokenType.StartArray
                    or JsonTokenType.PropertyName):
                mode = Mode.Within;
                break;
        }

        return true;
    }

    private void Enter(ref Utf8JsonReader reader)
    {
        var isArray = reader.TokenType == JsonTokenType.StartArray;
        if (!isArray && reader.TokenType != JsonTokenType.StartObject)
        {
            Problem = depth == pointer.Count
                ? "The items must be an array or an object."
                : "The pointer to the items leads to nothing in the document.";
        }
        else if (depth == pointer.Count)
        {
            mode = isArray ? Mode.Items : Mode.Members;
        }
        else
        {
            indexes.Add(isArray ? 0 : -1);
            (mode, depth) = (Mode.Within, depth + 1);
        }
    }

    /// <summary>Whether what comes next is on the way.</summary>
    private void Look(ref Utf8JsonReader reader)
    {
        if (reader.TokenType is JsonTokenType.EndArray or JsonTokenType.EndObject)
        {
            Problem = "The pointer to the items leads to nothing in the document.";
            return;
        }

        var wanted = pointer[depth - 1];
        if (reader.TokenType == JsonTokenType.PropertyName)
        {
            (mode, skipDepth) = (reader.ValueTextEquals(wanted) ? Mode.Value : Mode.Skip, reader.CurrentDepth);
        }
        else if (indexes[^1]++.ToString(CultureInfo.InvariantCulture) == wanted)
        {
            Enter(ref reader);
        }
        else if (reader.TokenType is JsonTokenType.StartArray or JsonTokenType.StartObject)
        {
            (mode, skipDepth) = (Mode.Skip, reader.CurrentDepth);
        }
    }

    private bool StepItem(ref Utf8JsonReader reader, List<DataValue> items)
    {
        if (!reader.Read())
        {
            return false;
        }

        if (reader.TokenType is JsonTokenType.EndArray or JsonTokenType.EndObject)
        {
            mode = Mode.Rest;
            return true;
        }

        if (reader.TokenType == JsonTokenType.PropertyName)
        {
            key = reader.GetString();
            return true;
        }

        var ahead = reader;
        if (!ahead.TrySkip())
        {
            return false;
        }

        var length = ahead.BytesConsumed - reader.TokenStartIndex;
        if (length > ItemBytesMax)
        {
            Problem = TooLarge("An item");
            return true;
        }

        var item = DataReader.ReadValue(ref reader);
        items.Add(mode == Mode.Items ? item : new DataObject(("Key", key!), ("Value", item)));
        return true;
    }
}
