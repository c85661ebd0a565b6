using Lambent.Kernel.Values;

namespace Lambent.Kernel.Workflows.Items;

/// <summary>Puts items together into batches, as they come.</summary>
/// <param name="itemsMax">At most so many in a batch, or null.</param>
/// <param name="bytesMax">At most so many bytes of JSON, or null; one item is a batch however large it is.</param>
/// <param name="input">What each batch gets besides, or null.</param>
public sealed class ItemBatches(int? itemsMax, int? bytesMax, DataValue? input)
{
    private List<DataValue> batch = [];
    private int left = bytesMax ?? int.MaxValue;

    /// <summary>By bounds that were evaluated: Items, Bytes, Input, each of which may be missing.</summary>
    public static ItemBatches Of(DataValue bounds) => new(
        (int?)(bounds["Items"] as DataNumber)?.Value, (int?)(bounds["Bytes"] as DataNumber)?.Value, bounds["Input"]);

    /// <summary>Adds an item; the batch that it did not fit into any more, or null.</summary>
    public DataValue? Add(DataValue item)
    {
        var size = bytesMax is null ? 0 : item.ToString().Length + 1;
        var isFull = batch.Count > 0 && (batch.Count >= (itemsMax ?? int.MaxValue) || size > left);
        var full = isFull ? End() : null;
        batch.Add(item);
        left -= size;
        return full;
    }

    /// <summary>The last batch, or null when there is none.</summary>
    public DataValue? End()
    {
        if (batch.Count == 0)
        {
            return null;
        }

        var items = new DataArray(batch);
        (batch, left) = ([], bytesMax ?? int.MaxValue);
        return input is null
            ? new DataObject(("Items", items))
            : new DataObject(("BatchInput", input), ("Items", items));
    }
}
