using System.Net;
using System.Net.Sockets;
using Lambent.Sandbox.Isolation.ControlGroups;
using Lambent.Sandbox.Isolation.Launching;
using Lambent.Sandbox.Isolation.Namespaces;
using Lambent.Sandbox.Isolation.Native;
using Lambent.Sandbox.Isolation.RunFolders;

namespace Lambent.Sandbox.Isolation.Processes;

/// <summary>
/// No isolation: a plain process with this program's rights, for development where namespaces are not to be had. Code
/// and layers are where they lie on the host; nothing hides files, network or other processes.
/// </summary>
internal sealed class ProcessDriver(SandboxServices services) : IIsolationDriver
{
    public const string DriverName = "process";

    public const string Warning =
        "Isolation 'process' runs functions as plain processes with this program's rights: they can read its files, "
        + "reach the network and touch one another. Use it only for code that you trust.";

    private int warned;

    public string Name => DriverName;

    /// <summary>The process sees all of the host's files, whenever they appear.</summary>
    public bool CanAttachCode => true;

    public SandboxPaths Paths(SandboxOptions options) => new(
        options.CodeFolder ?? "",
        options.LayersFolder,
        Path.Combine(services.RunFolder.EnvironmentFolder(options.EnvironmentId), FrameListener.SocketName));

    public async Task<SandboxProcess> StartAsync(SandboxOptions options, CancellationToken cancellation)
    {
        SandboxOptionsCheck.Check(options, CanAttachCode);
        cancellation.ThrowIfCancellationRequested();
        if (Interlocked.Exchange(ref warned, 1) == 0)
        {
            services.Warn(Warning);
        }

        var folder = services.RunFolder.EnvironmentFolder(options.EnvironmentId);
        var limits = new ControlGroupLimits(options.MemoryMegabytes, options.EphemeralStorageMegabytes);
        var group = services.ControlGroups.Create(options.EnvironmentId, limits);
        group.Weigh(options.Yields ? 0 : limits.CoresWhileStarting);

        FrameListener? frames = null;
        PlatformListener? platform = null;
        LaunchedProcess? process = null;
        try
        {
            Directory.CreateDirectory(folder);
            frames = options.UsesFrames ? new FrameListener(folder) : null;
            var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            listener.Listen();
            var address = listener.LocalEndPoint!.ToString();
            platform = services.PlatformConnections.Listen(options.EnvironmentId, listener);
            (process, var output, var gateDescriptor) = await LaunchAsync(group);
            var gate = Gate(options, gateDescriptor, address).OpenIfKnown(options.CodeFolder ?? "/");
            return Running(options, new RunningSandboxParts
            {
                EnvironmentId = options.EnvironmentId,
                Folder = folder,
                Process = process,
                Boundary = new GroupBoundary(process, services.Time),
                Output = output,
                Group = group,
                MemoryWatch = services.MemoryWatch,
                Limits = limits,
                Frames = frames,
                Platform = platform,
                PlatformAddress = address,
                Gate = gate,
                Attach = options.CodeFolder is not null ? null : (code, layers) => Task.FromResult(
                    Paths(options) with { TaskRoot = code, LayersRoot = layers }),
                Released = () =>
                {
                    services.Running.TryRemove(options.EnvironmentId, out _);
                    services.Orphans.Collect();
                },
            });
        }
        catch (Exception exception)
        {
            process?.Kill();
            frames?.Dispose();
            if (platform is not null)
            {
                await platform.DisposeAsync();
            }

            await group.DisposeAsync();
            RunFolder.Delete(folder);
            throw exception as SandboxStartException
                ?? SandboxStartException.Because($"The process could not be started: {exception.Message}", exception);
        }
    }

    private GateWriter Gate(SandboxOptions options, Descriptor writer, string? platformAddress) => new(
        writer,
        options,
        Paths(options),
        platformAddress,
        StartScript.Become,
        // The kernel counts a user's processes all together: a bound here could stop the developer's own.
        [.. StartScript.Limits(boundsProcesses: false)]);

    private RunningSandbox Running(SandboxOptions options, RunningSandboxParts parts)
    {
        var sandbox = new RunningSandbox(parts);
        services.Running[options.EnvironmentId] = sandbox;
        return sandbox;
    }

    private async Task<(LaunchedProcess Process, OutputPipe Output, Descriptor Gate)> LaunchAsync(ControlGroup group)
    {
        var (gateReader, gateWriter) = Descriptor.Pipe();
        var (outputReader, outputWriter) = Descriptor.Pipe();
        using (gateReader)
        using (outputWriter)
        {
            var output = new OutputPipe(services.Reading, outputReader, services.Time, services.Warn);
            var command = StartScript.Joining(group.JoinFiles, [.. DieWithHost(), .. StartScript.Shell]);
            var process = await LaunchedProcess.StartAsync(services.Launching, new LaunchRequest
            {
                Program = command[0],
                Arguments = [.. command.Skip(1)],
                Descriptors = new Dictionary<int, Descriptor>
                {
                    [0] = gateReader,
                    [1] = outputWriter,
                    [2] = outputWriter,
                },
                NewSession = true,
            });
            try
            {
                if (group.JoinFiles.Count == 0)
                {
                    group.Add(process.Id);
                }

                return (process, output, gateWriter);
            }
            catch
            {
                gateWriter.Dispose();
                process.Kill();
                await output.CloseAsync();
                throw;
            }
        }
    }

    /// <summary>What lets the process die when this program does, where the tool for it exists.</summary>
    private static IReadOnlyList<string> DieWithHost() =>
        File.Exists(BubblewrapArguments.UserSwitch) ? [BubblewrapArguments.UserSwitch, "--pdeathsig", "KILL"] : [];
}
