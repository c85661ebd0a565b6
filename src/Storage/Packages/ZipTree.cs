using Lambent.Kernel;

namespace Lambent.Storage.Packages;

/// <summary>
/// The tree that a package's entries make, kept part by part so that its size follows the names' size. It finds what
/// cannot exist side by side, and nothing is ever written through a link, because a link has no children here.
/// </summary>
internal sealed class ZipTree
{
    private readonly Node root = new() { Kind = ZipEntryKind.Folder };

    /// <summary>Files, links and folders, with the folders that no entry names.</summary>
    public int Count { get; private set; }

    /// <returns>Why the entry is not accepted, or null.</returns>
    public Error? Add(ZipEntry entry)
    {
        var node = root;
        for (var depth = 0; depth < entry.Path.Length; depth++)
        {
            var last = depth == entry.Path.Length - 1;
            var kind = last ? entry.Kind : ZipEntryKind.Folder;
            if (!node.TryAddChild(entry.Path[depth], kind, out var child))
            {
                if (child.Kind != ZipEntryKind.Folder || kind != ZipEntryKind.Folder)
                {
                    return PackageErrors.Refused(entry.Name, Describe(child.Kind, last));
                }
            }
            else if (++Count > Limits.PackageEntriesMax)
            {
                return PackageErrors.TooManyEntries((ulong)Count);
            }

            node = child;
        }

        return null;
    }

    private static string Describe(ZipEntryKind existing, bool last) => (existing, last) switch
    {
        (ZipEntryKind.Folder, _) => "there is a folder with the same path",
        (_, true) => "there is another entry with the same path",
        (ZipEntryKind.SymbolicLink, false) => "its path leads through a link",
        _ => "its path leads through a file",
    };

    private sealed class Node
    {
        private Dictionary<string, Node>? children;

        public required ZipEntryKind Kind { get; init; }

        public bool TryAddChild(string name, ZipEntryKind kind, out Node child)
        {
            children ??= new Dictionary<string, Node>(StringComparer.Ordinal);
            if (children.TryGetValue(name, out var existing))
            {
                child = existing;
                return false;
            }

            child = new Node { Kind = kind };
            children.Add(name, child);
            return true;
        }
    }
}
