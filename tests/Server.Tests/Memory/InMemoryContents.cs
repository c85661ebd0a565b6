using System.Collections.Concurrent;
using System.Security.Cryptography;
using Lambent.Kernel;
using Lambent.Kernel.Objects;
using Lambent.Kernel.Storage;
using Lambent.Server.Objects;
using Microsoft.Extensions.Logging.Abstractions;

namespace Lambent.Server.Tests.Memory;

/// <summary>Contents without a disk.</summary>
internal sealed class InMemoryContents : IContentStore
{
    private readonly ConcurrentDictionary<string, byte[]> contents = new();

    /// <summary>Objects over a store, with contents in memory.</summary>
    public static ObjectService Service(IStore store, TimeProvider time) =>
        Service(store, new InMemoryContents(), time);

    public static ObjectService Service(IStore store, InMemoryContents contents, TimeProvider time)
    {
        var ids = 0;
        return new ObjectService(
            store,
            contents,
            new ContentSweeper(store, contents, time, NullLogger<ContentSweeper>.Instance),
            () => $"id{Interlocked.Increment(ref ids)}",
            time);
    }

    public IContentWriter Begin() => new Writer(this);

    public IDisposable? Hold(string digest) => contents.ContainsKey(digest) ? new MemoryStream() : null;

    public Stream? Open(string digest) => contents.TryGetValue(digest, out var bytes) ? new MemoryStream(bytes) : null;

    public long Collect(IEnumerable<string> digests, Func<string, bool> isUsed) =>
        digests.Where(digest => !isUsed(digest) && contents.TryRemove(digest, out _)).Count();

    public IEnumerable<string> All() => contents.Keys;

    private sealed class Writer(InMemoryContents store) : IContentWriter
    {
        private readonly MemoryStream stream = new();

        public long SizeBytes => stream.Length;

        public Result<Done> Write(ReadOnlySpan<byte> bytes)
        {
            stream.Write(bytes);
            return Done.Value;
        }

        public Result<WrittenContent> Complete()
        {
            var bytes = stream.ToArray();
            var digest = Convert.ToHexStringLower(SHA256.HashData(bytes));
            store.contents[digest] = bytes;
            return new WrittenContent(new ContentReference(digest, bytes.Length), ContentDigest.Md5(bytes));
        }

        public void Dispose() => stream.Dispose();
    }
}
