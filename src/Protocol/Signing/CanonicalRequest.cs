using System.Buffers;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;

namespace Lambent.Protocol.Signing;

/// <summary>How a service wants its paths signed.</summary>
public enum PathRule
{
    /// <summary>The path as sent, without dot segments and double slashes, encoded once more. All but S3.</summary>
    Standard,

    /// <summary>The path decoded and encoded once, every slash kept: an S3 key may contain anything.</summary>
    Verbatim,
}

/// <summary>
/// The text that a signature is made over. The parts are appended in the order of the specification: method, path,
/// query, each signed header, the list of signed headers, the payload's hash. Both sides build it: the client to sign,
/// the server, from the bytes that came, to verify. It grows on a pooled buffer; dispose it.
/// </summary>
public ref struct CanonicalRequest(Span<byte> initialBuffer)
{
    private const string WhiteSpace = " \t\n\v\f\r";

    private static readonly SearchValues<char> WhiteSpaceCharacters = SearchValues.Create(WhiteSpace);

    private Span<byte> buffer = initialBuffer;
    private byte[]? rented;
    private int length;
    private int valuesInHeader;

    /// <summary>What was appended so far, UTF-8.</summary>
    public readonly ReadOnlySpan<byte> Text => buffer[..length];

    public void AppendMethod(ReadOnlySpan<char> method)
    {
        AppendText(method);
        AppendLineEnd();
    }

    /// <param name="path">The path as on the request line, escapes and all, without the query.</param>
    /// <param name="rule">The service's rule.</param>
    public void AppendPath(ReadOnlySpan<char> path, PathRule rule)
    {
        Reserve((path.Length * UriEncoding.BytesPerCharacterMax) + 2);
        if (path.IsEmpty)
        {
            buffer[length++] = (byte)'/';
        }
        else if (rule == PathRule.Verbatim)
        {
            length += UriEncoding.Normalize(path, buffer[length..], path: true);
        }
        else if (path.IndexOf("//", StringComparison.Ordinal) < 0 && path.IndexOf("/.", StringComparison.Ordinal) < 0)
        {
            length += UriEncoding.Encode(path, buffer[length..], path: true);
        }
        else
        {
            AppendSegments(path);
        }

        AppendLineEnd();
    }

    /// <param name="query">The query as on the request line, without the question mark.</param>
    /// <param name="withoutParameter">A parameter that is not part of what is signed, or empty.</param>
    public void AppendQuery(ReadOnlySpan<char> query, ReadOnlySpan<char> withoutParameter = default)
    {
        if (!query.IsEmpty)
        {
            Reserve((query.Length * UriEncoding.BytesPerCharacterMax) + query.Count('&') + 2);
            length += CanonicalQuery.Write(query, withoutParameter, buffer[length..]);
        }

        AppendLineEnd();
    }

    /// <summary>Begins a header; its values follow, then <see cref="EndHeader"/>.</summary>
    public void BeginHeader(ReadOnlySpan<char> name)
    {
        AppendLowerCase(name);
        Reserve(1);
        buffer[length++] = (byte)':';
    }

    /// <summary>
    /// Appends one value, trimmed, runs of white space as one space; a comma parts it from the one before.
    /// </summary>
    public void AppendHeaderValue(ReadOnlySpan<char> value)
    {
        Debug.Assert(length > 0, "A header was begun");
        Reserve(1 + Encoding.UTF8.GetMaxByteCount(value.Length));
        if (valuesInHeader > 0)
        {
            buffer[length++] = (byte)',';
        }

        valuesInHeader++;
        value = value.Trim(WhiteSpace);
        while (!value.IsEmpty)
        {
            var end = value.IndexOfAny(WhiteSpaceCharacters);
            var word = end < 0 ? value : value[..end];
            length += Encoding.UTF8.GetBytes(word, buffer[length..]);
            value = value[word.Length..];
            if (!value.IsEmpty)
            {
                buffer[length++] = (byte)' ';
                value = value.TrimStart(WhiteSpace);
            }
        }
    }

    public void EndHeader()
    {
        valuesInHeader = 0;
        AppendLineEnd();
    }

    /// <param name="signedHeaders">Names parted by semicolons, in the order the headers were appended.</param>
    public void AppendSignedHeaders(ReadOnlySpan<char> signedHeaders)
    {
        AppendLineEnd();
        AppendLowerCase(signedHeaders);
        AppendLineEnd();
    }

    /// <param name="payloadHash">64 hexadecimal digits, or one of the words that stand for a hash.</param>
    public void AppendPayloadHash(ReadOnlySpan<char> payloadHash) => AppendText(payloadHash);

    /// <summary>The same from the hash's 32 bytes.</summary>
    public void AppendPayloadHash(ReadOnlySpan<byte> payloadHash)
    {
        Reserve(SignatureNames.HashCharacters);
        var written = Convert.TryToHexStringLower(payloadHash, buffer[length..], out var count);
        Debug.Assert(written, "Room was reserved for the digits");
        length += count;
    }

    /// <summary>SHA-256 of the whole text.</summary>
    public readonly void Hash(Span<byte> destination) => SHA256.HashData(Text, destination);

    public void Dispose()
    {
        if (rented is { } array)
        {
            rented = null;
            buffer = default;
            ArrayPool<byte>.Shared.Return(array);
        }
    }

    /// <summary>Drops empty and dot segments; a double dot takes the segment before it away.</summary>
    private void AppendSegments(ReadOnlySpan<char> path)
    {
        var start = length;
        var rest = path;
        while (!rest.IsEmpty)
        {
            var end = rest.IndexOf('/');
            var segment = end < 0 ? rest : rest[..end];
            rest = end < 0 ? default : rest[(end + 1)..];
            if (segment.SequenceEqual(".."))
            {
                var before = buffer[start..length].LastIndexOf((byte)'/');
                length = before < 0 ? start : start + before;
            }
            else if (!segment.IsEmpty && !segment.SequenceEqual("."))
            {
                buffer[length++] = (byte)'/';
                length += UriEncoding.Encode(segment, buffer[length..], path: true);
            }
        }

        if (length == start || path[^1] == '/')
        {
            buffer[length++] = (byte)'/';
        }
    }

    private void AppendText(ReadOnlySpan<char> text)
    {
        Reserve(Encoding.UTF8.GetMaxByteCount(text.Length));
        length += Encoding.UTF8.GetBytes(text, buffer[length..]);
    }

    private void AppendLowerCase(ReadOnlySpan<char> name)
    {
        var start = length;
        AppendText(name);
        var written = buffer[start..length];
        if (written.ContainsAnyInRange((byte)'A', (byte)'Z'))
        {
            Ascii.ToLowerInPlace(written, out _);
        }
    }

    private void AppendLineEnd()
    {
        Reserve(1);
        buffer[length++] = (byte)'\n';
    }

    private void Reserve(int bytes)
    {
        if (buffer.Length - length >= bytes)
        {
            return;
        }

        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(buffer.Length * 2, length + bytes));
        Text.CopyTo(larger);
        if (rented is { } array)
        {
            ArrayPool<byte>.Shared.Return(array);
        }

        rented = larger;
        buffer = larger;
    }
}
