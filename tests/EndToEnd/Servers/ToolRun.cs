using System.Diagnostics;

namespace Lambent.EndToEnd.Servers;

/// <summary>What a program that ended had to say.</summary>
internal sealed record ToolResult(int ExitCode, string Output, string Errors)
{
    /// <summary>Everything, for a failing test's message.</summary>
    public string Everything => $"exit {ExitCode}\n{Output}\n{Errors}";
}

/// <summary>Runs a program to its end, or ends it at the limit.</summary>
internal static class ToolRun
{
    public static readonly TimeSpan DefaultLimit = TimeSpan.FromSeconds(90);

    public static async Task<ToolResult> RunAsync(
        string program,
        IEnumerable<string> arguments,
        IReadOnlyDictionary<string, string>? environment = null,
        string? folder = null,
        string? input = null,
        TimeSpan? limit = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            WorkingDirectory = folder ?? Path.GetTempPath(),
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start.");
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        if (input is not null)
        {
            await process.StandardInput.WriteAsync(input);
        }

        process.StandardInput.Close();
        using var end = new CancellationTokenSource(limit ?? DefaultLimit);
        try
        {
            await process.WaitForExitAsync(end.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException(
                $"{program} {string.Join(' ', start.ArgumentList)} did not end in time.\n"
                + $"{await output}\n{await errors}");
        }

        return new ToolResult(process.ExitCode, await output, await errors);
    }

    /// <summary>Skips the test when a program it needs is not on this machine.</summary>
    public static void Require(string path, string package) =>
        Assert.SkipUnless(File.Exists(path), $"{path} is missing: apt-get install {package}");

    public static void RequireFolder(string path, string package) =>
        Assert.SkipUnless(Directory.Exists(path), $"{path} is missing: apt-get install {package}");
}
