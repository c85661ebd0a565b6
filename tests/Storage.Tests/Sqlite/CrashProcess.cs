using System.Collections.Concurrent;
using System.Diagnostics;
using Shouldly;

namespace Lambent.Storage.Tests.Sqlite;

/// <summary>The CrashWriter as a child process, and what it printed so far.</summary>
internal sealed class CrashProcess : IDisposable
{
    private readonly Process process;
    private readonly BlockingCollection<string> lines = [];

    private CrashProcess(Process process)
    {
        this.process = process;
        process.OutputDataReceived += (_, received) =>
        {
            if (received.Data is { } line)
            {
                lines.Add(line);
            }
            else
            {
                lines.CompleteAdding();
            }
        };
        process.BeginOutputReadLine();
    }

    public static CrashProcess Start(string databasePath, int writers)
    {
        // A process that writes beyond a limit is killed by a signal unless it ignores that, as servers do. The
        // runtime's own memory files would count against the limit too.
        var program = Path.Combine(AppContext.BaseDirectory, "Lambent.CrashWriter");
        const string script = "trap '' XFSZ; export DOTNET_EnableWriteXorExecute=0; exec \"$0\" \"$1\" \"$2\"";
        var start = new ProcessStartInfo("/bin/sh", ["-c", script, program, databasePath, $"{writers}"])
        {
            RedirectStandardOutput = true,
            RedirectStandardInput = true,
        };
        return new CrashProcess(Process.Start(start)!);
    }

    /// <summary>No file of the process may grow beyond the limit any more: a number of bytes, or unlimited.</summary>
    public void LimitFiles(string limit)
    {
        using var prlimit = Process.Start("prlimit", ["--pid", $"{process.Id}", $"--fsize={limit}:unlimited"]);
        prlimit.WaitForExit();
        prlimit.ExitCode.ShouldBe(0);
    }

    /// <summary>The next line, or null when the process has ended and all was read.</summary>
    public string? ReadLine() => lines.TryTake(out var line, TimeSpan.FromSeconds(30)) ? line : null;

    public void WriteLine(string line) => process.StandardInput.WriteLine(line);

    /// <summary>Ends it as a power button would, and gives all that it managed to print.</summary>
    public List<string> Kill()
    {
        process.Kill();
        process.WaitForExit();
        return [.. lines.GetConsumingEnumerable()];
    }

    public void Dispose()
    {
        if (!process.HasExited)
        {
            process.Kill();
        }

        process.WaitForExit();
        process.Dispose();
        lines.Dispose();
    }
}
