namespace Lambent.Sandbox.Isolation.Namespaces;

/// <summary>
/// Isolation by Linux namespaces, through bubblewrap: own users, processes, files, network, host name; a read-only
/// system; a filter on system calls; bounds on memory, processor and processes. docs/internals/sandbox.md has the
/// whole picture and what it does not hold against.
/// </summary>
/// <remarks>
/// As root, an environment becomes a host user of its own that owns nothing (<see cref="UserRange"/>): bubblewrap's
/// user namespace would map the user inside to root outside, and any file of root's that came into view would be
/// readable. Otherwise it is in a user namespace and has, towards the host, the rights of this program's user.
/// </remarks>
internal sealed class NamespaceDriver : IIsolationDriver
{
    public const string DriverName = "namespace";

    private readonly SandboxServices services;
    private readonly string bubblewrap;
    private readonly SystemFiles system;
    private readonly string seccompPath;
    private readonly UserRange? users;

    public NamespaceDriver(SandboxServices services, string bubblewrap, SystemCalls calls, UserRange? users)
    {
        this.services = services;
        this.bubblewrap = bubblewrap;
        this.users = users;
        system = new SystemFiles(Path.Combine(services.RunFolder.Path, "etc"));
        seccompPath = Path.Combine(services.RunFolder.Path, "seccomp.bpf");
        File.WriteAllBytes(seccompPath, SeccompFilter.Build(calls));
    }

    public string Name => DriverName;

    /// <summary>
    /// Whether bubblewrap is asked to forbid further user namespaces; the filter forbids them anyway.
    /// </summary>
    public bool DisablesUserNamespaces { get; set; }

    /// <summary>As root by mounting it, otherwise by linking it into a folder that is mounted.</summary>
    public bool CanAttachCode => users is not null || services.LinkedFoldersRoot is not null;

    public SandboxPaths Paths(SandboxOptions options) => new(
        BubblewrapArguments.TaskRoot,
        BubblewrapArguments.LayersRoot,
        $"{BubblewrapArguments.RunRoot}/{FrameListener.SocketName}");

    public async Task<SandboxProcess> StartAsync(SandboxOptions options, CancellationToken cancellation)
    {
        SandboxOptionsCheck.Check(options, CanAttachCode);
        var start = new NamespaceStart(services, options, users);
        try
        {
            var arguments = BubblewrapArguments.Write(
                options, system, start.SharedFolder, start.LinkedFolders, start.User, DisablesUserNamespaces);
            return await start.RunAsync(bubblewrap, arguments, seccompPath, Paths(options), cancellation);
        }
        catch (Exception exception)
        {
            await start.AbandonAsync();
            if (exception is SandboxStartException or OperationCanceledException)
            {
                throw;
            }

            throw SandboxStartException.Because($"The sandbox could not be started: {exception.Message}", exception);
        }
    }
}
