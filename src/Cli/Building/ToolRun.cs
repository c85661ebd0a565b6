using System.ComponentModel;
using System.Diagnostics;
using Lambent.Cli.Commands;

namespace Lambent.Cli.Building;

/// <summary>Runs a build tool, keeps the end of what it says, and shows it only when the tool fails.</summary>
/// <param name="Environment">Where the tool is looked for, by PATH.</param>
/// <param name="Program">The tool's name, or its path.</param>
/// <param name="Arguments">Its arguments.</param>
/// <param name="Folder">Where it runs.</param>
internal sealed record ToolRun(
    ProcessEnvironment Environment, string Program, IReadOnlyList<string> Arguments, string Folder)
{
    private const int OutputLinesKept = 30;

    /// <summary>Variables on top of this process's own.</summary>
    public IReadOnlyDictionary<string, string> Variables { get; init; } = new Dictionary<string, string>();

    /// <summary>What to do when the tool is not installed.</summary>
    public required string InstallHint { get; init; }

    /// <summary>What to do when it fails; null when its own words say.</summary>
    public string? FailureHint { get; init; }

    /// <summary>Runs to the end; fails when the tool is missing or ends with an error.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        var (status, output) = await RunToEndAsync(cancellation);
        if (status != 0)
        {
            throw new CommandFailedException(new Failure(
                ExitCode.Internal, FailureCodes.BuildFailed,
                $"`{Path.GetFileName(Program)} {string.Join(' ', Arguments)}` ended with status {status}:\n{output}")
            {
                Where = $"the build in {Folder}",
                Hint = FailureHint,
            });
        }
    }

    /// <summary>Whether the tool is there and ends well.</summary>
    public async Task<bool> WorksAsync(CancellationToken cancellation)
    {
        try
        {
            return (await RunToEndAsync(cancellation)).Status == 0;
        }
        catch (CommandFailedException)
        {
            return false;
        }
    }

    /// <summary>Gives it bytes to read; what it says besides its output is seen as it comes.</summary>
    /// <returns>How it ended, and its output.</returns>
    public async Task<(int Status, string Output)> AnswerAsync(byte[] input, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo(Find() ?? throw Missing(), Arguments)
        {
            WorkingDirectory = Folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        foreach (var (name, value) in Variables)
        {
            start.Environment[name] = value;
        }

        using var process = new Process { StartInfo = start };
        try
        {
            process.Start();
        }
        catch (Win32Exception)
        {
            throw Missing();
        }

        try
        {
            var output = process.StandardOutput.ReadToEndAsync(cancellation);
            await WriteAsync(process, input, cancellation);
            var text = await output;
            await process.WaitForExitAsync(cancellation);
            return (process.ExitCode, text.TrimEnd('\n', '\r'));
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    private static async Task WriteAsync(Process process, byte[] input, CancellationToken cancellation)
    {
        try
        {
            await process.StandardInput.BaseStream.WriteAsync(input, cancellation);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended without reading; its status says why.
        }
    }

    private async Task<(int Status, string Output)> RunToEndAsync(CancellationToken cancellation)
    {
        var start = new ProcessStartInfo(Find() ?? throw Missing(), Arguments)
        {
            WorkingDirectory = Folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in Variables)
        {
            start.Environment[name] = value;
        }

        var lines = new Queue<string>();
        using var process = new Process { StartInfo = start };
        process.OutputDataReceived += (_, line) => Keep(lines, line.Data);
        process.ErrorDataReceived += (_, line) => Keep(lines, line.Data);
        try
        {
            process.Start();
        }
        catch (Win32Exception)
        {
            throw Missing();
        }

        process.StandardInput.Close();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        try
        {
            await process.WaitForExitAsync(cancellation);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        lock (lines)
        {
            return (process.ExitCode, string.Join('\n', lines));
        }
    }

    private CommandFailedException Missing() => new(
        ExitCode.Internal, FailureCodes.ToolMissing, $"{Program} is needed for this and is not installed.",
        InstallHint);

    private string? Find()
    {
        if (Path.IsPathRooted(Program))
        {
            return File.Exists(Program) ? Program : null;
        }

        string[] names = OperatingSystem.IsWindows() ? [$"{Program}.exe", $"{Program}.cmd"] : [Program];
        return (Environment.Variable("PATH") ?? "").Split(Path.PathSeparator)
            .SelectMany(folder => names, Path.Combine)
            .FirstOrDefault(File.Exists);
    }

    private static void Keep(Queue<string> lines, string? line)
    {
        if (string.IsNullOrWhiteSpace(line))
        {
            return;
        }

        lock (lines)
        {
            lines.Enqueue(line);
            if (lines.Count > OutputLinesKept)
            {
                lines.Dequeue();
            }
        }
    }
}
