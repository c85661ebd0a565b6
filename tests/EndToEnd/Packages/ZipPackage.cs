using System.IO.Compression;
using System.Text;

namespace Lambent.EndToEnd.Packages;

/// <summary>Makes the zip files that functions are deployed from.</summary>
internal static class ZipPackage
{
    private const int ExecutableFile = 0x81ED << 16; // a regular file, rwxr-xr-x

    public static byte[] Of(params IEnumerable<(string Name, string Text)> files) =>
        OfBytes(files.Select(file => (file.Name, Encoding.UTF8.GetBytes(file.Text))));

    /// <summary>Every file is executable, as `zip` would keep it.</summary>
    public static byte[] OfBytes(params IEnumerable<(string Name, byte[] Content)> files) =>
        OfBytes(CompressionLevel.Fastest, files);

    public static byte[] OfBytes(CompressionLevel level, params IEnumerable<(string Name, byte[] Content)> files)
    {
        using var stream = new MemoryStream();
        using (var archive = new ZipArchive(stream, ZipArchiveMode.Create))
        {
            foreach (var (name, content) in files)
            {
                var entry = archive.CreateEntry(name, level);
                entry.ExternalAttributes = ExecutableFile;
                using var target = entry.Open();
                target.Write(content);
            }
        }

        return stream.ToArray();
    }

    public static byte[] OfFolder(string folder) => OfBytes(Directory
        .EnumerateFiles(folder, "*", SearchOption.AllDirectories)
        .Select(file => (Path.GetRelativePath(folder, file), File.ReadAllBytes(file))));
}
