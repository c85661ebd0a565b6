using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Lambent.Kernel;
using Lambent.Kernel.Objects;
using Lambent.Protocol.Signing;
using Lambent.Server.Access;
using Lambent.Server.Aws.Protocols;

namespace Lambent.Server.Aws.S3;

/// <param name="Written">The bytes on disk, which the writer holds.</param>
/// <param name="Checksum">The checksum that came along, or null.</param>
internal sealed record ReceivedBody(WrittenContent Written, ObjectChecksum? Checksum);

/// <summary>
/// Takes the bytes of an object from a request to the disk, a buffer at a time: as they are, or in chunks (aws-chunked)
/// with or without signatures. What came along to compare them with is compared before anything refers to them.
/// </summary>
internal sealed class BodyReceiver : IDisposable
{
    private const string DecodedLength = "x-amz-decoded-content-length";
    private const string Trailer = "x-amz-trailer";
    private const string TrailerSignature = "x-amz-trailer-signature";
    private const int TrailersMax = 8;

    private readonly S3Call call;
    private readonly IContentWriter writer;
    private readonly BodySource source;
    private readonly string? algorithm;
    private readonly Checksum? checksum;
    private string? expected;
    private long length;

    private BodyReceiver(S3Call call, IContentWriter writer)
    {
        (this.call, this.writer) = (call, writer);
        source = new BodySource(call.Http.Request.Body, call.Cancellation);
        var trailer = call.Header(Trailer)?.Trim();
        algorithm = Checksum.Algorithms.FirstOrDefault(name =>
            call.Header(Checksum.HeaderPrefix + name) is not null
            || string.Equals(trailer, Checksum.HeaderPrefix + name, StringComparison.OrdinalIgnoreCase));
        checksum = algorithm is null ? null : Checksum.Of(algorithm);
        expected = algorithm is null ? null : call.Header(Checksum.HeaderPrefix + algorithm);
    }

    private bool IsChunked =>
        call.Head.PayloadHash!.StartsWith(SignatureNames.StreamingPayloadPrefix, StringComparison.Ordinal);

    /// <summary>Fails with the codes of a body that is not what was said of it, with ObjectTooLarge, with DiskFull.
    /// </summary>
    public static async Task<Result<ReceivedBody>> ReceiveAsync(S3Call call, IContentWriter writer)
    {
        RequestBody.LiftServerLimit(call.Http);
        using var receiver = new BodyReceiver(call, writer);
        if (receiver.ReadLength() is { } unknown)
        {
            return unknown;
        }

        var failure = receiver.IsChunked ? await receiver.ReadChunksAsync() : await receiver.ReadPlainAsync();
        return failure ?? receiver.Compare();
    }

    public void Dispose()
    {
        source.Dispose();
        checksum?.Dispose();
    }

    private Error? ReadLength()
    {
        var text = IsChunked ? call.Header(DecodedLength) : call.Header("Content-Length");
        if (text is null)
        {
            return ObjectErrors.Argument(
                "You must provide the Content-Length HTTP header.", null, "MissingContentLength");
        }

        if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out length))
        {
            return ObjectErrors.Argument("The length is not a number", DecodedLength);
        }

        return length > Limits.ObjectPutBytesMax ? ObjectErrors.TooLarge : null;
    }

    private async Task<Error?> ReadPlainAsync()
    {
        while (source.Ready.Length > 0 || await source.FillAsync())
        {
            if (Add(source.Ready) is { } refused)
            {
                return refused;
            }

            source.Take(source.Ready.Length);
        }

        return null;
    }

    private async Task<Error?> ReadChunksAsync()
    {
        while (await source.ReadLineAsync() is { } line)
        {
            var semicolon = line.IndexOf(';');
            var digits = semicolon < 0 ? line : line[..semicolon];
            if (!long.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var size)
                || size < 0)
            {
                return Incomplete;
            }

            var signature = semicolon < 0 ? "" : line[(semicolon + 1)..].Replace("chunk-signature=", "");
            if (await ReadChunkAsync(size, signature) is { } refused)
            {
                return refused;
            }

            if (size == 0)
            {
                return await ReadTrailersAsync();
            }

            if (await source.ReadLineAsync() is not "")
            {
                return Incomplete;
            }
        }

        return Incomplete;
    }

    private async Task<Error?> ReadChunkAsync(long size, string signature)
    {
        var chunks = call.Head.Chunks;
        using var hash = chunks is null ? null : IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        while (size > 0)
        {
            if (source.Ready.IsEmpty && !await source.FillAsync())
            {
                return Incomplete;
            }

            var count = (int)Math.Min(size, source.Ready.Length);
            hash?.AppendData(source.Ready[..count]);
            if (Add(source.Ready[..count]) is { } refused)
            {
                return refused;
            }

            source.Take(count);
            size -= count;
        }

        return chunks is null || chunks.VerifyChunk(hash!.GetHashAndReset(), signature)
            ? null
            : SignatureErrors.Mismatch;
    }

    /// <summary>Headers behind the last chunk: the checksum, and their signature.</summary>
    private async Task<Error?> ReadTrailersAsync()
    {
        var signed = new StringBuilder();
        string? signature = null;
        for (var count = 0; count < TrailersMax; count++)
        {
            var line = await source.ReadLineAsync();
            if (line is null or "")
            {
                return CheckTrailers(signed.ToString(), signature);
            }

            var colon = line.IndexOf(':');
            var name = colon < 0 ? line : line[..colon].Trim().ToLowerInvariant();
            var value = colon < 0 ? "" : line[(colon + 1)..].Trim();
            if (name == TrailerSignature)
            {
                signature = value;
                continue;
            }

            signed.Append(name).Append(':').Append(value).Append('\n');
            expected = algorithm is not null && name == Checksum.HeaderPrefix + algorithm ? value : expected;
        }

        return Incomplete;
    }

    private Error? CheckTrailers(string signed, string? signature)
    {
        var isSigned = call.Head.PayloadHash == SignatureNames.SignedChunksWithTrailer;
        if (isSigned && !call.Head.Chunks!.VerifyTrailer(
            SHA256.HashData(Encoding.UTF8.GetBytes(signed)), signature ?? ""))
        {
            return SignatureErrors.Mismatch;
        }

        return algorithm is not null && expected is null
            ? ObjectErrors.Argument(
                $"The trailer {Checksum.HeaderPrefix}{algorithm} was announced and did not come.", Trailer)
            : null;
    }

    private Error? Add(ReadOnlySpan<byte> bytes)
    {
        if (writer.SizeBytes + bytes.Length > length)
        {
            return Incomplete;
        }

        checksum?.Add(bytes);
        return writer.Write(bytes).Error;
    }

    private Result<ReceivedBody> Compare()
    {
        if (writer.SizeBytes != length)
        {
            return Incomplete;
        }

        if (checksum is not null && checksum.Finish() != expected)
        {
            return ObjectErrors.DigestMismatch(algorithm!.ToUpperInvariant());
        }

        byte[]? md5 = null;
        if (call.Header("Content-MD5") is { } given)
        {
            md5 = new byte[MD5.HashSizeInBytes];
            if (!Convert.TryFromBase64String(given, md5, out var count) || count != md5.Length)
            {
                return ObjectErrors.Argument(
                    "The Content-MD5 you specified was invalid.", "Content-MD5", ObjectErrors.DigestInvalid);
            }
        }

        if (writer.Complete().Failed(out var written, out var unwritten))
        {
            return unwritten;
        }

        var claimed = call.Head.PayloadHash!;
        var wrong = md5 is not null && !md5.AsSpan().SequenceEqual(written.Md5)
            ? ObjectErrors.DigestMismatch("Content-MD5")
            : claimed.Length == SignatureNames.HashCharacters
                && !claimed.Equals(written.Content.Digest, StringComparison.OrdinalIgnoreCase)
                    ? SignatureErrors.PayloadMismatch
                    : null;
        return wrong is null
            ? new ReceivedBody(written, algorithm is null ? null : new ObjectChecksum(algorithm, expected!))
            : wrong;
    }

    private static Error Incomplete { get; } = ObjectErrors.Argument(
        "You did not provide the number of bytes specified by the Content-Length HTTP header",
        null,
        ObjectErrors.BodyIncomplete);
}
