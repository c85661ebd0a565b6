using System.Runtime.InteropServices;

namespace Lambent.Storage.Packages;

internal static class MemoryStreams
{
    /// <summary>A stream over the bytes, without a copy where they are in an array.</summary>
    public static MemoryStream Open(ReadOnlyMemory<byte> bytes) => MemoryMarshal.TryGetArray(bytes, out var array)
        ? new MemoryStream(array.Array!, array.Offset, array.Count, writable: false)
        : new MemoryStream(bytes.ToArray(), writable: false);
}
