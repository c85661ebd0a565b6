using System.Security.Cryptography;
using Lambent.Kernel;
using Lambent.Kernel.Objects;
using Lambent.Storage.Disk;

namespace Lambent.Storage.Objects;

/// <summary>One content on its way to disk; used by one thread at a time.</summary>
internal sealed class ContentWriter(ContentStore store, string temporary) : IContentWriter
{
    private const int BufferBytes = 32 * Limits.KiB;
    private const string What = "The object could not be stored";

    private readonly IncrementalHash sha256 = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly IncrementalHash md5 = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
    private FileStream? file;
    private IDisposable? lease;
    private bool isPublished;

    public long SizeBytes { get; private set; }

    public Result<Done> Write(ReadOnlySpan<byte> bytes)
    {
        try
        {
            Open().Write(bytes);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return DiskErrors.Describe(failure, What);
        }

        sha256.AppendData(bytes);
        md5.AppendData(bytes);
        SizeBytes += bytes.Length;
        return Done.Value;
    }

    public Result<WrittenContent> Complete()
    {
        try
        {
            using (var finished = Open())
            {
                finished.Flush(flushToDisk: true);
            }

            var digest = Convert.ToHexStringLower(sha256.GetHashAndReset());
            lease = store.HoldName(digest);
            store.Publish(temporary, digest);
            isPublished = true;
            return new WrittenContent(new ContentReference(digest, SizeBytes), md5.GetHashAndReset());
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return DiskErrors.Describe(failure, What);
        }
    }

    public void Dispose()
    {
        sha256.Dispose();
        md5.Dispose();
        lease?.Dispose();
        if (file is null || isPublished)
        {
            return;
        }

        try
        {
            file.Dispose();
            File.Delete(temporary);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // The next start empties the folder.
        }
    }

    private FileStream Open()
    {
        if (file is null)
        {
            DataFolder.CreatePrivateFile(temporary);
            file = new FileStream(temporary, FileMode.Open, FileAccess.Write, FileShare.None, BufferBytes);
        }

        return file;
    }
}
