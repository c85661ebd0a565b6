using System.Runtime.InteropServices;
using Lambent.Load.Processes;
using Lambent.Load.Servers;

namespace Lambent.Load.Reports;

/// <summary>What a reader must know to place a figure.</summary>
internal sealed record MachineFacts
{
    public required int Cores { get; init; }

    public required string Processor { get; init; }

    public required long MemoryMegabytes { get; init; }

    public required string Kernel { get; init; }

    public required string OperatingSystem { get; init; }

    public required string DotnetVersion { get; init; }

    public required string NodeVersion { get; init; }

    public required string LambentVersion { get; init; }

    /// <summary>Short commit of the clone, with "+" for changes that are not committed; null without a clone.</summary>
    public required string? Commit { get; init; }

    /// <summary>How busy the machine was over the last minute when the run began, in runnable processes.</summary>
    public required double LoadAverage { get; init; }

    public static async Task<MachineFacts> ReadAsync(string program, CancellationToken cancellation) => new()
    {
        Cores = Environment.ProcessorCount,
        Processor = ProcessorName(),
        MemoryMegabytes = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (1024 * 1024),
        Kernel = (await File.ReadAllTextAsync("/proc/sys/kernel/osrelease", cancellation)).Trim(),
        OperatingSystem = RuntimeInformation.OSDescription,
        DotnetVersion = Environment.Version.ToString(),
        NodeVersion = await TryRunAsync("node", ["--version"], cancellation) ?? "",
        LambentVersion = await TryRunAsync(program, ["version"], cancellation) ?? "",
        Commit = await CommitAsync(cancellation),
        LoadAverage = double.Parse(
            (await File.ReadAllTextAsync("/proc/loadavg", cancellation)).Split(' ')[0],
            System.Globalization.CultureInfo.InvariantCulture),
    };

    private static string ProcessorName()
    {
        const string Field = "model name";
        var line = File.ReadLines("/proc/cpuinfo")
            .FirstOrDefault(line => line.StartsWith(Field, StringComparison.Ordinal));
        return line?.Split(':', 2)[1].Trim() ?? RuntimeInformation.ProcessArchitecture.ToString();
    }

    private static async Task<string?> CommitAsync(CancellationToken cancellation)
    {
        if (LambentProgram.RepositoryFolder() is not { } folder)
        {
            return null;
        }

        var commit = await TryRunAsync("git", ["-C", folder, "rev-parse", "--short", "HEAD"], cancellation);
        var changes = await TryRunAsync(
            "git", ["-C", folder, "status", "--porcelain", "--untracked-files=no"], cancellation);
        return string.IsNullOrEmpty(changes) ? commit : $"{commit}+";
    }

    private static async Task<string?> TryRunAsync(
        string program, string[] arguments, CancellationToken cancellation)
    {
        try
        {
            return (await ChildProcess.RunAsync(program, arguments, cancellation)).Trim();
        }
        catch (BenchFailureException)
        {
            return null;
        }
    }
}
