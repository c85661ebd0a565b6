using Lambent.Kernel;
using Lambent.Kernel.Environments;
using Lambent.Kernel.Functions;
using Lambent.Kernel.Invocations;
using Lambent.Kernel.Packages;
using Lambent.Sandbox.Channels;
using Lambent.Sandbox.Interpreters;
using Lambent.Sandbox.Isolation;
using Lambent.Sandbox.Isolation.ControlGroups;
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

    /// <summary>Whether values of variables that are named as secrets are taken out of log lines.</summary>
    public bool MasksSecretsInLogs { get; init; } = true;

    /// <summary>How long the credentials of an environment are good; longer than any environment lives.</summary>
    public TimeSpan CredentialLifetime { get; init; } = TimeSpan.FromHours(12);
}

/// <summary>
/// Makes an environment of a version: takes a sandbox that waits, or starts one, and gives it the function. Undone in
/// reverse when a step fails.
/// </summary>
internal sealed class EnvironmentStarter(
    EnvironmentStarterOptions options,
    SandboxStarter sandboxes,
    GenericPool waiting,
    RuntimeApiDirectory runtimeApis,
    IPackageStore packages,
    IEnvironmentCredentialIssuer credentials,
    ITelemetrySink telemetry,
    TimeProvider time) : IEnvironmentStarter
{
    public async Task<StartedEnvironment> StartAsync(StartRequest request, CancellationToken cancellation)
    {
        var specification = request.Specification;
        // Off the thread that serves sockets: what starts a process may block.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        GenericEnvironment? sandbox = null;
        var phase = StartPhase.Fetch;
        try
        {
            var began = time.GetTimestamp();
            var code = await packages.GetFolderAsync(specification.Code, cancellation);
            var layers = await packages.GetMergedFolderAsync(specification.Layers, cancellation);
            var fetched = time.GetTimestamp();
            phase = StartPhase.Start;
            var kind = GenericKind.Of(specification);
            var placed = await PlaceAsync(kind, specification, code, layers, request.IsWanted, cancellation);
            if (placed.Failed(out sandbox, out var refused))
            {
                return new StartedEnvironment(null, Error: StartFailures.Of(phase, refused));
            }

            if (sandbox is null)
            {
                return StartedEnvironment.NotWanted;
            }

            var started = time.GetTimestamp();
            phase = StartPhase.Init;
            var timestamps = new StartTimestamps(began, fetched, started);
            var result = await SpecializeAsync(
                specification, request.IsProvisioned, sandbox, code, layers, timestamps, cancellation);
            if (result.Environment is null)
            {
                await sandbox.DisposeAsync();
            }

            return result;
        }
        catch (FunctionEndedException ended)
        {
            return new StartedEnvironment(null, OutcomeErrors.Exited("", ended.Exit));
        }
        catch (Exception exception)
        {
            // All of them: a call waits for this start, and would wait for ever.
            if (sandbox is not null)
            {
                await sandbox.DisposeAsync();
            }

            return new StartedEnvironment(null, Error: StartFailures.Of(phase, exception));
        }
    }

    /// <summary>A sandbox for the function, with its code inside; null when it is not wanted any more.</summary>
    private async Task<Result<GenericEnvironment?>> PlaceAsync(
        GenericKind kind,
        EnvironmentSpecification specification,
        string code,
        string? layers,
        Func<bool> isWanted,
        CancellationToken cancellation)
    {
        if (await sandboxes.CheckAsync(kind) is { } unavailable)
        {
            return unavailable;
        }

        var atStart = kind.UsesFrames ? StartTimeVariables.Of(specification, code, layers) : null;
        if (atStart is not null || !await sandboxes.CanStartAsync(kind))
        {
            var content = new StartContent(code, layers, atStart ?? new Dictionary<string, string>());
            try
            {
                return await StartAsync(kind, content, isWanted, cancellation);
            }
            catch (SandboxEndedException ended) when (atStart is not null)
            {
                // Its own variables or libraries took part in the start of the interpreter.
                throw new FunctionEndedException(ended.Exit);
            }
        }

        var generic = waiting.TryTake(kind) ?? await StartAsync(kind, content: null, isWanted, cancellation);
        if (generic is null)
        {
            return generic;
        }

        try
        {
            return generic with { Paths = await generic.Process.AttachCodeAsync(code, layers) };
        }
        catch
        {
            await generic.DisposeAsync();
            throw;
        }
    }

    private async Task<GenericEnvironment?> StartAsync(
        GenericKind kind, StartContent? content, Func<bool> isWanted, CancellationToken cancellation)
    {
        using var turn = await waiting.AwaitTurnAsync(cancellation);
        return !isWanted() ? null : await sandboxes.StartAsync(kind, content, yields: false, cancellation);
    }

    private EnvironmentLog LogOf(EnvironmentSpecification specification, SandboxProcess process) =>
        new(specification, process.EnvironmentId, telemetry, time, options.MasksSecretsInLogs);

    private async Task<StartedEnvironment> SpecializeAsync(
        EnvironmentSpecification specification,
        bool provisioned,
        GenericEnvironment sandbox,
        string code,
        string? layers,
        StartTimestamps timestamps,
        CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var (process, paths) = (sandbox.Process, sandbox.Paths);
        var variables = EnvironmentVariables.Build(
            specification,
            process.EnvironmentId,
            paths.TaskRoot,
            paths.LayersRoot ?? "/opt",
            options.Region,
            credentials.Issue(specification.Function, options.CredentialLifetime),
            time.GetUtcNow());
        variables["AWS_LAMBDA_INITIALIZATION_TYPE"] = provisioned ? "provisioned-concurrency" : "on-demand";
        PlatformVariables.Add(variables, specification, options.Region, process.PlatformAddress);
        var log = LogOf(specification, process);
        IEnvironmentChannel channel;
        if (sandbox.Frames is { } frames)
        {
            channel = new FrameChannel(process, frames, log, time);
        }
        else if (Bootstrap(code, layers, paths) is { } bootstrap)
        {
            runtimeApis.Expect(process.EnvironmentId);
            try
            {
                process.Begin([bootstrap], variables, paths.TaskRoot);
            }
            catch
            {
                runtimeApis.Forget(process.EnvironmentId);
                throw;
            }

            channel = runtimeApis.Open(process, log);
        }
        else
        {
            return new StartedEnvironment(null, OutcomeErrors.InvalidEntrypoint(
                "Error: Couldn't find valid bootstrap(s): [/var/task/bootstrap /opt/bootstrap]"));
        }

        var failure = await channel.InitializeAsync(specification, variables, LimitOf(specification));
        if (failure is not null)
        {
            failure.EnvironmentId = process.EnvironmentId;
            await channel.DisposeAsync();
            return new StartedEnvironment(null, failure);
        }

        process.WeighByMemory();
        var limits = specification.LimitsProcessor ?? options.LimitsProcessor;
        if (limits)
        {
            process.LimitProcessor();
        }

        return new StartedEnvironment(
            new ExecutionEnvironment(specification, process, channel, timestamps.Until(time), time)
            {
                CoresMax = CoresMax(specification, limits),
            });
    }

    /// <summary>What calls in one environment can use together: these interpreters run on one thread.</summary>
    private static double CoresMax(EnvironmentSpecification specification, bool limits)
    {
        var threads = specification.Runtime.Language is "node" or "python" ? 1.0 : Environment.ProcessorCount;
        var bound = specification.MemoryMegabytes / ControlGroupLimits.MegabytesPerCore;
        return limits ? Math.Min(threads, bound) : threads;
    }

    /// <summary>AWS gives the initialization ten seconds, and then counts it against the first call.</summary>
    private static TimeSpan LimitOf(EnvironmentSpecification specification) =>
        specification.Timeout > Limits.InitializationTimeout ? specification.Timeout : Limits.InitializationTimeout;

    /// <summary>The program of a custom runtime, as the sandbox sees it: the function's own, or a layer's.</summary>
    private static string? Bootstrap(string code, string? layers, SandboxPaths paths)
    {
        const UnixFileMode Executable =
            UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        (string? Host, string? Inside)[] places =
        [
            (code, paths.TaskRoot),
            (layers, paths.LayersRoot),
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

    /// <summary>What the function brought ended the interpreter before it was ready.</summary>
    private sealed class FunctionEndedException(SandboxExit exit) : Exception
    {
        public SandboxExit Exit { get; } = exit;
    }

    /// <summary>When the steps of a start were done, as timestamps of the clock.</summary>
    private readonly record struct StartTimestamps(long Began, long Fetched, long Started)
    {
        public StartPhases Until(TimeProvider time) => new(
            time.GetElapsedTime(Began, Fetched), time.GetElapsedTime(Fetched, Started), time.GetElapsedTime(Started));
    }
}
