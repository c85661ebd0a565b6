using System.Diagnostics;
using Lambent.Sandbox.Isolation;

namespace Lambent.Sandbox.Tests.Isolation;

/// <summary>A sandbox host in a process of its own that starts environments and then waits to be killed.</summary>
internal static class HostToKill
{
    public const string Verb = "--sandbox-host";
    public const string Ready = "ready";

    /// <summary>Starts the process; its first line of output is <see cref="Ready"/>, or why it cannot be.</summary>
    public static Process Start(string folder)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!)
        {
            ArgumentList = { Verb, folder },
            RedirectStandardOutput = true,
        };
        return Process.Start(start)!;
    }

    public static async Task<int> RunAsync(string folder)
    {
        var code = Directory.CreateDirectory(Path.Combine(folder, "code")).FullName;
        TestSandboxes.OpenToAll(code);
        await using var host = await SandboxHost.StartAsync(
            new SandboxHostOptions { RunFolder = Path.Combine(folder, "run") });
        if (await host.Drivers.NamespaceFailureAsync() is { } reason)
        {
            await Console.Out.WriteLineAsync(reason);
            return 0;
        }

        foreach (var name in new[] { "namespace", "process" })
        {
            var driver = (await host.Drivers.SelectAsync(name)).Value;
            await driver.StartAsync(
                new SandboxOptions
                {
                    EnvironmentId = $"kill-{name}",
                    // One in the foreground, and in the namespace one that has left its parent's session.
                    Command = name == "namespace"
                        ? ["/bin/sh", "-c",
                            $"setsid perl -e 'sleep 600' {Marker(folder)} & exec perl -e 'sleep 600' {Marker(folder)}"]
                        : ["/usr/bin/perl", "-e", "sleep 600", Marker(folder)],
                    Variables = new Dictionary<string, string>(),
                    CodeFolder = code,
                    UsesFrames = true,
                    MemoryMegabytes = 128,
                    EphemeralStorageMegabytes = 16,
                },
                CancellationToken.None);
        }

        await Console.Out.WriteLineAsync(Ready);
        await Task.Delay(Timeout.Infinite);
        return 0;
    }

    /// <summary>The processes that carry the marker, apart from those that only look for it.</summary>
    public static int CountSurvivors(string folder)
    {
        var marker = $"\0{Marker(folder)}\0";
        return Directory.EnumerateDirectories("/proc")
            .Where(path => int.TryParse(Path.GetFileName(path), out _))
            .Count(path => ReadArguments(path).Contains(marker, StringComparison.Ordinal));
    }

    private static string Marker(string folder) => $"survivor-of-{Path.GetFileName(Path.GetDirectoryName(folder))}";

    private static string ReadArguments(string path)
    {
        try
        {
            return File.ReadAllText(Path.Combine(path, "cmdline"));
        }
        catch (IOException)
        {
            return "";
        }
    }
}
