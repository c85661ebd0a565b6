namespace Lambent.Storage.Packages;

/// <summary>
/// Removes packages that nobody refers to. A folder is renamed away before it is deleted, so that nobody finds half
/// of one.
/// </summary>
internal sealed class PackageCollector(PackageLayout layout)
{
    /// <summary>Digests of zip files and unpacked folders that nobody uses.</summary>
    public IEnumerable<string> FindUnused(IReadOnlySet<string> inUse)
    {
        var zips = Directory.EnumerateFiles(layout.Packages, "*.zip", SearchOption.AllDirectories)
            .Select(path => Path.GetFileNameWithoutExtension(path));
        var folders = Directory.EnumerateDirectories(layout.Code).Select(path => Path.GetFileName(path));
        return zips.Concat(folders).Where(digest => PackageLayout.IsDigest(digest) && !inUse.Contains(digest))
            .ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>Removes a package that is older than the time; its lock is held.</summary>
    /// <returns>The bytes freed.</returns>
    public long Remove(string digest, DateTimeOffset before)
    {
        var zip = new FileInfo(layout.Zip(digest));
        if (zip.Exists && zip.LastWriteTimeUtc >= before)
        {
            return 0;
        }

        var freed = zip.Exists ? zip.Length : 0;
        if (zip.Exists)
        {
            zip.Delete();
        }

        return freed + RemoveFolder(layout.CodeFolder(digest));
    }

    /// <summary>Keys of merged layers one of which nobody uses.</summary>
    public IEnumerable<string> FindUnusedMerges(IReadOnlySet<string> inUse) => Directory
        .EnumerateDirectories(layout.Layers)
        .Select(path => Path.GetFileName(path))
        .Where(key => PackageLayout.IsDigest(key) && !ReadDigests(key).All(inUse.Contains))
        .ToList();

    /// <summary>Their files are links to those of the unpacked packages, so their own size is not counted.</summary>
    public void RemoveMerge(string key, DateTimeOffset before)
    {
        if (Directory.GetLastWriteTimeUtc(layout.MergedFolder(key)) < before)
        {
            RemoveFolder(layout.MergedFolder(key));
        }
    }

    private string[] ReadDigests(string key)
    {
        try
        {
            return File.ReadAllLines(layout.MergedDigests(key));
        }
        catch (FileNotFoundException)
        {
            // Half of a folder: of no use to anybody.
            return [""];
        }
    }

    private long RemoveFolder(string path)
    {
        if (!Directory.Exists(path))
        {
            return 0;
        }

        var away = layout.NewTemporaryPath();
        Directory.Move(path, away);
        var bytes = new DirectoryInfo(away)
            .EnumerateFiles("*", new EnumerationOptions
            {
                RecurseSubdirectories = true,
                AttributesToSkip = FileAttributes.ReparsePoint,
            })
            .Sum(file => file.Length);
        Directory.Delete(away, recursive: true);
        return bytes;
    }
}
