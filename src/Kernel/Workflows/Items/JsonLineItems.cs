using Lambent.Kernel.Values;

namespace Lambent.Kernel.Workflows.Items;

/// <summary>A JSON value on each line (JSON Lines); empty lines are none.</summary>
public sealed class JsonLineItems : ItemParser
{
    private readonly List<byte> line = [];
    private long lineNumber = 1;

    public override void Add(ReadOnlySpan<byte> bytes, List<DataValue> items)
    {
        while (Problem is null && !bytes.IsEmpty)
        {
            var end = bytes.IndexOf((byte)'\n');
            line.AddRange(end < 0 ? bytes : bytes[..end]);
            if (line.Count > ItemBytesMax)
            {
                Problem = TooLarge($"Line {lineNumber}");
                return;
            }

            if (end < 0)
            {
                return;
            }

            EndLine(items);
            bytes = bytes[(end + 1)..];
        }
    }

    public override void End(List<DataValue> items)
    {
        if (Problem is null)
        {
            EndLine(items);
        }
    }

    private void EndLine(List<DataValue> items)
    {
        ReadOnlySpan<byte> text = [.. line];
        if (lineNumber == 1 && text.StartsWith(new byte[] { 0xEF, 0xBB, 0xBF }))
        {
            text = text[3..];
        }

        text = text.Trim(" \t\r"u8);
        if (!text.IsEmpty)
        {
            var read = DataReader.Read(text);
            if (read.Value is { } item)
            {
                items.Add(item);
            }
            else
            {
                Problem = $"Line {lineNumber} is not JSON: {read.Problem}";
            }
        }

        line.Clear();
        lineNumber++;
    }
}
