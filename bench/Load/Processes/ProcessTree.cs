using System.Globalization;

namespace Lambent.Load.Processes;

/// <summary>Who started whom, and how much processor time each took.</summary>
internal static class ProcessTree
{
    // The kernel counts processor time in hundredths of a second, whatever the machine (USER_HZ).
    private const double TicksPerSecond = 100;

    /// <summary>The processes below one, without itself.</summary>
    public static IReadOnlyList<int> Descendants(int processId)
    {
        var parents = ParentsOfAll();
        var found = new List<int>(parents.Where(pair => pair.Value == processId).Select(pair => pair.Key));
        for (var index = 0; index < found.Count; index++)
        {
            found.AddRange(parents.Where(pair => pair.Value == found[index]).Select(pair => pair.Key));
        }

        return found;
    }

    /// <summary>Processor seconds that a process has taken, user and system; 0 for one that is gone.</summary>
    public static double ProcessorSeconds(int processId) => ReadFields(processId) is { } fields
        ? (Number(fields[11]) + Number(fields[12])) / TicksPerSecond
        : 0;

    private static Dictionary<int, int> ParentsOfAll()
    {
        var parents = new Dictionary<int, int>();
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var processId)
                && ReadFields(processId) is { } fields)
            {
                parents[processId] = (int)Number(fields[1]);
            }
        }

        return parents;
    }

    /// <summary>The fields of /proc/ID/stat from the third on, or null when the process ended.</summary>
    private static string[]? ReadFields(int processId)
    {
        try
        {
            // The second, the name in parentheses, may hold anything, so the fields are counted from its end.
            var text = File.ReadAllText($"/proc/{processId}/stat");
            return text[(text.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
