using Lambent.Cli.Sources;

namespace Lambent.Cli.Packaging;

/// <summary>One file to be packed.</summary>
/// <param name="Path">In the package, with forward slashes.</param>
/// <param name="Executable">Whether it may be run; all other permission bits are fixed.</param>
/// <param name="Open">Opens its bytes.</param>
/// <param name="LinkTarget">What a symbolic link points at, relative; null for a file.</param>
internal sealed record PackageFile(string Path, bool Executable, Func<Stream> Open, string? LinkTarget = null);

/// <summary>What will be packed; also how inference reads it.</summary>
internal sealed class PackageContent : IPackageTree
{
    private readonly Dictionary<string, PackageFile> files;

    public PackageContent(IEnumerable<PackageFile> files)
    {
        this.files = files.ToDictionary(file => file.Path, StringComparer.Ordinal);
        Files = [.. this.files.Keys.Order(StringComparer.Ordinal)];
    }

    public IReadOnlyList<string> Files { get; }

    public IEnumerable<PackageFile> Entries => Files.Select(path => files[path]);

    public bool IsExecutable(string file) => files[file].Executable;

    public Stream Open(string file) => files[file].Open();

    /// <summary>The same with more files; one that is there already is replaced.</summary>
    public PackageContent With(IEnumerable<PackageFile> more)
    {
        var merged = new Dictionary<string, PackageFile>(files, StringComparer.Ordinal);
        foreach (var file in more)
        {
            merged[file.Path] = file;
        }

        return new PackageContent(merged.Values);
    }

    /// <summary>The same without a folder and all in it.</summary>
    public PackageContent Without(string folder) =>
        new(files.Values.Where(file => !file.Path.StartsWith(folder + "/", StringComparison.Ordinal)));

    public static PackageFile Generated(string path, string text, bool executable = false) =>
        new(path, executable, () => new MemoryStream(System.Text.Encoding.UTF8.GetBytes(text)));
}
