using System.Globalization;

namespace Lambent.Load.Processes;

/// <summary>What the kernel says a process holds.</summary>
internal static class ProcessMemory
{
    private const long BytesPerKilobyte = 1024;

    /// <summary>Resident bytes of one process (VmRSS), shared pages included.</summary>
    public static long ResidentBytes(int processId)
    {
        foreach (var line in File.ReadLines($"/proc/{processId}/status"))
        {
            if (line.StartsWith("VmRSS:", StringComparison.Ordinal))
            {
                return Kilobytes(line) * BytesPerKilobyte;
            }
        }

        return 0;
    }

    /// <summary>
    /// Proportional resident bytes (Pss) of the processes below one, without itself: a page that n processes share
    /// counts a n-th for each. Processes that end while being looked at count nothing.
    /// </summary>
    public static (int Processes, long Bytes) OfDescendants(int processId)
    {
        var parents = ParentsOfAll();
        var count = 0;
        var bytes = 0L;
        var below = new Queue<int>(parents.Where(pair => pair.Value == processId).Select(pair => pair.Key));
        while (below.TryDequeue(out var child))
        {
            count++;
            bytes += ProportionalBytes(child);
            foreach (var (grandchild, parent) in parents)
            {
                if (parent == child)
                {
                    below.Enqueue(grandchild);
                }
            }
        }

        return (count, bytes);
    }

    private static long ProportionalBytes(int processId)
    {
        try
        {
            foreach (var line in File.ReadLines($"/proc/{processId}/smaps_rollup"))
            {
                if (line.StartsWith("Pss:", StringComparison.Ordinal))
                {
                    return Kilobytes(line) * BytesPerKilobyte;
                }
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It ended, or belongs to another user.
        }

        return 0;
    }

    private static Dictionary<int, int> ParentsOfAll()
    {
        var parents = new Dictionary<int, int>();
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var processId))
            {
                continue;
            }

            try
            {
                // The name in parentheses may hold anything, so the fields are counted from its end.
                var fields = File.ReadAllText($"{folder}/stat");
                var afterName = fields[(fields.LastIndexOf(')') + 2)..].Split(' ');
                parents[processId] = int.Parse(afterName[1], CultureInfo.InvariantCulture);
            }
            catch (IOException)
            {
                // It ended meanwhile.
            }
        }

        return parents;
    }

    private static long Kilobytes(string line) =>
        long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
}
