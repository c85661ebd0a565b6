namespace Lambent.Tidy.Files;

/// <summary>One file of the repository. Its text is read when a rule first asks for it.</summary>
internal sealed class SourceFile
{
    private static readonly HashSet<string> TextExtensions = new(StringComparer.Ordinal)
    {
        ".cs", ".csproj", ".props", ".targets", ".slnx", ".json", ".md", ".py", ".mjs", ".cjs", ".js", ".ts", ".tsx",
        ".css", ".html", ".sh", ".c", ".h", ".sql", ".yml", ".yaml", ".txt", ".csv", ".toml", ".capnp",
    };

    private static readonly string[] Programs =
    [
        "samples/", "runtimes/tests/", "bench/Load/Programs/", "tests/EndToEnd/functions/", "tests/EndToEnd/clients/",
    ];

    private readonly Lazy<string> text;
    private readonly Lazy<string[]> lines;

    public SourceFile(string path, Func<string> read)
    {
        Path = path;
        text = new Lazy<string>(() => read().Replace("\r\n", "\n", StringComparison.Ordinal));
        lines = new Lazy<string[]>(() => text.Value.TrimEnd('\n').Split('\n'));
    }

    public SourceFile(string path, string text)
        : this(path, () => text)
    {
    }

    /// <summary>Relative to the repository's root, with forward slashes.</summary>
    public string Path { get; }

    public string Name => Path[(Path.LastIndexOf('/') + 1)..];

    public string Folder => Path.LastIndexOf('/') is var slash and > 0 ? Path[..slash] : "";

    public string Extension => System.IO.Path.GetExtension(Path);

    /// <summary>A file that a person reads and writes as text, judged by its name.</summary>
    public bool IsText => TextExtensions.Contains(Extension) || Path is "lambent" or "test" or ".ci/run";

    public bool IsCSharp => Extension == ".cs";

    /// <summary>
    /// Whether it belongs to a function that is deployed or called by tests and measurements. Such programs are what
    /// users write, and some exist to misbehave: rules of our own style are not theirs.
    /// </summary>
    public bool IsProgram => Programs.Any(folder => Path.StartsWith(folder, StringComparison.Ordinal));

    public string Text => text.Value;

    public IReadOnlyList<string> Lines => lines.Value;

    /// <summary>The line, counted from 1, that a position of the text is on.</summary>
    public int LineAt(int position) => Text.AsSpan(0, position).Count('\n') + 1;

    public Finding At(int line, string message) => new(Path, line, message);

    public Finding AtPosition(int position, string message) => At(LineAt(position), message);

    public Finding AsWhole(string message) => new(Path, 1, message);
}
