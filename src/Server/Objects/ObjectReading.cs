using System.Buffers;
using System.Security.Cryptography;
using Lambent.Kernel;
using Lambent.Kernel.Objects;
using Lambent.Kernel.Storage;

namespace Lambent.Server.Objects;

/// <summary>
/// Reads the bytes of an object, of one content or of several, from a place on. What it reads stays on disk meanwhile,
/// whoever deletes or replaces the object. A content that is read whole is compared with its digest before its last
/// bytes are given.
/// </summary>
internal sealed class ObjectReading : IDisposable
{
    private const int BufferBytes = 128 * 1024;

    private readonly IContentStore contents;
    private readonly IReadOnlyList<ContentReference> parts;
    private readonly List<IDisposable> leases;
    private IncrementalHash? hash;
    private Stream? current;
    private int next;
    private long offset;
    private long left;

    private ObjectReading(
        IContentStore contents, StoredObject stored, IReadOnlyList<ContentReference> parts, List<IDisposable> leases)
    {
        (this.contents, this.parts, this.leases) = (contents, parts, leases);
        (Object, left) = (stored, stored.SizeBytes);
    }

    public StoredObject Object { get; }

    /// <summary>Holds the contents; null when one of them is gone.</summary>
    public static ObjectReading? Begin(
        IContentStore contents, StoredObject stored, IReadOnlyList<ContentReference> parts)
    {
        List<IDisposable> leases = new(parts.Count);
        foreach (var part in parts)
        {
            if (contents.Hold(part.Digest) is { } lease)
            {
                leases.Add(lease);
                continue;
            }

            leases.ForEach(held => held.Dispose());
            return null;
        }

        return new ObjectReading(contents, stored, parts, leases);
    }

    /// <summary>Reads from a place on, and so many bytes; before the first read.</summary>
    public void Limit(long from, long count)
    {
        (offset, left) = (from, count);
        while (next < parts.Count && offset >= parts[next].SizeBytes)
        {
            offset -= parts[next++].SizeBytes;
        }
    }

    /// <returns>0 at the end.</returns>
    /// <exception cref="StoreException">A content is gone or damaged.</exception>
    public int Read(Span<byte> buffer)
    {
        while (left > 0)
        {
            var source = current ??= OpenNext();
            var wanted = (int)Math.Min(buffer.Length, left);
            var read = source.Read(buffer[..wanted]);
            if (read > 0)
            {
                left -= read;
                hash?.AppendData(buffer[..read]);
                if (hash is not null && source.Position == parts[next - 1].SizeBytes)
                {
                    Compare(parts[next - 1]);
                }

                return read;
            }

            if (source.Position != parts[next - 1].SizeBytes)
            {
                throw Damaged(parts[next - 1]);
            }

            source.Dispose();
            current = null;
        }

        return 0;
    }

    /// <summary>Sends the rest to a socket.</summary>
    public async Task CopyToAsync(Stream target, CancellationToken cancellation)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            while (Read(buffer) is > 0 and var count)
            {
                await target.WriteAsync(buffer.AsMemory(0, count), cancellation);

                // The socket's thread may have gone on with this; the next read is from the disk.
                await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Makes the rest a content of its own.</summary>
    public Result<WrittenContent> CopyTo(IContentWriter writer)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            while (Read(buffer) is > 0 and var count)
            {
                if (writer.Write(buffer.AsSpan(0, count)).Error is { } refused)
                {
                    return refused;
                }
            }

            return writer.Complete();
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    public void Dispose()
    {
        current?.Dispose();
        hash?.Dispose();
        leases.ForEach(lease => lease.Dispose());
    }

    private Stream OpenNext()
    {
        var part = parts[next++];
        var opened = contents.Open(part.Digest) ?? throw Damaged(part);
        hash?.Dispose();
        hash = offset == 0 ? IncrementalHash.CreateHash(HashAlgorithmName.SHA256) : null;
        opened.Position = offset;
        offset = 0;
        return opened;
    }

    private void Compare(ContentReference part)
    {
        if (Convert.ToHexStringLower(hash!.GetHashAndReset()) != part.Digest)
        {
            throw Damaged(part);
        }
    }

    private StoreException Damaged(ContentReference part) => new(
        ErrorCode.StoreUnavailable,
        $"The object {Object.Name} is damaged: its content {part.Digest} does not match its digest, or is gone. Put it "
        + "again.");
}
