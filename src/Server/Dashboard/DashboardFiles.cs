using System.Collections.Frozen;
using System.IO.Compression;
using System.Reflection;

namespace Lambent.Server.Dashboard;

/// <summary>
/// The files of the built dashboard, by their path without a leading slash. Text is kept compressed, as
/// <c>NAME.br</c> and <c>NAME.gz</c>, as the build wrote it.
/// </summary>
internal abstract class DashboardFiles
{
    public const string PageName = "index.html";

    private const string Prefix = "dashboard/";

    /// <summary>What the build put into this assembly, or null when it was built without a dashboard.</summary>
    public static DashboardFiles? Embedded()
    {
        var assembly = typeof(DashboardFiles).Assembly;
        var names = assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
            .ToFrozenDictionary(name => name[Prefix.Length..], StringComparer.Ordinal);
        return names.ContainsKey(PageName) ? new EmbeddedFiles(assembly, names) : null;
    }

    /// <summary>A folder instead, read anew at each request, for those who work on the dashboard.</summary>
    public static DashboardFiles Folder(string path) => new FolderFiles(Path.GetFullPath(path));

    /// <summary>The bytes in one encoding; null when there are none. Empty stands for no encoding.</summary>
    /// <param name="path">Such as assets/index-3f2a.js.</param>
    /// <param name="encoding">br, gzip or empty.</param>
    public byte[]? Find(string path, string encoding) => encoding switch
    {
        "br" => Read(path + ".br"),
        "gzip" => Read(path + ".gz"),
        _ => Read(path) ?? (Read(path + ".gz") is { } compressed ? Inflate(compressed) : null),
    };

    protected abstract byte[]? Read(string name);

    private static byte[] Inflate(byte[] compressed)
    {
        using var source = new GZipStream(new MemoryStream(compressed), CompressionMode.Decompress);
        using var plain = new MemoryStream();
        source.CopyTo(plain);
        return plain.ToArray();
    }

    private sealed class EmbeddedFiles(Assembly assembly, FrozenDictionary<string, string> names) : DashboardFiles
    {
        protected override byte[]? Read(string name)
        {
            if (!names.TryGetValue(name, out var resource))
            {
                return null;
            }

            using var stream = assembly.GetManifestResourceStream(resource)!;
            var bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            return bytes;
        }
    }

    private sealed class FolderFiles(string folder) : DashboardFiles
    {
        protected override byte[]? Read(string name)
        {
            var path = Path.GetFullPath(Path.Combine(folder, name));
            return path.StartsWith(folder + Path.DirectorySeparatorChar, StringComparison.Ordinal) && File.Exists(path)
                ? File.ReadAllBytes(path)
                : null;
        }
    }
}
