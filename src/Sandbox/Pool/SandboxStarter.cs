using Lambent.Kernel;
using Lambent.Sandbox.Interpreters;
using Lambent.Sandbox.Isolation;

namespace Lambent.Sandbox.Pool;

/// <summary>Code and variables of a sandbox that cannot wait for its function but has to be started with it.</summary>
internal sealed record StartContent(
    string CodeFolder, string? LayersFolder, IReadOnlyDictionary<string, string> Variables);

/// <summary>
/// Starts sandboxes as far as they can be started without knowing the function, and further when it is known.
/// </summary>
internal sealed class SandboxStarter(
    IsolationDrivers drivers, InterpreterCatalog interpreters, TimeProvider time, Func<string> newEnvironmentId)
    : IGenericStarter
{
    public async ValueTask<bool> CanStartAsync(GenericKind kind) =>
        !(await FindAsync(kind)).Failed(out var found, out _)
        && found.Driver.CanAttachCode
        // Layers would be mounted over an interpreter that lives where they go.
        && !found.Interpreter.ReadOnlyFolders.Any(folder => folder.StartsWith("/opt", StringComparison.Ordinal));

    /// <summary>Fails where the runtime or the isolation is missing here, and says what there is.</summary>
    public async ValueTask<Error?> CheckAsync(GenericKind kind) => (await FindAsync(kind)).Error;

    public Task<GenericEnvironment> StartAsync(GenericKind kind, CancellationToken cancellation) =>
        StartAsync(kind, content: null, yields: true, cancellation);

    /// <param name="content">Null for a generic environment.</param>
    /// <param name="yields">Whether the start may take its time.</param>
    public async Task<GenericEnvironment> StartAsync(
        GenericKind kind, StartContent? content, bool yields, CancellationToken cancellation)
    {
        if ((await FindAsync(kind)).Failed(out var found, out var unavailable))
        {
            throw new SandboxStartException(unavailable);
        }

        var (driver, interpreter) = found;
        if (InterpreterCatalog.CheckPresent(kind.Runtime, interpreter) is { } gone)
        {
            throw new SandboxStartException(gone);
        }

        var variables = interpreter.VariablesFor(kind.MemoryMegabytes);
        var options = new SandboxOptions
        {
            EnvironmentId = newEnvironmentId(),
            Command = interpreter.CommandFor(kind.MemoryMegabytes),
            Variables = variables,
            CodeFolder = content?.CodeFolder,
            LayersFolder = content?.LayersFolder,
            ReadOnlyFolders = interpreter.ReadOnlyFolders,
            UsesFrames = kind.UsesFrames,
            Yields = yields,
            MemoryMegabytes = kind.MemoryMegabytes,
            EphemeralStorageMegabytes = kind.EphemeralStorageMegabytes,
        };
        var paths = driver.Paths(options);
        if (content is not null)
        {
            options = options with { Variables = Merge(variables, content.Variables, paths) };
        }

        var process = await driver.StartAsync(options, cancellation);
        try
        {
            using var limit = new CancellationTokenSource(Limits.InitializationTimeout, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
            var frames = kind.UsesFrames ? await process.AcceptFramesAsync(either.Token) : null;
            return new GenericEnvironment(process, frames, paths);
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    private async ValueTask<Result<(IIsolationDriver Driver, Interpreter Interpreter)>> FindAsync(GenericKind kind) =>
        (await drivers.SelectAsync(kind.Isolation)).Failed(out var driver, out var unavailable)
        || interpreters.Find(kind.Runtime).Failed(out var interpreter, out unavailable)
            ? unavailable
            : (driver, interpreter);

    private static Dictionary<string, string> Merge(
        IReadOnlyDictionary<string, string> interpreter,
        IReadOnlyDictionary<string, string> function,
        SandboxPaths paths)
    {
        var merged = new Dictionary<string, string>(interpreter, StringComparer.Ordinal)
        {
            ["LD_LIBRARY_PATH"] = EnvironmentVariables.LibraryPath(paths.TaskRoot, paths.LayersRoot ?? "/opt"),
        };
        foreach (var (name, value) in function)
        {
            merged[name] = value;
        }

        return merged;
    }
}
