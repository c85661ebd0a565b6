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
        var below = ProcessTree.Descendants(processId);
        return (below.Count, below.Sum(ProportionalBytes));
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

    private static long Kilobytes(string line) =>
        long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
}
