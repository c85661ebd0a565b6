using Lambent.Kernel;
using Lambent.Kernel.Objects;
using Lambent.Storage.Disk;

namespace Lambent.Storage.Objects;

/// <summary>
/// Contents in the data folder: objects/ab/DIGEST, ab being the digest's first two digits. A file is written to temp/,
/// synced, renamed, and its folder synced; only then is a row written that refers to it. Whoever is between the two
/// holds the content, and what is held is not removed: <see cref="Collect"/> looks at both under one lock.
/// </summary>
public sealed class ContentStore(DataFolder folder) : IContentStore
{
    private const int DigestLength = 64;

    private readonly Lock gate = new();
    private readonly Dictionary<string, int> held = new(StringComparer.Ordinal);

    public IContentWriter Begin() => new ContentWriter(this, Path.Combine(
        folder.TemporaryPath, "content-" + Guid.NewGuid().ToString("n")));

    public IDisposable? Hold(string digest)
    {
        var lease = HoldName(digest);
        if (File.Exists(PathOf(digest)))
        {
            return lease;
        }

        lease.Dispose();
        return null;
    }

    public Stream? Open(string digest)
    {
        try
        {
            return new FileStream(
                PathOf(digest),
                new FileStreamOptions
                {
                    Mode = FileMode.Open,
                    Access = FileAccess.Read,
                    Share = FileShare.Read | FileShare.Delete,
                    BufferSize = 0,
                });
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    public long Collect(IEnumerable<string> digests, Func<string, bool> isUsed)
    {
        var freed = 0L;
        foreach (var digest in digests)
        {
            lock (gate)
            {
                if (held.ContainsKey(digest) || isUsed(digest))
                {
                    continue;
                }

                var file = new FileInfo(PathOf(digest));
                if (file.Exists)
                {
                    freed += file.Length;
                    file.Delete();
                }
            }
        }

        return freed;
    }

    public IEnumerable<string> All() => Directory
        .EnumerateFiles(folder.ObjectsPath, "*", SearchOption.AllDirectories)
        .Select(path => Path.GetFileName(path))
        .Where(IsDigest);

    /// <summary>Keeps a name from being removed, whether or not there is a file yet.</summary>
    internal IDisposable HoldName(string digest)
    {
        lock (gate)
        {
            held[digest] = held.GetValueOrDefault(digest) + 1;
        }

        return new Lease(this, digest);
    }

    /// <summary>Gives a finished file its name; it is held by the caller.</summary>
    internal void Publish(string temporary, string digest)
    {
        var path = PathOf(digest);
        var parent = Path.GetDirectoryName(path)!;
        if (!Directory.Exists(parent))
        {
            DataFolder.CreateFolder(parent);
            Posix.SyncFolder(folder.ObjectsPath);
        }

        // Over one that is there already: what was damaged is repaired with that.
        File.Move(temporary, path, overwrite: true);
        Posix.SyncFolder(parent);
    }

    private string PathOf(string digest) => IsDigest(digest)
        ? Path.Combine(folder.ObjectsPath, digest[..2], digest)
        : throw new ArgumentException($"'{digest}' is not a digest of 64 lower-case hexadecimal digits.");

    private static bool IsDigest(string text) => text.Length == DigestLength && text.All(char.IsAsciiHexDigitLower);

    private void Release(string digest)
    {
        lock (gate)
        {
            if (held[digest] == 1)
            {
                held.Remove(digest);
            }
            else
            {
                held[digest]--;
            }
        }
    }

    private sealed class Lease(ContentStore store, string digest) : IDisposable
    {
        private int released;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref released, 1) == 0)
            {
                store.Release(digest);
            }
        }
    }
}
