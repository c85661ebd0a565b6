using System.Collections.Concurrent;
using System.Threading.Channels;
using Lambent.Kernel;
using Lambent.Kernel.Functions;
using Lambent.Kernel.Functions.Commands;
using Lambent.Kernel.Packages;
using Microsoft.Extensions.Logging;

namespace Lambent.Server.Functions;

/// <summary>
/// Finishes what creating and updating a function began: prepares the folders of its code and layers in the
/// background, then makes it Active or Failed. At the start it takes up what an earlier run left unfinished, so no
/// function stays Pending.
/// </summary>
public sealed partial class FunctionActivator : IAsyncDisposable
{
    private readonly Channel<FunctionId> waiting = Channel.CreateUnbounded<FunctionId>();

    /// <summary>What is in the channel: a function waits there once, however often it is changed.</summary>
    private readonly ConcurrentDictionary<FunctionId, bool> queued = new();

    private readonly CancellationTokenSource stopping = new();
    private readonly FunctionActivatorOptions options;
    private readonly FunctionService functions;
    private readonly FunctionArns arns;
    private readonly IPackageStore packages;
    private readonly TimeProvider time;
    private readonly Func<string> newId;
    private readonly ILogger<FunctionActivator> logger;
    private readonly Task[] workers;

    private FunctionActivator(
        FunctionActivatorOptions options,
        FunctionService functions,
        FunctionArns arns,
        IPackageStore packages,
        TimeProvider time,
        Func<string> newId,
        ILogger<FunctionActivator> logger)
    {
        this.options = options;
        this.functions = functions;
        this.arns = arns;
        this.packages = packages;
        this.time = time;
        this.newId = newId;
        this.logger = logger;
        workers = [.. Enumerable.Range(0, options.Workers).Select(_ => Task.Run(WorkAsync))];
    }

    /// <summary>Starts the workers. The functions must have been loaded into the directory before.</summary>
    public static FunctionActivator Start(
        FunctionActivatorOptions options,
        FunctionService functions,
        FunctionArns arns,
        IPackageStore packages,
        TimeProvider time,
        Func<string> newId,
        ILogger<FunctionActivator> logger)
    {
        var activator = new FunctionActivator(options, functions, arns, packages, time, newId, logger);
        foreach (var snapshot in functions.Directory.All().Where(snapshot => Unfinished(snapshot.Function).Any()))
        {
            activator.Activate(snapshot.Function.Id);
        }

        return activator;
    }

    /// <summary>Asks for a function that was created or changed to be finished; returns at once.</summary>
    public void Activate(FunctionId id)
    {
        if (queued.TryAdd(id, true))
        {
            // An unbounded channel only refuses after its end, and then the next start takes the function up.
            waiting.Writer.TryWrite(id);
        }
    }

    /// <summary>Ends the workers. What they have not finished is finished after the next start.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!waiting.Writer.TryComplete())
        {
            return;
        }

        await stopping.CancelAsync();
        await Task.WhenAll(workers);
        stopping.Dispose();
    }

    private async Task WorkAsync()
    {
        try
        {
            await foreach (var id in waiting.Reader.ReadAllAsync(stopping.Token))
            {
                // Taken out first: a change from here on is a new reason to look at the function.
                queued.TryRemove(id, out _);
                await FinishAsync(id);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The server stops.
        }
    }

    private async Task FinishAsync(FunctionId id)
    {
        if (functions.Directory.Find(id)?.Function is not { } function)
        {
            return;
        }

        try
        {
            foreach (var version in Unfinished(function).ToList())
            {
                await FinishAsync(id, version);
            }
        }
        catch (Exception refused) when (!stopping.IsCancellationRequested)
        {
            LogNotRecorded(logger, id, refused);
            await Task.Delay(options.RetryDelay, time, stopping.Token);
            Activate(id);
        }
    }

    private async Task FinishAsync(FunctionId id, FunctionVersion version)
    {
        var command = new FinishActivation
        {
            Version = version.Version,
            RevisionId = version.RevisionId,
            FailureReason = await PrepareAsync(id, version),
        };

        // A refusal means that the version was changed or deleted meanwhile; a change asked for its own activation.
        await functions.ChangeAsync(
            id,
            (state, _) => FinishActivation.Apply(
                state, command, new CommandContext(arns.Function(id), time.GetUtcNow(), newId)),
            stopping.Token);
    }

    /// <summary>Prepares the folders; null when they are there, otherwise why they are not.</summary>
    private async Task<string?> PrepareAsync(FunctionId id, FunctionVersion version)
    {
        try
        {
            await packages.GetFolderAsync(version.Code, stopping.Token);
            await packages.GetMergedFolderAsync([.. version.Layers.Select(layer => layer.Content)], stopping.Token);
            return null;
        }
        catch (Exception failure) when (!stopping.IsCancellationRequested)
        {
            // The reason is shown to callers, who have no business with this machine's paths: those are in the log.
            LogNotPrepared(logger, id, version.Version, failure);
            return "The files of the function's code or layers could not be prepared. The server's log has the cause.";
        }
    }

    private static IEnumerable<FunctionVersion> Unfinished(Function function) =>
        function.Versions.Values.Prepend(function.Latest).Where(FinishActivation.IsNeeded);
}
