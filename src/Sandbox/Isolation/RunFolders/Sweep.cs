using System.Globalization;
using System.Text;
using Lambent.Sandbox.Isolation.ControlGroups;
using Lambent.Sandbox.Isolation.Native;

namespace Lambent.Sandbox.Isolation.RunFolders;

/// <summary>
/// Clears away what servers left behind that were killed: processes still alive in their control groups or started
/// with their run folder, the groups, the folders. A server in good health leaves nothing.
/// </summary>
internal static class Sweep
{
    /// <summary>Sweeps below <paramref name="root"/>; returns what was cleared, one sentence each.</summary>
    public static async Task<IReadOnlyList<string>> RunAsync(string root, TimeProvider time)
    {
        var findings = new List<string>();
        foreach (var (path, taken) in RunFolder.TakeAbandoned(root))
        {
            using (taken)
            {
                var killed = KillStarted(path);
                foreach (var group in ReadControlGroups(path))
                {
                    if (!await ControlGroupFolder.RemoveAsync(group, kill: true, time))
                    {
                        findings.Add($"The control group {group} of a dead server could not be removed.");
                    }
                }

                try
                {
                    RunFolder.Remove(path, taken);
                    findings.Add(
                        $"Cleared away {path} of a server that did not end by itself ({killed} processes).");
                }
                catch (IOException failure)
                {
                    // What is dying there still writes; no reason not to start.
                    findings.Add(
                        $"{path} of a dead server could not be removed; the next start tries again: {failure.Message}");
                }
            }
        }

        return findings;
    }

    /// <summary>Kills the processes that have the run folder among their arguments: bubblewrap's.</summary>
    private static int KillStarted(string path)
    {
        var killed = 0;
        var needle = Encoding.UTF8.GetBytes(path + "/");
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var process)
                || process == Environment.ProcessId)
            {
                continue;
            }

            try
            {
                var arguments = File.ReadAllBytes(Path.Combine(folder, "cmdline"));
                if (arguments.AsSpan().IndexOf(needle) >= 0 && IsSandbox(arguments))
                {
                    killed += Libc.Kill(process, Libc.SignalKill) == 0 ? 1 : 0;
                }
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // It ended meanwhile, or is another user's.
            }
        }

        return killed;
    }

    /// <summary>
    /// Somebody's editor may have a file of the folder open by name; only sandboxes are ours to kill.
    /// </summary>
    private static bool IsSandbox(byte[] arguments)
    {
        var end = Array.IndexOf(arguments, (byte)0);
        var program = Encoding.UTF8.GetString(arguments, 0, Math.Max(end, 0));
        return Path.GetFileName(program) == "bwrap";
    }

    private static string[] ReadControlGroups(string path)
    {
        try
        {
            return File.ReadAllLines(Path.Combine(path, RunFolder.ControlGroupsName));
        }
        catch (IOException)
        {
            return [];
        }
    }
}
