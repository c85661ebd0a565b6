using System.Buffers;

namespace Lambent.Protocol.Signing;

/// <summary>
/// The query as it is signed: every name and value encoded strictly, sorted by encoded name and then by encoded value,
/// with an equals sign even where the value is empty.
/// </summary>
internal static class CanonicalQuery
{
    private const int PartsOnStack = 16;

    /// <returns>Bytes written; the caller reserves 9 for each character and one more for each parameter.</returns>
    public static int Write(ReadOnlySpan<char> query, ReadOnlySpan<char> withoutParameter, Span<byte> destination)
    {
        var partsMax = query.Count('&') + 1;
        Part[]? rentedParts = null;
        var parts = partsMax <= PartsOnStack
            ? stackalloc Part[PartsOnStack]
            : rentedParts = ArrayPool<Part>.Shared.Rent(partsMax);
        var length = WriteInOrder(query, withoutParameter, destination, parts, out var count);
        parts = parts[..count];
        if (!IsSorted(parts, destination))
        {
            Sort(parts, destination, length);
        }

        if (rentedParts is not null)
        {
            ArrayPool<Part>.Shared.Return(rentedParts);
        }

        return length;
    }

    /// <summary>Encodes the parameters in the order they came, which mostly is the sorted one already.</summary>
    private static int WriteInOrder(
        ReadOnlySpan<char> query,
        ReadOnlySpan<char> withoutParameter,
        Span<byte> destination,
        Span<Part> parts,
        out int count)
    {
        var length = 0;
        count = 0;
        while (!query.IsEmpty)
        {
            var end = query.IndexOf('&');
            var parameter = end < 0 ? query : query[..end];
            query = end < 0 ? default : query[(end + 1)..];
            var equals = parameter.IndexOf('=');
            var name = equals < 0 ? parameter : parameter[..equals];
            if (parameter.IsEmpty || (!withoutParameter.IsEmpty && name.SequenceEqual(withoutParameter)))
            {
                continue;
            }

            if (count > 0)
            {
                destination[length++] = (byte)'&';
            }

            var start = length;
            length += UriEncoding.Normalize(name, destination[length..], path: false);
            var nameLength = length - start;
            destination[length++] = (byte)'=';
            if (equals >= 0)
            {
                length += UriEncoding.Normalize(parameter[(equals + 1)..], destination[length..], path: false);
            }

            parts[count++] = new Part(start, nameLength, length - start - nameLength - 1);
        }

        return length;
    }

    private static bool IsSorted(ReadOnlySpan<Part> parts, ReadOnlySpan<byte> text)
    {
        for (var index = 1; index < parts.Length; index++)
        {
            if (Compare(parts[index - 1], parts[index], text) > 0)
            {
                return false;
            }
        }

        return true;
    }

    private static void Sort(Span<Part> parts, Span<byte> destination, int length)
    {
        var copy = ArrayPool<byte>.Shared.Rent(length);
        destination[..length].CopyTo(copy);
        parts.Sort(new PartOrder(copy));
        var written = 0;
        foreach (var part in parts)
        {
            if (written > 0)
            {
                destination[written++] = (byte)'&';
            }

            var text = copy.AsSpan(part.Start, part.NameLength + 1 + part.ValueLength);
            text.CopyTo(destination[written..]);
            written += text.Length;
        }

        ArrayPool<byte>.Shared.Return(copy);
    }

    private static int Compare(Part left, Part right, ReadOnlySpan<byte> text)
    {
        var byName = text.Slice(left.Start, left.NameLength)
            .SequenceCompareTo(text.Slice(right.Start, right.NameLength));
        return byName != 0
            ? byName
            : text.Slice(left.Start + left.NameLength + 1, left.ValueLength)
                .SequenceCompareTo(text.Slice(right.Start + right.NameLength + 1, right.ValueLength));
    }

    /// <summary>Where an encoded parameter stands: its name, an equals sign, its value.</summary>
    private readonly record struct Part(int Start, int NameLength, int ValueLength);

    private readonly struct PartOrder(byte[] text) : IComparer<Part>
    {
        public int Compare(Part x, Part y) => CanonicalQuery.Compare(x, y, text);
    }
}
