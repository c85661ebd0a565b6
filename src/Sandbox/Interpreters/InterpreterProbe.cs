using System.ComponentModel;
using System.Diagnostics;

namespace Lambent.Sandbox.Interpreters;

/// <summary>Asks a program on this machine what it is, by running it once.</summary>
internal static class InterpreterProbe
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    /// <summary>What the program printed, or null when it is missing, failed, or took too long.</summary>
    public static string? Run(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            WorkingDirectory = "/",
        };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        try
        {
            using var process = Process.Start(start)!;
            process.StandardInput.Close();
            process.ErrorDataReceived += (_, _) => { };
            process.BeginErrorReadLine();
            using var killer = new Timer(_ => process.Kill(entireProcessTree: true), null, Limit, Timeout.InfiniteTimeSpan);
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0 ? output.Trim() : null;
        }
        catch (Exception exception) when (exception is Win32Exception or InvalidOperationException or IOException)
        {
            return null;
        }
    }

    /// <summary>
    /// Where a program may be: the operator's choice alone if there is one; otherwise the system's folders before the
    /// search path, because version managers put slow shims there.
    /// </summary>
    public static IEnumerable<string> Candidates(string? chosen, params string[] names)
    {
        if (!string.IsNullOrEmpty(chosen))
        {
            return [chosen];
        }

        var folders = new[] { "/usr/bin", "/usr/local/bin" }
            .Concat((Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries));
        return folders
            .SelectMany(folder => names.Select(name => Path.Combine(folder, name)))
            .Where(File.Exists)
            .Distinct(StringComparer.Ordinal);
    }
}
