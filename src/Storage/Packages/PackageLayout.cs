using System.Buffers;
using Lambent.Storage.Disk;

namespace Lambent.Storage.Packages;

/// <summary>Where packages lie in the data folder.</summary>
internal sealed class PackageLayout(DataFolder folder)
{
    private const int DigestLength = 64;

    private static readonly SearchValues<char> HexadecimalDigits = SearchValues.Create("0123456789abcdef");

    public string Packages => folder.PackagesPath;

    public string Code => folder.CodePath;

    public string Layers => folder.LayersPath;

    public string Temporary => folder.TemporaryPath;

    /// <summary>Says during which run of the machine the caches were written, see <see cref="PackageStore"/>.</summary>
    public string BootMark => Path.Combine(folder.CodePath, "boot");

    /// <summary>Whether the text is a digest, and so harmless as a part of a path.</summary>
    public static bool IsDigest(string text) =>
        text.Length == DigestLength && text.AsSpan().IndexOfAnyExcept(HexadecimalDigits) < 0;

    public string Zip(string digest) => Path.Combine(folder.PackagesPath, digest[..2], digest + ".zip");

    public string CodeFolder(string digest) => Path.Combine(folder.CodePath, digest);

    /// <summary>Merged layers: the files below files/, the digests they come from in digests.</summary>
    public string MergedFolder(string key) => Path.Combine(folder.LayersPath, key);

    public string MergedFiles(string key) => Path.Combine(folder.LayersPath, key, "files");

    public string MergedDigests(string key) => Path.Combine(folder.LayersPath, key, "digests");

    /// <summary>A name that nobody else uses; what is left of it after a crash goes with the next start.</summary>
    public string NewTemporaryPath() => Path.Combine(folder.TemporaryPath, Guid.NewGuid().ToString("n"));
}
