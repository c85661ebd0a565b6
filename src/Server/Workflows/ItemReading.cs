using System.Buffers;
using System.IO.Compression;
using System.Text;
using Lambent.Kernel;
using Lambent.Kernel.Access;
using Lambent.Kernel.Objects;
using Lambent.Kernel.Values;
using Lambent.Kernel.Workflows.Executions;
using Lambent.Kernel.Workflows.Expressions;
using Lambent.Kernel.Workflows.Interpretation;
using Lambent.Kernel.Workflows.Items;
using Lambent.Server.Objects;

namespace Lambent.Server.Workflows;

/// <summary>
/// Reads the items of one Map into a file of their own, a JSON value a line, batches already made: what was an object
/// may be replaced afterwards, and any item is found without reading CSV from its beginning. The file is held until
/// this is disposed.
/// </summary>
internal sealed class ItemReading : IDisposable
{
    private const int BufferBytes = 128 * Limits.KiB;

    /// <summary>Of an inventory's manifest, which lists files.</summary>
    private const int ManifestBytesMax = 4 * Limits.MiB;

    private readonly ObjectService objects;
    private readonly AccountId account;
    private readonly DataValue parameters;
    private readonly IContentWriter writer;
    private readonly ItemSelection? selection;
    private readonly ItemBatches? batches;
    private readonly int itemsMax;
    private int itemCount;
    private int lineCount;

    /// <param name="objects">Where they are.</param>
    /// <param name="account">Whose.</param>
    /// <param name="parameters">What the Map asks its reader for.</param>
    /// <param name="selection">What becomes of an item before it comes into a batch, or null.</param>
    public ItemReading(ObjectService objects, AccountId account, DataValue parameters, ItemSelection? selection)
    {
        (this.objects, this.account, this.parameters) = (objects, account, parameters);
        this.selection = selection;
        writer = objects.Begin();
        batches = parameters["Batches"] is { } bounds ? ItemBatches.Of(bounds) : null;
        itemsMax = parameters["MaxItems"] is DataNumber most ? (int)most.Value : int.MaxValue;
    }

    /// <summary>Why an item could not be selected, when that is what failed.</summary>
    public EvaluationFailure? Unselected { get; private set; }

    private bool IsEnough => itemCount >= itemsMax;

    public void Dispose() => writer.Dispose();

    /// <param name="action">getObject or listObjectsV2.</param>
    public Result<MapSource> Read(string action)
    {
        var failure = action == "listObjectsV2" ? ReadList()
            : Text(parameters["InputType"]) == "MANIFEST" ? ReadManifest()
            : ReadObject(Argument("Bucket"), Argument("Key"), ParserOf());
        if (failure is not null || (failure = WriteLast()) is not null)
        {
            return failure;
        }

        return writer.Complete().Select(written => new MapSource(written.Content.Digest, lineCount, itemCount));
    }

    private Error? ReadList()
    {
        var prefix = Text(parameters["Arguments"]?["Prefix"]) ?? "";
        var after = Text(parameters["Arguments"]?["StartAfter"]) ?? "";
        while (!IsEnough)
        {
            var wish = new ListWish(prefix, "", after, Limits.ObjectPageMax);
            if (objects.List(account, Argument("Bucket"), wish).Failed(out var page, out var missing))
            {
                return missing;
            }

            if (WriteAll([.. page.Objects.Select(Shape)]) is { } refused)
            {
                return refused;
            }

            if (page.Next is null)
            {
                return null;
            }

            after = page.Next;
        }

        return null;
    }

    private static DataObject Shape(StoredObject stored) => new(
        ("Etag", $"\"{stored.ETag}\""),
        ("Key", stored.Name.Key),
        ("LastModified", stored.ModifiedAt.ToUnixTimeSeconds()),
        ("Size", stored.SizeBytes),
        ("StorageClass", "STANDARD"));

    private Error? ReadObject(string bucket, string key, ItemParser parser)
    {
        if (objects.Open(new ObjectName(account, bucket, key)).Failed(out var reading, out var missing))
        {
            return missing;
        }

        using var release = reading;
        using var plain = new ReadingStream(reading);
        using var unzipped = key.EndsWith(".gz", StringComparison.Ordinal)
            ? new GZipStream(plain, CompressionMode.Decompress)
            : null;
        try
        {
            return Parse(unzipped ?? (Stream)plain, parser) is { } problem
                ? Failed($"The object {bucket}/{key} could not be read: {problem}")
                : null;
        }
        catch (InvalidDataException damaged)
        {
            return Failed($"The object {bucket}/{key} could not be decompressed: {damaged.Message}");
        }
    }

    /// <summary>Null when all that is wanted was read; otherwise what is wrong.</summary>
    private string? Parse(Stream source, ItemParser parser)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            List<DataValue> items = [];
            var count = 1;
            while (count > 0 && !IsEnough && parser.Problem is null)
            {
                items.Clear();
                count = source.Read(buffer.AsSpan(0, BufferBytes));
                if (count > 0)
                {
                    parser.Add(buffer.AsSpan(0, count), items);
                }
                else
                {
                    parser.End(items);
                }

                if (WriteAll(items) is { } refused)
                {
                    return refused.Message;
                }
            }

            // What is wrong behind the last item that is wanted is nobody's concern.
            return IsEnough ? null : parser.Problem;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private ItemParser ParserOf() => Text(parameters["InputType"]) switch
    {
        "CSV" => new CsvItems(
            Text(parameters["CSVHeaderLocation"]) == "GIVEN"
                ? [.. ((DataArray)parameters["CSVHeaders"]!).Items.Select(header => Text(header)!)]
                : null,
            Text(parameters["CSVDelimiter"])![0]),
        "JSONL" => new JsonLineItems(),
        _ => new JsonItems(Text(parameters["ItemsPointer"])),
    };

    /// <summary>An inventory: a list of files with rows, and the names of their columns.</summary>
    private Error? ReadManifest()
    {
        var (bucket, key) = (Argument("Bucket"), Argument("Key"));
        if (objects.Open(new ObjectName(account, bucket, key)).Failed(out var reading, out var missing))
        {
            return missing;
        }

        byte[] bytes;
        using (reading)
        {
            if (reading.Object.SizeBytes > ManifestBytesMax)
            {
                return Failed($"The manifest {bucket}/{key} is larger than {ManifestBytesMax} bytes.");
            }

            bytes = new byte[reading.Object.SizeBytes];
            using var stream = new ReadingStream(reading);
            stream.ReadExactly(bytes);
        }

        if (DataReader.Read(bytes).Value is not { } manifest
            || manifest["files"] is not DataArray files
            || Text(manifest["fileFormat"]) is not { } format
            || Text(manifest["fileSchema"]) is not { } schema)
        {
            return Failed(
                $"The object {bucket}/{key} is not the manifest of an inventory: fileFormat, fileSchema and files are "
                + "expected.");
        }

        if (format != "CSV")
        {
            return Failed($"The inventory's files are {format}, and only CSV can be read.");
        }

        var columns = schema.Split(',', StringSplitOptions.TrimEntries);
        var home = Text(manifest["destinationBucket"])?.Split(':')[^1] ?? bucket;
        foreach (var file in files.Items)
        {
            if (!IsEnough && ReadObject(home, Text(file["key"]) ?? "", new CsvItems(columns, ',')) is { } unread)
            {
                return unread;
            }
        }

        return null;
    }

    private Error? WriteAll(List<DataValue> items)
    {
        foreach (var read in items)
        {
            if (IsEnough)
            {
                return null;
            }

            if (++itemCount > Limits.WorkflowMapItemsMax)
            {
                return Failed(
                    $"There are more items than the limit of {Limits.WorkflowMapItemsMax} for a Map: set MaxItems, or "
                    + "put several into one with ItemBatcher and another file.");
            }

            Evaluation item = selection?.Select(itemCount - 1, read) ?? read;
            if (item.Failure is { } failure)
            {
                Unselected = failure;
                return Failed(failure.Cause);
            }

            var line = batches is null ? item.Value : batches.Add(item.Value);
            if (line is not null && Write(line) is { } refused)
            {
                return refused;
            }
        }

        return null;
    }

    private Error? WriteLast() => batches?.End() is { } last ? Write(last) : null;

    private Error? Write(DataValue line)
    {
        if (PayloadSize.Exceeds(line, Limits.WorkflowPayloadBytesMax))
        {
            return Failed(
                $"Item {itemCount} is larger than the limit of {Limits.WorkflowPayloadBytesMax} bytes for the input of "
                + "a state.");
        }

        lineCount++;
        return writer.Write(Encoding.UTF8.GetBytes(line + "\n")).Error;
    }

    private string Argument(string name) => Text(parameters["Arguments"]?[name]) ?? "";

    private static string? Text(DataValue? value) => (value as DataText)?.Value;

    private static Error Failed(string message) => new(ErrorCode.InvalidParameter, message);
}
