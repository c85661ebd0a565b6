using System.Net.Sockets;
using Lambent.Kernel;
using Lambent.Kernel.Environments;
using Lambent.Kernel.Functions;
using Lambent.Kernel.Invocations;
using Lambent.Kernel.Packages;
using Lambent.Sandbox.Channels;
using Lambent.Sandbox.Interpreters;
using Lambent.Sandbox.Isolation;
using Lambent.Sandbox.RuntimeApi;

namespace Lambent.Sandbox.Pool;

/// <summary>What environments of this server are started with.</summary>
public sealed record EnvironmentStarterOptions
{
    public required string Region { get; init; }

    /// <summary>
    /// Whether processor time is held to the share that follows from the memory (1,769 MB: one core) even while
    /// processors are idle. Off, a small function is fast on an idle machine; on, its speed is the same at all times.
    /// </summary>
    public bool LimitsProcessor { get; init; }

    /// <summary>How long the credentials of an environment are good; longer than any environment lives.</summary>
    public TimeSpan CredentialLifetime { get; init; } = TimeSpan.FromHours(12);
}

/// <summary>
/// Starts an environment: sandbox, conversation, code. In that order, and undone in reverse when one fails.
/// </summary>
internal sealed class EnvironmentStarter(
    EnvironmentStarterOptions options,
    IsolationDrivers drivers,
    InterpreterCatalog interpreters,
    RuntimeApiDirectory runtimeApis,
    IPackageStore packages,
    IEnvironmentCredentialIssuer credentials,
    ITelemetrySink telemetry,
    TimeProvider time,
    Func<string> newEnvironmentId) : IEnvironmentStarter
{
    public async Task<StartedEnvironment> StartAsync(
        EnvironmentSpecification specification, CancellationToken cancellation)
    {
        var began = time.GetTimestamp();
        try
        {
            var selected = await drivers.SelectAsync(specification.Isolation);
            if (selected.Failed(out var driver, out var unavailable))
            {
                return new StartedEnvironment(null, Error: unavailable);
            }

            var prepared = await PrepareAsync(specification, cancellation);
            if (prepared.Failed(out var sandbox, out var missing))
            {
                return new StartedEnvironment(null, Error: missing);
            }

            return await StartAsync(specification, driver, sandbox, began, cancellation);
        }
        catch (Exception exception) when (
            exception is SandboxStartException or IOException or OperationCanceledException)
        {
            return new StartedEnvironment(
                null, Error: new Error(
                    ErrorCode.EnvironmentStartFailed, $"The environment did not start: {exception.Message}"));
        }
    }

    private async Task<Result<SandboxOptions>> PrepareAsync(
        EnvironmentSpecification specification, CancellationToken cancellation)
    {
        var code = await packages.GetFolderAsync(specification.Code, cancellation);
        var layers = await packages.GetMergedFolderAsync(specification.Layers, cancellation);
        if (interpreters.Find(specification.Runtime).Failed(out var interpreter, out var missing))
        {
            return missing;
        }

        return new SandboxOptions
        {
            EnvironmentId = newEnvironmentId(),
            Command = interpreter.CommandFor(specification.MemoryMegabytes),
            Variables = interpreter.VariablesFor(specification.MemoryMegabytes),
            CodeFolder = code,
            LayersFolder = layers,
            ReadOnlyFolders = interpreter.ReadOnlyFolders,
            UsesFrames = specification.Runtime.Protocol == RuntimeProtocol.Frames,
            MemoryMegabytes = specification.MemoryMegabytes,
            EphemeralStorageMegabytes = specification.EphemeralStorageMegabytes,
        };
    }

    private async Task<StartedEnvironment> StartAsync(
        EnvironmentSpecification specification,
        IIsolationDriver driver,
        SandboxOptions sandbox,
        long began,
        CancellationToken cancellation)
    {
        var paths = driver.Paths(sandbox);
        var variables = EnvironmentVariables.Build(
            specification,
            sandbox.EnvironmentId,
            paths.TaskRoot,
            paths.LayersRoot ?? "/opt",
            options.Region,
            credentials.Issue(specification.Function, options.CredentialLifetime),
            time.GetUtcNow());
        if (!sandbox.UsesFrames)
        {
            if (Bootstrap(sandbox, paths) is not { } bootstrap)
            {
                return new StartedEnvironment(null, OutcomeErrors.InvalidEntrypoint(
                    "Error: Couldn't find valid bootstrap(s): [/var/task/bootstrap /opt/bootstrap]"));
            }

            sandbox = sandbox with { Command = [bootstrap], Variables = Merge(sandbox.Variables, variables) };
        }

        var process = await LaunchAsync(driver, sandbox, cancellation);
        IEnvironmentChannel channel;
        try
        {
            channel = await OpenAsync(specification, process, cancellation);
        }
        catch (Exception exception) when (exception is SocketException or IOException or SandboxStartException)
        {
            var exit = await EndAsync(process);
            return new StartedEnvironment(null, OutcomeErrors.Exited("", exit));
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }

        variables.TryAdd("AWS_ENDPOINT_URL", $"http://{process.PlatformAddress}");
        variables["AWS_LAMBDA_RUNTIME_API"] = process.PlatformAddress ?? "";
        var failure = await channel.InitializeAsync(specification, variables, LimitOf(specification));
        if (failure is not null)
        {
            failure.EnvironmentId = process.EnvironmentId;
            await channel.DisposeAsync();
            await process.DisposeAsync();
            return new StartedEnvironment(null, failure);
        }

        if (options.LimitsProcessor)
        {
            process.LimitProcessor();
        }

        return new StartedEnvironment(
            new ExecutionEnvironment(specification, process, channel, time.GetElapsedTime(began), time));
    }

    private async Task<SandboxProcess> LaunchAsync(
        IIsolationDriver driver, SandboxOptions sandbox, CancellationToken cancellation)
    {
        if (sandbox.UsesFrames)
        {
            return await driver.StartAsync(sandbox, cancellation);
        }

        runtimeApis.Expect(sandbox.EnvironmentId);
        try
        {
            return await driver.StartAsync(sandbox, cancellation);
        }
        catch
        {
            runtimeApis.Forget(sandbox.EnvironmentId);
            throw;
        }
    }

    private async Task<IEnvironmentChannel> OpenAsync(
        EnvironmentSpecification specification, SandboxProcess process, CancellationToken cancellation)
    {
        var log = new EnvironmentLog(specification, process.EnvironmentId, telemetry, time);
        if (specification.Runtime.Protocol == RuntimeProtocol.RuntimeApi)
        {
            return runtimeApis.Open(process, log);
        }

        using var limit = new CancellationTokenSource(LimitOf(specification), time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        var socket = await process.AcceptFramesAsync(either.Token);
        return new FrameChannel(process, socket, log, time);
    }

    /// <summary>AWS gives the initialization ten seconds, and then counts it against the first call.</summary>
    private static TimeSpan LimitOf(EnvironmentSpecification specification) =>
        specification.Timeout > Limits.InitializationTimeout ? specification.Timeout : Limits.InitializationTimeout;

    /// <summary>The program of a custom runtime, as the sandbox sees it: the function's own, or a layer's.</summary>
    private static string? Bootstrap(SandboxOptions sandbox, SandboxPaths paths)
    {
        const UnixFileMode Executable = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        (string? Host, string? Inside)[] places =
        [
            (sandbox.CodeFolder, paths.TaskRoot),
            (sandbox.LayersFolder, paths.LayersRoot),
        ];
        foreach (var (host, inside) in places)
        {
            var file = host is null ? null : Path.Combine(host, "bootstrap");
            if (File.Exists(file) && (File.GetUnixFileMode(file) & Executable) != 0)
            {
                return $"{inside}/bootstrap";
            }
        }

        return null;
    }

    private static async Task<SandboxExit> EndAsync(SandboxProcess process)
    {
        process.Kill();
        var exit = await process.Exited;
        await process.DisposeAsync();
        return exit;
    }

    private static Dictionary<string, string> Merge(
        IReadOnlyDictionary<string, string> interpreter, Dictionary<string, string> function)
    {
        var merged = new Dictionary<string, string>(interpreter, StringComparer.Ordinal);
        foreach (var (name, value) in function)
        {
            merged[name] = value;
        }

        return merged;
    }
}
