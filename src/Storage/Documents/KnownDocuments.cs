namespace Lambent.Storage.Documents;

/// <summary>
/// Records that are read with nearly every write, such as the queue of a message, kept as they were read last. A record
/// is found by the bytes of its document, so that a kept one is never an old one. Holds few; what falls out is read
/// again.
/// </summary>
internal sealed class KnownDocuments<T>
    where T : class
{
    private const int Places = 256;

    private readonly Entry?[] entries = new Entry?[Places];

    /// <summary>The record that was made of the same document before, or null.</summary>
    /// <param name="json">The document, which was compared with its checksum.</param>
    /// <param name="checksum">That checksum.</param>
    public T? Find(ReadOnlySpan<byte> json, long checksum) =>
        Volatile.Read(ref Place(checksum)) is { } entry && json.SequenceEqual(entry.Json) ? entry.Record : null;

    public void Keep(ReadOnlySpan<byte> json, long checksum, T record) =>
        Volatile.Write(ref Place(checksum), new Entry(json.ToArray(), record));

    private ref Entry? Place(long checksum) => ref entries[(uint)checksum % Places];

    private sealed record Entry(byte[] Json, T Record);
}
