using Lambent.Cli.Commands;

namespace Lambent.Cli.Packaging;

/// <summary>
/// Reads a folder into what will be packed: without what is ignored, links kept, nothing from outside.
/// </summary>
internal sealed class FolderReader
{
    /// <summary>As the server's own limit; counted here so that a home folder deployed by mistake ends early.</summary>
    private const int FilesMax = 100_000;

    private readonly string root;
    private readonly IgnoreRules rules;
    private readonly List<PackageFile> files = [];

    private FolderReader(string root, IgnoreRules rules)
    {
        this.root = root;
        this.rules = rules;
    }

    public static PackageContent Read(string folder)
    {
        var root = Path.GetFullPath(folder);
        return Read(root, IgnoreRules.OfFolder(root));
    }

    public static PackageContent Read(string folder, IgnoreRules rules)
    {
        var reader = new FolderReader(folder, rules);
        reader.Visit(new DirectoryInfo(folder), "");
        return new PackageContent(reader.files);
    }

    public static PackageFile File(string path, string nameInPackage) =>
        new(nameInPackage, IsExecutable(path), () => System.IO.File.OpenRead(path));

    private static bool IsExecutable(string path) =>
        !OperatingSystem.IsWindows()
        && (System.IO.File.GetUnixFileMode(path)
            & (UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute)) != 0;

    private void Visit(DirectoryInfo folder, string prefix)
    {
        foreach (var entry in folder.EnumerateFileSystemInfos())
        {
            var path = prefix + entry.Name;
            var isLink = entry.LinkTarget is not null;
            if (rules.Ignores(path, entry is DirectoryInfo && !isLink))
            {
                continue;
            }

            if (isLink)
            {
                AddLink(entry, path);
            }
            else if (entry is DirectoryInfo child)
            {
                Visit(child, path + "/");
            }
            else if ((entry.Attributes & FileAttributes.Device) == 0)
            {
                Add(File(entry.FullName, path));
            }
        }
    }

    private void AddLink(FileSystemInfo link, string path)
    {
        var target = link.LinkTarget!;
        var resolved = Path.GetFullPath(target, Path.GetDirectoryName(link.FullName)!);
        if (Path.IsPathRooted(target)
            || !resolved.StartsWith(root + Path.DirectorySeparatorChar, StringComparison.Ordinal))
        {
            throw new CommandFailedException(
                ExitCode.Usage, FailureCodes.PackageEntryRefused,
                $"The link {path} points at {target}, which is not in the package; in the function it would "
                    + "lead nowhere.",
                $"put a copy in its place, or the line '{path}' into {IgnoreRules.FileName}");
        }

        var bytes = System.Text.Encoding.UTF8.GetBytes(target);
        Add(new PackageFile(path, Executable: true, () => new MemoryStream(bytes), target));
    }

    private void Add(PackageFile file)
    {
        if (files.Count >= FilesMax)
        {
            throw new CommandFailedException(
                ExitCode.Limit, FailureCodes.PackageTooLarge,
                $"{root} has more than {FilesMax} files. Is it the folder that was meant?",
                $"leave files out with {IgnoreRules.FileName}");
        }

        files.Add(file);
    }
}
