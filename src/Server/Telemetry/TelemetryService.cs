using Lambent.Kernel.Access;
using Lambent.Kernel.Invocations;
using Lambent.Kernel.Storage;
using Lambent.Storage.Disk;
using Lambent.Storage.Telemetry;

namespace Lambent.Server.Telemetry;

/// <summary>
/// Keeps the telemetry of the server: opens its database beside the durable one, and removes what is old.
/// </summary>
internal sealed class TelemetryService : IAsyncDisposable
{
    /// <summary>Short enough that a flood at its limits brings no more than a part of what is kept.</summary>
    private static readonly TimeSpan PrunePeriod = TimeSpan.FromMinutes(1);

    private readonly TimeProvider time;
    private readonly TimeSpan keptFor;
    private readonly long bytesMax;
    private readonly CallKeeping calls;
    private readonly CancellationTokenSource stopping = new();
    private readonly Task pruning;

    private TelemetryService(TelemetryStore store, ServerOptions options)
    {
        Store = store;
        (time, keptFor, bytesMax) = (options.Time, options.LogRetention, options.LogBytesMax);
        calls = options.Calls;
        pruning = PruneAsync();
    }

    public TelemetryStore Store { get; }

    public ITelemetrySink Sink => Store;

    public static TelemetryService Open(DataFolder folder, IServerAnnouncer announcer, ServerOptions options)
    {
        var store = TelemetryStore.Open(
            new TelemetryOptions { Path = folder.TelemetryPath, MasksSecrets = options.MasksSecretsInLogs },
            options.Time);
        if (store.DamagedCopyPath is { } copy)
        {
            announcer.Warn($"The telemetry database was damaged and begins anew; the damaged one is {copy}.");
        }

        return new TelemetryService(store, options);
    }

    /// <summary>Removes the logs and call records of an account, also those on their way to the disk.</summary>
    /// <exception cref="StoreException">They could not be removed; they are once they are old.</exception>
    public async Task ForgetAsync(AccountId account)
    {
        await Store.FlushAsync();
        await Store.ForgetAsync(account);
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await pruning;
        stopping.Dispose();
        Store.Dispose();
    }

    private async Task PruneAsync()
    {
        using var timer = new PeriodicTimer(PrunePeriod, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stopping.Token))
            {
                await TryPruneAsync();
            }
        }
        catch (OperationCanceledException)
        {
            // The server stops.
        }
    }

    private async Task TryPruneAsync()
    {
        try
        {
            await Store.PruneCallsAsync(time.GetUtcNow() - calls.Retention, calls.BytesMax);
            await Store.PruneAsync(time.GetUtcNow() - keptFor, bytesMax);
        }
        catch (StoreException)
        {
            // A disk that is full or broken; the next round tries again.
        }
    }
}
