using Lambent.Kernel.Functions;
using Lambent.Sandbox.Interpreters;
using Lambent.Sandbox.Isolation;
using Lambent.Sandbox.Isolation.ControlGroups;
using Lambent.Sandbox.Isolation.Namespaces;
using Lambent.Sandbox.Isolation.Native;
using Lambent.Sandbox.Isolation.RunFolders;

namespace Lambent.Sandbox.Checks;

/// <summary>
/// Looks at everything that sandboxes depend on. Where it can it tries: one sandbox is started and ended, one control
/// group made and removed, each interpreter asked for its version. A running server is not disturbed.
/// </summary>
public static class SandboxChecks
{
    /// <param name="interpreters">Where the shims and interpreters are.</param>
    /// <param name="runFolder">Where a server would keep its sockets; null for the usual place.</param>
    public static async Task<IReadOnlyList<SandboxCheck>> RunAsync(
        InterpreterCatalog interpreters, string? runFolder, TimeProvider time)
    {
        var kernel = new KernelChecks(ReadOrNull);
        var isRoot = Libc.EffectiveUser() == 0;
        List<SandboxCheck> checks =
        [
            kernel.Kernel(),
            kernel.Seccomp(),
            kernel.UserNamespaces(isRoot),
            BubblewrapProgram(),
            .. isRoot ? [UserSwitch(), .. Users()] : (SandboxCheck[])[ListenerTool()],
            await ControlGroupsAsync(time),
            RunFolderPlace(runFolder ?? RunFolder.DefaultRoot(Environment.GetEnvironmentVariable)),
            kernel.OpenFiles(),
            await IsolationAsync(time),
        ];
        checks.AddRange(Languages(interpreters));
        return checks;
    }

    private static SandboxCheck BubblewrapProgram() => Bubblewrap.Find() is { } program
        ? new SandboxCheck(
            "bubblewrap",
            CheckStatus.Ok,
            $"{InterpreterProbe.Run(program, "--version") ?? "of unknown version"}, {program}")
        : new SandboxCheck("bubblewrap", CheckStatus.Failed, "is not installed", "sudo apt-get install bubblewrap");

    private static SandboxCheck UserSwitch() => File.Exists(BubblewrapArguments.UserSwitch)
        ? new SandboxCheck("setpriv", CheckStatus.Ok, BubblewrapArguments.UserSwitch)
        : new SandboxCheck("setpriv", CheckStatus.Failed, "is not installed", "sudo apt-get install util-linux");

    private static IEnumerable<SandboxCheck> Users()
    {
        if (UserRange.TryCreate() is null)
        {
            yield return new SandboxCheck(
                "users", CheckStatus.Warning,
                "this container has too few user ids to lend each environment one: all run as this program's user");
        }
    }

    /// <summary>Without root the platform's listener has to be made inside the sandbox.</summary>
    private static SandboxCheck ListenerTool() => SandboxNetwork.ListenerCommand() is [var program, ..]
        ? new SandboxCheck("platform listener", CheckStatus.Ok, $"made by {program}")
        : new SandboxCheck(
            "platform listener", CheckStatus.Failed,
            "neither perl nor python3 is installed: custom runtimes cannot reach the platform",
            "sudo apt-get install perl-base");

    private static async Task<SandboxCheck> ControlGroupsAsync(TimeProvider time)
    {
        const string name = "control groups";
        var groups = SandboxHost.CreateControlGroups($"lambent-check-{Environment.ProcessId}", time);
        await groups.RemoveAsync(time);
        (bool Bounded, string Word)[] bounds =
        [
            (groups.BoundsMemory, "memory"), (groups.BoundsProcessor, "processor"), (
                groups.BoundsProcesses, "processes"),
        ];
        var missing = bounds.Where(bound => !bound.Bounded).Select(bound => bound.Word).ToList();
        if (missing.Count == 0)
        {
            return new SandboxCheck(name, CheckStatus.Ok, $"version {groups.Version}: memory, processor, processes");
        }

        return new SandboxCheck(
            name, CheckStatus.Warning,
            $"no kernel bound on {string.Join(", ", missing)}: memory is looked at 20 times a second instead, and "
            + "processor time is not shared out",
            Libc.EffectiveUser() == 0 ? null : "systemd-run --user --scope -p Delegate=yes lambent up");
    }

    private static SandboxCheck RunFolderPlace(string path)
    {
        const string name = "run folder";
        // What a server adds to it: its own folder, an environment's, and the socket.
        const int addedBytesMax = 48;
        if (path.Length + addedBytesMax > RunFolder.SocketPathBytesMax)
        {
            return new SandboxCheck(name, CheckStatus.Failed, $"{path} is too long for the path of a socket");
        }

        try
        {
            Directory.CreateDirectory(path);
            var probe = Path.Combine(path, $".check-{Environment.ProcessId}");
            File.WriteAllText(probe, "");
            File.Delete(probe);
            return new SandboxCheck(name, CheckStatus.Ok, path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return new SandboxCheck(name, CheckStatus.Failed, $"{path} cannot be written: {exception.Message}");
        }
    }

    private static async Task<SandboxCheck> IsolationAsync(TimeProvider time)
    {
        const string name = "isolation";
        var folder = Directory.CreateTempSubdirectory("lc-").FullName;
        try
        {
            await using var host = await SandboxHost.StartAsync(
                new SandboxHostOptions { RunFolder = folder, Time = time });
            var began = time.GetTimestamp();
            return await host.Drivers.NamespaceFailureAsync() is { } failure
                ? new SandboxCheck(
                    name, CheckStatus.Warning,
                    $"functions run as plain processes, which keeps nothing apart: {failure}")
                : new SandboxCheck(
                    name, CheckStatus.Ok,
                    $"namespaces work; the first sandbox took {time.GetElapsedTime(began).TotalMilliseconds:F0} ms");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return new SandboxCheck(name, CheckStatus.Failed, $"sandboxes cannot be made: {exception.Message}");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static IEnumerable<SandboxCheck> Languages(InterpreterCatalog interpreters)
    {
        foreach (var (language, install) in new[]
        {
            ("node", "sudo apt-get install nodejs"),
            ("python", "sudo apt-get install python3"),
            ("dotnet", "sudo apt-get install dotnet-runtime-10.0"),
        })
        {
            var runtimes = Runtimes.All.Values.Where(runtime => runtime.Language == language).ToList();
            var usable = runtimes.Where(runtime => interpreters.Check(runtime) is null).Select(runtime => runtime.Name)
                .ToList();
            var versions = string.Join(", ", interpreters.Installed(language).Select(
                interpreter => $"{interpreter.Version} ({interpreter.Program})"));
            yield return usable.Count > 0
                ? new SandboxCheck(language, CheckStatus.Ok, $"{versions}: {string.Join(", ", usable)}")
                : new SandboxCheck(
                    language, CheckStatus.Warning,
                    versions.Length == 0 ? "is not installed" : $"{versions} fits none of the runtimes", install);
        }
    }

    private static string? ReadOrNull(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
