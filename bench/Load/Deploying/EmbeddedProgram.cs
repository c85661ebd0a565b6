using System.Reflection;
using System.Text;

namespace Lambent.Load.Deploying;

/// <summary>The files under Programs/, which travel inside this program.</summary>
internal static class EmbeddedProgram
{
    /// <param name="name">Path below Programs/, such as node/hello.mjs.</param>
    public static byte[] Read(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"Programs/{name} is not embedded.");
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return copy.ToArray();
    }

    public static string ReadText(string name) => Encoding.UTF8.GetString(Read(name));

    /// <summary>Writes files into a folder, each under its own name.</summary>
    public static void Write(string folder, params ReadOnlySpan<string> names)
    {
        Directory.CreateDirectory(folder);
        foreach (var name in names)
        {
            File.WriteAllBytes(Path.Combine(folder, Path.GetFileName(name)), Read(name));
        }
    }
}
