using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Lambent.Load.Processes;

/// <summary>
/// A process that this program started and will end: asked with SIGTERM first, killed with what it started when it does
/// not go. No other process is ever signalled.
/// </summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private const int TerminateSignal = 15;
    private const int ErrorLinesKept = 40;

    /// <summary>
    /// Variables of this machine that would make Node.js read every certificate of the system at each start, which
    /// triples the time a bare start takes and flatters whatever is compared with it.
    /// </summary>
    private static readonly string[] Unfair = ["NODE_EXTRA_CA_CERTS", "NODE_OPTIONS"];

    private readonly Process process;
    private readonly TaskCompletionSource<string> firstMatch = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentQueue<string> lastLines = new();
    private readonly Func<string, bool>? isReady;

    private ChildProcess(Process process, Func<string, bool>? isReady)
    {
        this.process = process;
        this.isReady = isReady;
    }

    public int Id => process.Id;

    public bool HasExited => process.HasExited;

    /// <summary>The last lines it wrote, for messages about its failure.</summary>
    public string LastOutput => string.Join('\n', lastLines);

    /// <summary>Starts a program whose standard output says when it is ready.</summary>
    /// <param name="program">Path, or a name on PATH.</param>
    /// <param name="arguments">Passed as they are, without a shell.</param>
    /// <param name="isReady">True for the line that means ready.</param>
    /// <param name="folder">Its working folder; null for ours.</param>
    /// <param name="variables">Added to our environment variables.</param>
    public static ChildProcess Start(
        string program,
        IEnumerable<string> arguments,
        Func<string, bool>? isReady = null,
        string? folder = null,
        IReadOnlyDictionary<string, string>? variables = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder ?? "",
        };
        RemoveUnfair(start);
        foreach (var (name, value) in variables ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        var process = new Process { StartInfo = start };
        var child = new ChildProcess(process, isReady);
        process.OutputDataReceived += (_, line) => child.Take(line.Data);
        process.ErrorDataReceived += (_, line) => child.Take(line.Data);
        try
        {
            process.Start();
        }
        catch (Exception exception) when (exception is System.ComponentModel.Win32Exception)
        {
            throw new BenchFailureException($"{program} could not be started: {exception.Message}", inner: exception);
        }

        process.StandardInput.Close();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return child;
    }

    /// <summary>Runs a program to its end and returns what it wrote to standard output.</summary>
    /// <exception cref="BenchFailureException">It ended with another status than 0.</exception>
    public static async Task<string> RunAsync(
        string program, IEnumerable<string> arguments, CancellationToken cancellation, string? folder = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder ?? "",
        };
        RemoveUnfair(start);
        try
        {
            using var process = Process.Start(start)!;
            await using var kill = cancellation.Register(() => process.Kill(entireProcessTree: true));
            var output = process.StandardOutput.ReadToEndAsync(cancellation);
            var errors = process.StandardError.ReadToEndAsync(cancellation);
            await process.WaitForExitAsync(cancellation);
            return process.ExitCode == 0
                ? await output
                : throw new BenchFailureException(
                    $"{program} ended with status {process.ExitCode}: {(await errors + await output).Trim()}");
        }
        catch (System.ComponentModel.Win32Exception exception)
        {
            throw new BenchFailureException($"{program} could not be started: {exception.Message}", inner: exception);
        }
    }

    /// <summary>The line that said ready.</summary>
    /// <exception cref="BenchFailureException">The process ended, or said nothing of the sort in time.</exception>
    public async Task<string> WaitUntilReadyAsync(TimeSpan limit, CancellationToken cancellation)
    {
        var exited = process.WaitForExitAsync(cancellation);
        try
        {
            await Task.WhenAny(firstMatch.Task, exited).WaitAsync(limit, cancellation);
        }
        catch (TimeoutException)
        {
            // Told below, with what the process wrote.
        }

        if (firstMatch.Task.IsCompletedSuccessfully)
        {
            return await firstMatch.Task;
        }

        var why = exited.IsCompleted
            ? $"ended with status {process.ExitCode}"
            : $"was not ready in {limit.TotalSeconds} s";
        throw new BenchFailureException($"{process.StartInfo.FileName} {why}:\n{LastOutput}");
    }

    /// <summary>What was read of a process that ended by itself means nothing.</summary>
    /// <exception cref="BenchFailureException">It ended, and nobody asked it to.</exception>
    public void EnsureRuns()
    {
        if (process.HasExited)
        {
            throw new BenchFailureException(
                $"{process.StartInfo.FileName} ended by itself with status {process.ExitCode}:\n{LastOutput}");
        }
    }

    /// <summary>Kills the process itself, without what it started, and waits until it is gone.</summary>
    public async Task KillAsync()
    {
        process.Kill();
        await process.WaitForExitAsync(CancellationToken.None);
    }

    /// <summary>Asks the process to end and waits; kills it after the limit. Returns its status.</summary>
    public async Task<int> StopAsync(TimeSpan limit)
    {
        if (!process.HasExited)
        {
            _ = Signal(process.Id, TerminateSignal);
            try
            {
                using var late = new CancellationTokenSource(limit);
                await process.WaitForExitAsync(late.Token);
            }
            catch (OperationCanceledException)
            {
                process.Kill(entireProcessTree: true);
                await process.WaitForExitAsync(CancellationToken.None);
            }
        }

        return process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync(TimeSpan.FromSeconds(15));
        process.Dispose();
    }

    private static void RemoveUnfair(ProcessStartInfo start)
    {
        foreach (var name in Unfair)
        {
            start.Environment.Remove(name);
        }
    }

    private void Take(string? line)
    {
        if (line is null)
        {
            return;
        }

        lastLines.Enqueue(line);
        if (lastLines.Count > ErrorLinesKept)
        {
            lastLines.TryDequeue(out _);
        }

        if (isReady?.Invoke(line) == true)
        {
            firstMatch.TrySetResult(line);
        }
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Signal(int processId, int signal);
}
