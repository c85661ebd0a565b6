using Lambent.Kernel.Values;

namespace Lambent.Kernel.Workflows.Executions;

/// <summary>
/// Items that were read from a bucket and lie in a file of their own, one JSON value a line: the journal has only the
/// file's digest, so that neither a crash nor a change of the object changes what the Map iterates over.
/// </summary>
/// <param name="Digest">SHA-256 of the file, 64 lower-case hexadecimal digits.</param>
/// <param name="Count">How many iterations there are: items, or batches of them.</param>
/// <param name="ItemCount">How many items were read.</param>
public sealed record MapSource(string Digest, int Count, int ItemCount)
{
    public DataObject ToValue() => new(("Digest", Digest), ("Count", Count), ("ItemCount", ItemCount));

    /// <summary>What the journal says; null when it is something else.</summary>
    public static MapSource? From(DataValue value) =>
        value is DataObject && value["Digest"] is DataText digest && value["Count"] is DataNumber count
            ? new MapSource(digest.Value, (int)count.Value, (int)((DataNumber)value["ItemCount"]!).Value)
            : null;
}

/// <summary>Items that an execution needs to go on.</summary>
/// <param name="Branch">Which Map.</param>
/// <param name="Digest">The file they are in.</param>
/// <param name="First">The first one, counted from 0.</param>
public sealed record WantedItems(int Branch, string Digest, int First);
