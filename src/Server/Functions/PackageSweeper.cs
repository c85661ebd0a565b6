using Lambent.Kernel.Packages;
using Lambent.Kernel.Storage;
using Microsoft.Extensions.Logging;

namespace Lambent.Server.Functions;

/// <summary>
/// Removes packages that nothing refers to any more. What was in use an hour ago is kept still: a call of an older
/// version may be running from it.
/// </summary>
internal sealed partial class PackageSweeper : IAsyncDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromHours(1);

    private readonly IStore store;
    private readonly IPackageStore packages;
    private readonly TimeProvider time;
    private readonly ILogger<PackageSweeper> logger;
    private readonly CancellationTokenSource stopping = new();
    private readonly Task sweeping;
    private HashSet<string>? inUseBefore;

    public PackageSweeper(IStore store, IPackageStore packages, TimeProvider time, ILogger<PackageSweeper> logger)
    {
        this.store = store;
        this.packages = packages;
        this.time = time;
        this.logger = logger;
        sweeping = RunAsync();
    }

    /// <summary>Removes what is unused now and was unused at the sweep before. Returns the bytes freed.</summary>
    public async Task<long> SweepAsync(CancellationToken cancellation)
    {
        var inUse = store.Read(InUse);
        var before = inUseBefore;
        inUseBefore = inUse;
        if (before is null)
        {
            return 0;
        }

        var kept = inUse.Union(before).ToHashSet(StringComparer.Ordinal);
        return await packages.CollectAsync(kept, time.GetUtcNow() - Period, cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await sweeping;
        stopping.Dispose();
    }

    private static HashSet<string> InUse(ITransaction transaction)
    {
        var digests = new HashSet<string>(StringComparer.Ordinal);
        foreach (var function in transaction.Functions.All())
        {
            foreach (var version in function.Versions.Values.Append(function.Latest).Append(function.Callable))
            {
                digests.Add(version.Code.Digest);
                digests.UnionWith(version.Layers.Select(layer => layer.Content.Digest));
            }
        }

        digests.UnionWith(transaction.Layers.All().Select(layer => layer.Content.Digest));
        digests.UnionWith(transaction.Blobs.All().Select(blob => blob.Content.Digest));
        return digests;
    }

    private async Task RunAsync()
    {
        using var timer = new PeriodicTimer(Period, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stopping.Token))
            {
                try
                {
                    await SweepAsync(stopping.Token);
                }
                catch (Exception exception) when (exception is StoreException or IOException)
                {
                    LogSweepFailed(exception);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The server stops.
        }
    }

    [LoggerMessage(203, LogLevel.Warning, "Unused packages could not be removed; it is tried again in an hour")]
    private partial void LogSweepFailed(Exception exception);
}
