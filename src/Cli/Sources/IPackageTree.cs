using System.IO.Compression;

namespace Lambent.Cli.Sources;

/// <summary>The files of a package as inference sees them, whether they lie in a folder or in a zip.</summary>
internal interface IPackageTree
{
    /// <summary>Every file, with forward slashes, relative to the root, ordered.</summary>
    IReadOnlyList<string> Files { get; }

    bool IsExecutable(string file);

    Stream Open(string file);
}

internal static class PackageTreeReading
{
    /// <summary>Source files longer than this are generated; their head says what they export.</summary>
    private const int TextCharactersMax = 8 * 1024 * 1024;

    public static bool Has(this IPackageTree tree, string file) => tree.Files.Contains(file);

    /// <summary>Files of the root, or of one of its folders.</summary>
    public static IEnumerable<string> FilesIn(this IPackageTree tree, string folder, params string[] extensions) =>
        tree.Files.Where(file =>
            (Path.GetDirectoryName(file) ?? "").Replace('\\', '/') == folder
            && extensions.Contains(Path.GetExtension(file), StringComparer.Ordinal));

    public static string ReadText(this IPackageTree tree, string file)
    {
        using var reader = new StreamReader(tree.Open(file));
        var buffer = new char[TextCharactersMax];
        return new string(buffer, 0, reader.ReadBlock(buffer));
    }

    /// <summary>The first bytes, fewer when the file is shorter.</summary>
    public static byte[] ReadHead(this IPackageTree tree, string file, int count)
    {
        using var stream = tree.Open(file);
        var head = new byte[count];
        return head[..stream.ReadAtLeast(head, count, throwOnEndOfStream: false)];
    }
}

/// <summary>The entries of a zip that somebody made already.</summary>
internal sealed class ZipTree : IPackageTree, IDisposable
{
    private const int ExecuteBits = 0x49; // 0111

    private readonly ZipArchive archive;
    private readonly Dictionary<string, ZipArchiveEntry> entries;

    public ZipTree(Stream zip)
    {
        archive = new ZipArchive(zip, ZipArchiveMode.Read);
        entries = archive.Entries
            .Where(entry => !entry.FullName.EndsWith('/'))
            .GroupBy(entry => entry.FullName.Replace('\\', '/'), StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.Last(), StringComparer.Ordinal);
        Files = [.. entries.Keys.Order(StringComparer.Ordinal)];
    }

    public IReadOnlyList<string> Files { get; }

    public bool IsExecutable(string file) => ((entries[file].ExternalAttributes >> 16) & ExecuteBits) != 0;

    public Stream Open(string file) => entries[file].Open();

    public void Dispose() => archive.Dispose();
}
