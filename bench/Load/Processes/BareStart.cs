using System.Diagnostics;

namespace Lambent.Load.Processes;

/// <summary>The floor of a cold start: how long a runtime takes to start, do nothing, and end.</summary>
internal static class BareStart
{
    /// <summary>Wall time from the start of the process to its end.</summary>
    public static async Task<TimeSpan> MeasureAsync(IReadOnlyList<string> command, CancellationToken cancellation)
    {
        var started = Stopwatch.GetTimestamp();
        await ChildProcess.RunAsync(command[0], command.Skip(1), cancellation);
        return Stopwatch.GetElapsedTime(started);
    }
}
