using Lambent.Load.Processes;

namespace Lambent.Load.Servers;

/// <summary>What a server holds of the machine, as the kernel tells it.</summary>
internal sealed record ServerHoldings
{
    private const string ControlGroups = "/sys/fs/cgroup";

    private static readonly EnumerationOptions Anywhere = new()
    {
        RecurseSubdirectories = true, IgnoreInaccessible = true, MaxRecursionDepth = 6,
    };

    /// <summary>By what is counted, in the order of the report.</summary>
    public required IReadOnlyDictionary<string, long> Counts { get; init; }

    public required double ResidentMegabytes { get; init; }

    /// <param name="processId">The server.</param>
    /// <param name="dataFolder">Its data folder.</param>
    public static ServerHoldings Read(int processId, string dataFolder)
    {
        var runFolder = RunFolder(processId);
        var groups = Directory.Exists(ControlGroups)
            ? Directory.EnumerateDirectories(ControlGroups, Path.GetFileName(runFolder), Anywhere).ToList()
            : [];
        return new ServerHoldings
        {
            Counts = new Dictionary<string, long>(StringComparer.Ordinal)
            {
                ["mounts of the server"] = File.ReadLines($"/proc/{processId}/mountinfo").LongCount(),
                ["mounts of the machine"] = File.ReadLines("/proc/self/mountinfo").LongCount(),
                ["control groups"] = groups.Sum(group => Directory.EnumerateDirectories(group).LongCount()),
                ["processes"] = ProcessTree.Descendants(processId).Count,
                ["descriptors of the server"] = Directory.EnumerateFileSystemEntries($"/proc/{processId}/fd").Count(),
                ["threads of the server"] = Directory.EnumerateDirectories($"/proc/{processId}/task").Count(),
                ["files in the run folder"] = Directory.EnumerateFileSystemEntries(runFolder, "*", Anywhere).Count(),
                ["files in the data folder's temp"] = Files(Path.Combine(dataFolder, "temp")),
                ["files in the system's temp"] = Directory.EnumerateFileSystemEntries(Path.GetTempPath()).Count(
                    path => Path.GetFileName(path).StartsWith("lambent", StringComparison.OrdinalIgnoreCase)),
            },
            ResidentMegabytes = ProcessMemory.ResidentBytes(processId) / (1024.0 * 1024),
        };
    }

    private static int Files(string folder) =>
        Directory.Exists(folder) ? Directory.EnumerateFileSystemEntries(folder, "*", Anywhere).Count() : 0;

    /// <summary>The folder whose lock the server holds open.</summary>
    private static string RunFolder(int processId)
    {
        foreach (var descriptor in Directory.EnumerateFileSystemEntries($"/proc/{processId}/fd"))
        {
            var target = new FileInfo(descriptor).LinkTarget;
            if (target is not null && Path.GetFileName(target) == "lock"
                && Path.GetDirectoryName(target) is { } folder
                && Path.GetFileName(folder).StartsWith("lambent-", StringComparison.Ordinal))
            {
                return folder;
            }
        }

        throw new BenchFailureException("The server has no run folder.");
    }
}
