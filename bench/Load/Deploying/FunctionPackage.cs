using System.IO.Compression;

namespace Lambent.Load.Deploying;

/// <summary>Zips as a function's author would.</summary>
internal static class FunctionPackage
{
    // -rwxr-xr-x of a regular file, where Unix zips keep it: a bootstrap must be executable.
    private const int ExecutableAttributes = unchecked((int)0x81ED_0000);

    /// <summary>A package of files, each at its top level.</summary>
    public static byte[] Zip(params IReadOnlyCollection<(string Name, byte[] Content)> files)
    {
        using var buffer = new MemoryStream();
        using (var archive = new ZipArchive(buffer, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, content) in files)
            {
                var entry = archive.CreateEntry(name);
                entry.ExternalAttributes = ExecutableAttributes;
                using var stream = entry.Open();
                stream.Write(content);
            }
        }

        return buffer.ToArray();
    }

    /// <summary>A package of one embedded file.</summary>
    public static byte[] ZipEmbedded(string name) => Zip((Path.GetFileName(name), EmbeddedProgram.Read(name)));
}
