using System.Diagnostics.CodeAnalysis;
using System.Net.Sockets;
using Lambent.Sandbox.Isolation.ControlGroups;
using Lambent.Sandbox.Isolation.Launching;
using Lambent.Sandbox.Isolation.Native;
using Lambent.Sandbox.Isolation.RunFolders;

namespace Lambent.Sandbox.Isolation.Namespaces;

/// <summary>One start, step by step, and how to take it back.</summary>
[SuppressMessage("Design", "CA1001", Justification = "Handed over to the sandbox, or disposed by AbandonAsync.")]
internal sealed class NamespaceStart
{
    private readonly SandboxServices services;
    private readonly SandboxOptions options;
    private readonly UserRange? users;
    private readonly string folder;
    private readonly ControlGroupLimits limits;
    private readonly ControlGroup group;
    private FrameListener? frames;
    private LaunchedProcess? process;
    private NamespaceBoundary? boundary;
    private OutputPipe? output;
    private StatusPipe? status;
    private PlatformListener? platform;
    private Descriptor? gateDescriptor;

    public NamespaceStart(SandboxServices services, SandboxOptions options, UserRange? users)
    {
        this.services = services;
        this.options = options;
        this.users = users;
        User = users?.Take();
        folder = services.RunFolder.EnvironmentFolder(options.EnvironmentId);
        LinkedFolders = User is null && options.CodeFolder is null && services.LinkedFoldersRoot is { } linked
            ? new LinkedFolders(Path.Combine(linked, options.EnvironmentId))
            : null;
        SharedFolder = Path.Combine(folder, "host");
        limits = new ControlGroupLimits(options.MemoryMegabytes, options.EphemeralStorageMegabytes);
        group = services.ControlGroups.Create(options.EnvironmentId, limits);
        group.Weigh(options.Yields ? 0 : limits.CoresWhileStarting);
    }

    /// <summary>The host user that the environment becomes; null without root.</summary>
    public uint? User { get; }

    /// <summary>
    /// Whether code will be mounted while only the shell runs: it has to tell that all other mounts are in place. With
    /// a shim the connection tells.
    /// </summary>
    private bool WaitsForCode => User is not null && options.CodeFolder is null && options.Command.Count == 0;

    /// <summary>Filled with the code later; null where it is there from the start, or will be mounted.</summary>
    public LinkedFolders? LinkedFolders { get; }

    /// <summary>Appears inside as /run/lambent.</summary>
    public string SharedFolder { get; }

    public async Task<SandboxProcess> RunAsync(
        string bubblewrap, List<string> arguments, string seccompPath, SandboxPaths paths,
        CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        // The folder's own mode keeps other users of the host out; below it the environment's user must get through.
        Directory.CreateDirectory(SharedFolder);
        File.SetUnixFileMode(SharedFolder, (UnixFileMode)0x1ED);
        SystemFiles.WriteUser(SharedFolder, User ?? BubblewrapArguments.UserInside);
        frames = options.UsesFrames ? new FrameListener(SharedFolder) : null;
        var listenerCommand = User is null ? SandboxNetwork.ListenerCommand() : null;

        var gate = await LaunchAsync(
            StartScript.Joining(
                group.JoinFiles, [bubblewrap, .. arguments, .. listenerCommand ?? [], .. StartScript.Shell]),
            seccompPath,
            hasMessage: listenerCommand is not null || WaitsForCode);
        gateDescriptor = gate.Writer;
        using (gate.Message)
        {
            var first = StatusPipe.ParseFirstProcess(await status!.First) ?? throw await FailureAsync();
            boundary = await NamespaceBoundary.FollowAsync(services.Launching, process!, first);
            if (group.JoinFiles.Count == 0)
            {
                Limit(first);
            }

            var (listener, firstLine) = await OpenListenerAsync(gate.Message, listenerCommand);
            if (listener is not null)
            {
                platform = services.PlatformConnections.Listen(options.EnvironmentId, listener);
            }

            if (WaitsForCode)
            {
                gate.Writer.WriteAll(StartScript.Report(BubblewrapArguments.MessageDescriptor));
                _ = await gate.Message!.First ?? throw await FailureAsync();
            }

            var address = listener is null ? null : SandboxNetwork.Address;
            var closedGate = new GateWriter(
                gate.Writer,
                options,
                paths,
                address,
                User is null ? StartScript.RunAndReport : StartScript.Become,
                [
                    firstLine,
                    .. StartScript.Limits(boundsProcesses: !services.ControlGroups.BoundsProcesses),
                ]);
            return Running(address, paths, closedGate.OpenIfKnown(workingFolder: null));
        }
    }

    /// <summary>Ends and removes whatever a failed start has made so far.</summary>
    public async Task AbandonAsync()
    {
        boundary?.Kill();
        process?.Kill();
        if (process is not null)
        {
            await process.Exited;
        }

        if (boundary is not null)
        {
            await boundary.EmptiedAsync();
            boundary.Dispose();
        }
        else
        {
            // bubblewrap may have ended between making the first process inside and telling of it.
            group.Kill();
        }

        if (output is not null)
        {
            await output.CloseAsync();
        }

        status?.Dispose();
        gateDescriptor?.Dispose();
        frames?.Dispose();
        if (platform is not null)
        {
            await platform.DisposeAsync();
        }

        await group.DisposeAsync();
        Release();
        RunFolder.Delete(folder);
    }

    private async Task<(Descriptor Writer, StatusPipe? Message)> LaunchAsync(
        IReadOnlyList<string> command, string seccompPath, bool hasMessage)
    {
        var (gateReader, gateWriter) = Descriptor.Pipe();
        var (outputReader, outputWriter) = Descriptor.Pipe();
        var (statusReader, statusWriter) = Descriptor.Pipe();
        using var seccomp = Descriptor.Open(seccompPath, Libc.OpenReadOnly);
        using (gateReader)
        using (outputWriter)
        using (statusWriter)
        {
            output = new OutputPipe(services.Reading, outputReader, services.Time, services.Warn);
            status = new StatusPipe(services.Launching, statusReader);
            if (User is { } user)
            {
                // So that /dev/stdout, /dev/stderr and /dev/stdin can be opened by name inside.
                NativeException.Check(Libc.ChangeOwner(outputWriter.Number, user, user), "fchown");
                NativeException.Check(Libc.ChangeOwner(gateReader.Number, user, user), "fchown");
            }

            var descriptors = new Dictionary<int, Descriptor>
            {
                [0] = gateReader,
                [1] = outputWriter,
                [2] = outputWriter,
                [BubblewrapArguments.StatusDescriptor] = statusWriter,
                [BubblewrapArguments.SeccompDescriptor] = seccomp,
            };
            var request = new LaunchRequest
            {
                Program = command[0],
                Arguments = [.. command.Skip(1)],
                Descriptors = descriptors,
                // A terminal's Ctrl-C goes to all of a session, and is meant for this program alone.
                NewSession = true,
            };
            if (!hasMessage)
            {
                process = await LaunchedProcess.StartAsync(services.Launching, request);
                return (gateWriter, null);
            }

            var (messageReader, messageWriter) = Descriptor.Pipe();
            using (messageWriter)
            {
                descriptors[BubblewrapArguments.MessageDescriptor] = messageWriter;
                process = await LaunchedProcess.StartAsync(services.Launching, request);
            }

            return (gateWriter, new StatusPipe(services.Launching, messageReader));
        }
    }

    private async Task<(Socket? Listener, string FirstLine)> OpenListenerAsync(
        StatusPipe? made, IReadOnlyList<string>? command)
    {
        if (User is not null)
        {
            return (await services.Visiting.RunAsync(() => SandboxNetwork.OpenListener(boundary!.First)), "");
        }

        if (command is null)
        {
            return (null, "");
        }

        if (!int.TryParse(await made!.First, out var number))
        {
            throw await FailureAsync();
        }

        return (SandboxNetwork.FetchListener(boundary!.First, number), $"exec {number}>&-");
    }

    /// <summary>
    /// Puts the first process under the limits, then what it may have started meanwhile, which is at most the shell at
    /// the gate; whatever comes later inherits them.
    /// </summary>
    private void Limit(int first)
    {
        group.Add(first);
        foreach (var child in ProcessTree.Children(first))
        {
            group.Add(child);
        }
    }

    private RunningSandbox Running(string? address, SandboxPaths paths, GateWriter? gate)
    {
        var sandbox = new RunningSandbox(new RunningSandboxParts
        {
            EnvironmentId = options.EnvironmentId,
            Folder = folder,
            Process = process!,
            Gate = gate,
            Boundary = boundary!,
            Output = output!,
            Group = group,
            MemoryWatch = services.MemoryWatch,
            Limits = limits,
            Frames = frames,
            Platform = platform,
            PlatformAddress = address,
            Attach = options.CodeFolder is null ? (code, layers) => AttachAsync(code, layers, paths) : null,
            Released = () =>
            {
                status!.Dispose();
                Release();
                services.Running.TryRemove(options.EnvironmentId, out _);
                services.Orphans.Collect();
            },
        });
        services.Running[options.EnvironmentId] = sandbox;
        return sandbox;
    }

    private async Task<SandboxPaths> AttachAsync(string code, string? layers, SandboxPaths paths)
    {
        try
        {
            if (LinkedFolders is not null)
            {
                LinkedFolders.Fill(code, layers);
                return paths;
            }

            await services.Visiting.RunAsync(() =>
            {
                SandboxMounts.Attach(boundary!.First, code, paths.TaskRoot);
                if (layers is not null)
                {
                    SandboxMounts.Attach(boundary.First, layers, paths.LayersRoot!);
                }

                return true;
            });
            return paths;
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
            boundary!.Kill();
            throw SandboxStartException.Because($"The code could not be attached: {exception.Message}", exception);
        }
    }

    private void Release()
    {
        LinkedFolders?.Delete();
        if (User is { } user)
        {
            users!.Return(user);
        }
    }

    /// <summary>bubblewrap gave up before the sandbox stood; what it printed says why.</summary>
    private async Task<SandboxStartException> FailureAsync()
    {
        // It closed the pipe, so it is about to end, and what it has to say is worth the moment.
        var exitStatus = await process!.Exited;
        await output!.CloseAsync();
        var text = output.UnclaimedText.Trim();
        return SandboxStartException.Because(
            $"The sandbox could not be set up: {(text.Length > 0 ? text : $"bubblewrap ended with {exitStatus}")}");
    }
}
