using System.Collections.Concurrent;
using Lambent.Kernel;
using Lambent.Kernel.Objects;
using Lambent.Kernel.Values;

namespace Lambent.Server.Workflows;

/// <summary>
/// Reads items of Maps from the files that they were put into, one JSON value a line, a piece at a time. Where a piece
/// ended is remembered, because the next one is asked for soon; after a restart it is found by counting lines.
/// </summary>
internal sealed class ItemFiles(IContentStore contents)
{
    private const int ItemsMax = 200;
    private const int PieceBytes = 512 * Limits.KiB;
    private const int PlacesMax = 4_096;

    private readonly ConcurrentDictionary<(string Digest, int Index), long> places = new();

    /// <summary>Items from the first one on, one at least.</summary>
    public Result<IReadOnlyList<DataValue>> Read(string digest, int first)
    {
        using var file = contents.Open(digest);
        if (file is null)
        {
            return new Error(ErrorCode.StoreUnavailable, $"The items that were read are gone ({digest}).");
        }

        if (!places.TryRemove((digest, first), out var offset))
        {
            offset = Find(file, first);
        }

        file.Position = offset;
        List<DataValue> items = [];
        foreach (var line in Lines(file))
        {
            if (DataReader.Read(line.Span).Value is not { } item)
            {
                return new Error(ErrorCode.StoreUnavailable, $"The items that were read are damaged ({digest}).");
            }

            items.Add(item);
            offset += line.Length + 1;
            if (items.Count == ItemsMax)
            {
                break;
            }
        }

        if (places.Count >= PlacesMax)
        {
            // Many Maps were given up on their way; those that go on count lines once.
            places.Clear();
        }

        places[(digest, first + items.Count)] = offset;
        return items.Count > 0
            ? items
            : new Error(ErrorCode.StoreUnavailable, $"The items that were read are fewer than they were ({digest}).");
    }

    /// <summary>The lines that end in the next piece of a file, one at least if there is any.</summary>
    private static IEnumerable<ReadOnlyMemory<byte>> Lines(Stream file)
    {
        var buffer = new byte[PieceBytes];
        var length = 0;
        while (true)
        {
            var read = file.ReadAtLeast(buffer.AsSpan(length), buffer.Length - length, throwOnEndOfStream: false);
            length += read;
            var start = 0;
            for (var end = IndexOfEnd(buffer, 0, length); end >= 0; end = IndexOfEnd(buffer, start, length))
            {
                yield return buffer.AsMemory(start, end - start);
                start = end + 1;
            }

            if (start > 0 || read == 0)
            {
                yield break;
            }

            Array.Resize(ref buffer, buffer.Length * 2);
        }
    }

    private static int IndexOfEnd(byte[] buffer, int start, int length)
    {
        var found = buffer.AsSpan(start, length - start).IndexOf((byte)'\n');
        return found < 0 ? -1 : start + found;
    }

    /// <summary>Where a line begins.</summary>
    private static long Find(Stream file, int line)
    {
        var buffer = new byte[PieceBytes];
        var offset = 0L;
        while (line > 0 && file.Read(buffer) is > 0 and var count)
        {
            for (var index = 0; index < count; index++)
            {
                offset++;
                if (buffer[index] == '\n' && --line == 0)
                {
                    break;
                }
            }
        }

        return offset;
    }
}
