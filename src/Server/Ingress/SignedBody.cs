using System.Security.Cryptography;
using Lambent.Server.Access;

namespace Lambent.Server.Ingress;

/// <summary>
/// A body that is read while it comes, and is held against the hash its signature names: the end of a body that is not
/// the signed one is never reported, the read fails instead.
/// </summary>
internal sealed class SignedBody(Stream body, string payloadHash) : Stream
{
    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await body.ReadAsync(buffer, cancellationToken);
        hash.AppendData(buffer.Span[..read]);
        if (read == 0 && buffer.Length > 0 && !SignatureVerifier.IsPayloadHash(payloadHash, hash.GetHashAndReset()))
        {
            throw new InvalidDataException("The body is not the one that was signed.");
        }

        return read;
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        hash.Dispose();
        base.Dispose(disposing);
    }
}
