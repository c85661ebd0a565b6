namespace Lambent.Tidy.Files;

/// <summary>The working tree as the rules see it: every file that is written by hand.</summary>
internal sealed class Repository
{
    private const string Marker = "Lambent.slnx";

    /// <summary>What tools put there; none of it is tracked.</summary>
    private static readonly HashSet<string> Generated = new(StringComparer.Ordinal)
    {
        ".git", ".lambent", ".vs", ".idea", "bin", "obj", "artifacts", "node_modules", "TestResults", "__pycache__",
        "dist",
    };

    private readonly Dictionary<string, SourceFile> files;

    private Repository(string root, IEnumerable<SourceFile> files)
    {
        Root = root;
        this.files = files.ToDictionary(file => file.Path, StringComparer.Ordinal);
        Folders = this.files.Keys.SelectMany(Ancestors).ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>The repository that these tests were built from; read once.</summary>
    public static Repository Current { get; } = Open(FindRoot());

    public string Root { get; }

    /// <summary>Ordered by path.</summary>
    public IEnumerable<SourceFile> Files => files.Values.OrderBy(file => file.Path, StringComparer.Ordinal);

    /// <summary>Folders with a file in them or below them, relative to the root, without a slash at the end.</summary>
    public IReadOnlySet<string> Folders { get; }

    public SourceFile? Find(string path) => files.GetValueOrDefault(path);

    /// <summary>Whether a path relative to the root is a file or a folder.</summary>
    public bool Has(string path) => files.ContainsKey(path) || Folders.Contains(path.TrimEnd('/'));

    public IEnumerable<SourceFile> Matching(Func<string, bool> path) => Files.Where(file => path(file.Path));

    /// <summary>A repository that exists only in a test.</summary>
    public static Repository Of(params (string Path, string Text)[] files) =>
        new("/", files.Select(file => new SourceFile(file.Path, file.Text)));

    private static Repository Open(string root) => new(root, Walk(root, ""));

    private static IEnumerable<SourceFile> Walk(string root, string folder)
    {
        foreach (var entry in new DirectoryInfo(Path.Combine(root, folder)).EnumerateFileSystemInfos())
        {
            var path = folder.Length == 0 ? entry.Name : $"{folder}/{entry.Name}";
            if (entry.LinkTarget is not null)
            {
                continue;
            }

            if (entry is not DirectoryInfo)
            {
                yield return new SourceFile(path, () => File.ReadAllText(entry.FullName));
            }
            else if (!Generated.Contains(entry.Name))
            {
                foreach (var file in Walk(root, path))
                {
                    yield return file;
                }
            }
        }
    }

    private static IEnumerable<string> Ancestors(string path)
    {
        for (var slash = path.LastIndexOf('/'); slash > 0; slash = path.LastIndexOf('/', slash - 1))
        {
            yield return path[..slash];
        }
    }

    private static string FindRoot()
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, Marker)))
            {
                return folder;
            }
        }

        throw new InvalidOperationException($"No folder above {AppContext.BaseDirectory} has a {Marker}.");
    }
}
