using System.Text;
using Lambent.Kernel.Values;

namespace Lambent.Kernel.Workflows.Items;

/// <summary>
/// Rows of a text with delimiters, by AWS's rules: every field is a string; a quoted field may hold delimiters and ends
/// of lines; two quotes are one; a backslash makes a backslash, a quote or the delimiter plain and vanishes before
/// anything else; missing fields are empty strings, further ones are dropped; empty lines are none.
/// </summary>
/// <param name="headers">Names of the columns; null: the first row has them.</param>
/// <param name="delimiter">An ASCII character.</param>
public sealed class CsvItems(IReadOnlyList<string>? headers, char delimiter) : ItemParser
{
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);
    private static readonly byte[] ByteOrderMark = [0xEF, 0xBB, 0xBF];

    private readonly List<string> row = [];
    private readonly List<byte> field = [];
    private IReadOnlyList<string>? columns = headers;
    private long rowNumber = 1;
    private int rowBytes;
    private int markBytes;
    private bool isQuoted;
    private bool wasQuoted;
    private bool isQuotePending;
    private bool isEscaped;

    public override void Add(ReadOnlySpan<byte> bytes, List<DataValue> items)
    {
        foreach (var single in bytes)
        {
            if (Problem is not null)
            {
                return;
            }

            if (!IsMark(single))
            {
                Add(single, items);
            }
        }
    }

    public override void End(List<DataValue> items)
    {
        if (Problem is not null)
        {
            return;
        }

        if (isQuotePending)
        {
            CloseQuote();
        }

        if (isQuoted)
        {
            Problem = $"Row {rowNumber}: a quoted field is not closed.";
            return;
        }

        EndRow(items);
        if (Problem is null && columns is null)
        {
            Problem = "The file is empty, and its first row should have the names of the columns.";
        }
    }

    /// <summary>Editors begin files with a mark that is none of the text.</summary>
    private bool IsMark(byte single)
    {
        if (markBytes < 0 || single != ByteOrderMark[markBytes])
        {
            markBytes = -1;
            return false;
        }

        markBytes = markBytes == ByteOrderMark.Length - 1 ? -1 : markBytes + 1;
        return true;
    }

    private void Add(byte single, List<DataValue> items)
    {
        if (isEscaped)
        {
            isEscaped = false;
            Append(single);
            return;
        }

        if (isQuotePending)
        {
            isQuotePending = false;
            if (single == '"')
            {
                Append(single);
                return;
            }

            CloseQuote();
        }

        switch (single)
        {
            case (byte)'\\':
                isEscaped = true;
                break;
            case (byte)'"':
                Quote();
                break;
            case (byte)'\n' when !isQuoted:
                EndRow(items);
                break;
            case var other when other == delimiter && !isQuoted:
                EndField();
                break;
            default:
                Append(single);
                break;
        }
    }

    /// <summary>A quote opens a field, or may be the first of two.</summary>
    private void Quote()
    {
        if (field.Count == 0 && !isQuoted && !wasQuoted)
        {
            (isQuoted, wasQuoted) = (true, true);
        }
        else
        {
            isQuotePending = true;
        }
    }

    /// <summary>A single quote ends a quoted field, and stands for itself within another.</summary>
    private void CloseQuote()
    {
        isQuotePending = false;
        if (isQuoted)
        {
            isQuoted = false;
        }
        else
        {
            Append((byte)'"');
        }
    }

    private void Append(byte single)
    {
        if (++rowBytes > ItemBytesMax)
        {
            Problem = TooLarge($"Row {rowNumber}");
            return;
        }

        field.Add(single);
    }

    private void EndField()
    {
        try
        {
            row.Add(Strict.GetString([.. field]));
        }
        catch (DecoderFallbackException)
        {
            Problem = $"Row {rowNumber} holds bytes that are not UTF-8.";
        }

        field.Clear();
        wasQuoted = false;
    }

    private void EndRow(List<DataValue> items)
    {
        if (field.Count > 0 && field[^1] == '\r')
        {
            field.RemoveAt(field.Count - 1);
        }

        var isEmpty = row.Count == 0 && field.Count == 0 && !wasQuoted;
        EndField();
        rowBytes = 0;
        if (!isEmpty && Problem is null)
        {
            if (columns is null)
            {
                columns = [.. row];
            }
            else
            {
                items.Add(ItemOf(columns));
            }
        }

        row.Clear();
        rowNumber++;
    }

    private DataObject ItemOf(IReadOnlyList<string> names)
    {
        var members = new OrderedDictionary<string, DataValue>(names.Count);
        for (var index = 0; index < names.Count; index++)
        {
            members[names[index]] = index < row.Count ? row[index] : "";
        }

        return new DataObject(members);
    }
}
