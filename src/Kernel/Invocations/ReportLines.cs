using System.Globalization;

namespace Lambent.Kernel.Invocations;

/// <summary>The platform's own log lines around a call, in the form of AWS Lambda's text log format.</summary>
public static class ReportLines
{
    public static string Start(string requestId, string version) =>
        $"START RequestId: {requestId} Version: {version}\n";

    public static string End(string requestId) => $"END RequestId: {requestId}\n";

    /// <summary>The REPORT line, with the reason before it when the call did not end by the handler's answer.</summary>
    public static string Report(InvocationRecord record)
    {
        var duration = Milliseconds(record.Duration);
        var report = string.Create(
            CultureInfo.InvariantCulture,
            $"REPORT RequestId: {record.RequestId}\tDuration: {duration} ms\tBilled Duration: "
                + $"{BilledMilliseconds(record)} ms"
            + $"\tMemory Size: {record.MemoryMegabytes} MB\tMax Memory Used: {record.MaxMemoryUsedMegabytes} MB\t");
        if (record.InitDuration is { } init)
        {
            report += $"Init Duration: {Milliseconds(init)} ms\t";
        }

        return record.Outcome switch
        {
            OutcomeKind.TimedOut => report + "Status: timeout\n",
            OutcomeKind.Exited => report + "Status: error\tError Type: Runtime.ExitError\n",
            OutcomeKind.OutOfMemory => report + "Status: error\tError Type: Runtime.OutOfMemory\n",
            _ => report + "\n",
        };
    }

    /// <summary>
    /// Each started millisecond of the handler is billed and, as AWS does since August 2025, of loading the function's
    /// code before it. Fetching the package and starting the sandbox are not: they are the platform's.
    /// </summary>
    public static long BilledMilliseconds(InvocationRecord record)
    {
        var ticks = record.Duration.Ticks + Math.Max(0, record.Phases.Init.Ticks);
        return Math.Max(1, (ticks + TimeSpan.TicksPerMillisecond - 1) / TimeSpan.TicksPerMillisecond);
    }

    private static string Milliseconds(TimeSpan duration) =>
        duration.TotalMilliseconds.ToString("0.00", CultureInfo.InvariantCulture);
}
