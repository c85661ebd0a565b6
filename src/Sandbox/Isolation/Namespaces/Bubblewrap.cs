namespace Lambent.Sandbox.Isolation.Namespaces;

/// <summary>Finds bubblewrap. Only in the system's folders: it runs with this program's rights.</summary>
internal static class Bubblewrap
{
    private static readonly string[] Candidates = ["/usr/bin/bwrap", "/usr/local/bin/bwrap", "/bin/bwrap"];

    public static string? Find() => Array.Find(Candidates, File.Exists);
}
