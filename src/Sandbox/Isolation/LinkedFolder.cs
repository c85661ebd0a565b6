using System.Runtime.InteropServices;
using Lambent.Sandbox.Isolation.Native;

namespace Lambent.Sandbox.Isolation;

/// <summary>
/// Fills a folder with hard links to another's files: a second place for the same code that takes no room. What cannot
/// be linked, because it lies on another file system or has too many links, is copied.
/// </summary>
internal static class LinkedFolder
{
    /// <param name="source">A folder that nobody changes meanwhile.</param>
    /// <param name="target">A folder that is there and empty.</param>
    /// <exception cref="IOException">The source is not there, or there is no room.</exception>
    public static void Fill(string source, string target)
    {
        foreach (var entry in new DirectoryInfo(source).EnumerateFileSystemInfos())
        {
            var path = Path.Combine(target, entry.Name);
            if (entry.LinkTarget is { } link)
            {
                File.CreateSymbolicLink(path, link);
            }
            else if (entry is DirectoryInfo)
            {
                Directory.CreateDirectory(path);
                Fill(entry.FullName, path);
            }
            else if (Libc.Link(entry.FullName, path) != 0)
            {
                const int exists = 17;
                if (Marshal.GetLastPInvokeError() == exists)
                {
                    throw new IOException($"{path} is there already.");
                }

                File.Copy(entry.FullName, path);
            }
        }
    }
}
