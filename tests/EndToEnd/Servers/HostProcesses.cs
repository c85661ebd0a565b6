namespace Lambent.EndToEnd.Servers;

/// <summary>What the machine's process table says, from outside of every sandbox.</summary>
internal static class HostProcesses
{
    /// <summary>Processes with a variable in the environment they were started with.</summary>
    public static IEnumerable<int> WithVariable(string name, string value) =>
        All().Where(process => Read(process, "environ").Split('\0').Contains($"{name}={value}"));

    /// <summary>A process and all that it started, as far as they are still below it.</summary>
    public static IReadOnlyList<int> Below(int root)
    {
        var parents = All().ToDictionary(process => process, Parent);
        var found = new List<int> { root };
        for (var index = 0; index < found.Count; index++)
        {
            found.AddRange(parents.Where(pair => pair.Value == found[index]).Select(pair => pair.Key));
        }

        found.RemoveAt(0);
        return found;
    }

    public static bool Exists(int process) => Directory.Exists($"/proc/{process}");

    public static string CommandLine(int process) => Read(process, "cmdline").Replace('\0', ' ').Trim();

    public static string ControlGroups(int process) => Read(process, "cgroup");

    private static IEnumerable<int> All() => Directory.EnumerateDirectories("/proc")
        .Select(folder => int.TryParse(Path.GetFileName(folder), out var process) ? process : 0)
        .Where(process => process > 0);

    /// <summary>The fourth field of stat, after the name in brackets, which may hold anything.</summary>
    private static int Parent(int process)
    {
        var fields = Read(process, "stat").Split(')')[^1].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return fields.Length > 1 ? int.Parse(fields[1]) : 0;
    }

    private static string Read(int process, string file)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/{file}");
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
