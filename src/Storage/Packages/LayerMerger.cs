using System.Text;
using Lambent.Storage.Disk;

namespace Lambent.Storage.Packages;

/// <summary>
/// Lays the unpacked layers over each other as one folder. Files are hard links, so a merge costs names and no bytes.
/// A later layer's file, link or folder takes the place of what an earlier one has at its path, except that two
/// folders become one. Links are copied as they are, and never followed.
/// </summary>
internal static class LayerMerger
{
    /// <summary>The name of a combination: the order counts.</summary>
    public static string Key(IEnumerable<string> digests) =>
        PackageFiles.Digest(Encoding.ASCII.GetBytes(string.Join('\n', digests)));

    public static void Merge(IEnumerable<string> layerFolders, string target, CancellationToken cancellation)
    {
        PackageUnpacker.CreateFolder(target);
        foreach (var layer in layerFolders)
        {
            MergeFolder(new DirectoryInfo(layer), target, cancellation);
        }
    }

    private static void MergeFolder(DirectoryInfo source, string target, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        foreach (var item in source.EnumerateFileSystemInfos())
        {
            var path = Path.Combine(target, item.Name);
            if (item.LinkTarget is { } linkTarget)
            {
                Remove(path);
                File.CreateSymbolicLink(path, linkTarget);
            }
            else if (item is DirectoryInfo folder)
            {
                if (!IsFolder(path))
                {
                    Remove(path);
                    PackageUnpacker.CreateFolder(path);
                }

                MergeFolder(folder, path, cancellation);
            }
            else
            {
                Remove(path);
                Posix.LinkOrCopy(item.FullName, path);
            }
        }
    }

    private static void Remove(string path)
    {
        if (IsFolder(path))
        {
            Directory.Delete(path, recursive: true);
        }
        else
        {
            // Also a link, whatever it points to, and also when there is nothing.
            File.Delete(path);
        }
    }

    private static bool IsFolder(string path) =>
        new DirectoryInfo(path) is { Exists: true, LinkTarget: null };
}
