using Lambent.Kernel.Values;

namespace Lambent.Kernel.Workflows.Items;

/// <summary>
/// Makes items of the bytes of a file, piece by piece, so that no file has to fit into memory. What is wrong with it
/// is found at the item where it is; the items before it were given.
/// </summary>
public abstract class ItemParser
{
    /// <summary>An item may be as large as what goes from state to state; what comes with it is not much.</summary>
    protected const int ItemBytesMax = Limits.WorkflowPayloadBytesMax;

    /// <summary>What is wrong with the file, or null; nothing more is read of it then.</summary>
    public string? Problem { get; protected set; }

    /// <summary>Reads on.</summary>
    /// <param name="bytes">The next ones of the file.</param>
    /// <param name="items">Gets the items that end in them.</param>
    public abstract void Add(ReadOnlySpan<byte> bytes, List<DataValue> items);

    /// <summary>The file has ended.</summary>
    public abstract void End(List<DataValue> items);

    protected static string TooLarge(string what) =>
        $"{what} is larger than the limit of {ItemBytesMax} bytes for the input of a state.";
}
