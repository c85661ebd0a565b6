using Lambent.Sandbox.Isolation.ControlGroups;
using Lambent.Sandbox.Isolation.Launching;
using Lambent.Sandbox.Isolation.Native;
using Lambent.Sandbox.Isolation.RunFolders;

namespace Lambent.Sandbox.Isolation;

/// <summary>How sandboxes are to be made on this machine.</summary>
public sealed record SandboxHostOptions
{
    /// <summary>
    /// Where sockets and the like are kept while the server runs; null: /run/lambent, or the user's runtime folder.
    /// Must be short: a socket's path has at most 107 bytes.
    /// </summary>
    public string? RunFolder { get; init; }

    /// <summary>
    /// A folder of this server alone, on the file system of the code: without root, a sandbox that stands already gets
    /// its code by links to the files. Emptied at the start. Null: it can be given none.
    /// </summary>
    public string? LinkedFoldersRoot { get; init; }

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Takes sentences that the operator should read.</summary>
    public Action<string> Warn { get; init; } = _ => { };
}

/// <summary>
/// Everything that sandboxes of one server share: threads, run folder, control groups, and the drivers. One for each
/// server; disposing it ends what still runs.
/// </summary>
public sealed class SandboxHost : IAsyncDisposable
{
    private const int BecomeSubreaper = 36;

    private readonly SandboxServices services;

    private SandboxHost(SandboxServices services)
    {
        this.services = services;
        Drivers = new IsolationDrivers(services);
    }

    public IsolationDrivers Drivers { get; }

    /// <summary>The connections that functions open to the platform.</summary>
    public PlatformConnections PlatformConnections => services.PlatformConnections;

    /// <summary>The thread that goes into sandboxes, for tests.</summary>
    internal Reactor Visiting => services.Visiting;

    /// <summary>Makes the host, after clearing away what a server that was killed has left behind.</summary>
    /// <exception cref="IOException">The run folder cannot be made or is not this user's.</exception>
    public static async Task<SandboxHost> StartAsync(SandboxHostOptions options)
    {
        var root = options.RunFolder ?? RunFolder.DefaultRoot(Environment.GetEnvironmentVariable);
        foreach (var finding in await Sweep.RunAsync(root, options.Time))
        {
            options.Warn(finding);
        }

        if (options.LinkedFoldersRoot is { } linked)
        {
            RunFolder.Delete(linked);
            Directory.CreateDirectory(linked);
        }

        // A process whose parent dies first comes to this program, which knows which ones to collect.
        _ = Libc.ProcessControl(BecomeSubreaper, 1, 0, 0, 0);
        CloseOnExec();
        var folder = RunFolder.Create(root);
        var groups = CreateControlGroups(folder.InstanceName, options.Time);
        await File.WriteAllLinesAsync(Path.Combine(folder.Path, RunFolder.ControlGroupsName), groups.Folders);
        var launching = new Reactor("lambent-launching", options.Warn);
        return new SandboxHost(new SandboxServices
        {
            RunFolder = folder,
            LinkedFoldersRoot = options.LinkedFoldersRoot,
            ControlGroups = groups,
            MemoryWatch = new MemoryWatch(launching, options.Time, options.Warn),
            Launching = launching,
            Reading = new Reactor("lambent-reading", options.Warn),
            Visiting = new Reactor("lambent-visiting", options.Warn),
            Orphans = new Orphans(options.Time),
            PlatformConnections = new PlatformConnections(),
            Time = options.Time,
            Warn = options.Warn,
        });
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var sandbox in services.Running.Values)
        {
            await sandbox.DisposeAsync();
        }

        services.MemoryWatch.Dispose();
        await services.ControlGroups.RemoveAsync(services.Time);
        services.Launching.Dispose();
        services.Reading.Dispose();
        services.Visiting.Dispose();
        services.RunFolder.Dispose();
    }

    internal static IControlGroups CreateControlGroups(string instance, TimeProvider time)
    {
        try
        {
            var mounts = ControlGroupMounts.Read();
            return (IControlGroups?)ControlGroupsVersionOne.TryCreate(mounts, instance, time)
                ?? (IControlGroups?)ControlGroupsVersionTwo.TryCreate(mounts, instance, Environment.ProcessId, time)
                ?? new NoControlGroups();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return new NoControlGroups();
        }
    }

    /// <summary>
    /// Whoever started this program may have left it open files that are not closed on exec. They are none of a
    /// sandbox's business.
    /// </summary>
    private static void CloseOnExec()
    {
        const int setFlags = 2;
        const int closeOnExec = 1;
        foreach (var entry in Directory.EnumerateFileSystemEntries("/proc/self/fd"))
        {
            if (int.TryParse(Path.GetFileName(entry), out var number) && number > 2)
            {
                _ = Libc.DescriptorFlags(number, setFlags, closeOnExec);
            }
        }
    }
}
