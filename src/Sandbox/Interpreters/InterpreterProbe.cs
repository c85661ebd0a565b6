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
#pragma warning disable RS0030 // Nothing of a function runs here; an interpreter of the operator's says its version.
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
            using var killer = new Timer(
                _ => process.Kill(entireProcessTree: true), null, Limit, Timeout.InfiniteTimeSpan);
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0 ? output.Trim() : null;
        }
#pragma warning restore RS0030
        catch (Exception exception) when (exception is Win32Exception or InvalidOperationException or IOException)
        {
            return null;
        }
    }

    /// <summary>
    /// Where a program may be: the operator's choice alone if there is one; otherwise the system's folders, then the
    /// search path, then what version managers have installed. Their own shims are passed over: they are slow, and
    /// answer for one version only.
    /// </summary>
    public static IEnumerable<string> Candidates(string? chosen, params string[] names)
    {
        if (!string.IsNullOrEmpty(chosen))
        {
            return [chosen];
        }

        var searched = (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Where(folder => Path.GetFileName(Path.TrimEndingDirectorySeparator(folder)) != "shims");
        return new[] { "/usr/bin", "/usr/local/bin" }
            .Concat(searched)
            .Concat(InstalledVersions.Folders(Environment.GetEnvironmentVariable))
            .SelectMany(folder => names.Select(name => Path.Combine(folder, name)))
            .Where(File.Exists)
            .DistinctBy(RealPath, StringComparer.Ordinal);
    }

    /// <summary>Links followed, in the last name and in its folder: /bin/python3 is /usr/bin/python3.11.</summary>
    private static string RealPath(string path)
    {
        var file = File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path;
        var folder = Path.GetDirectoryName(file)!;
        return Path.Combine(
            Directory.ResolveLinkTarget(folder, returnFinalTarget: true)?.FullName ?? folder, Path.GetFileName(file));
    }
}
