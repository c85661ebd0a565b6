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
    private static readonly TimeSpan KeptFor = TimeSpan.FromDays(14);
    private static readonly TimeSpan PrunePeriod = TimeSpan.FromHours(1);

    private readonly TimeProvider time;
    private readonly CancellationTokenSource stopping = new();
    private readonly Task pruning;

    private TelemetryService(TelemetryStore store, TimeProvider time)
    {
        Store = store;
        this.time = time;
        pruning = PruneAsync();
    }

    public TelemetryStore Store { get; }

    public ITelemetrySink Sink => Store;

    /// <summary>Log lines and call records that were not kept, since the start.</summary>
    public long DroppedCount => Store.Counters.DroppedCount;

    public static TelemetryService Open(DataFolder folder, IServerAnnouncer announcer, TimeProvider time)
    {
        var store = TelemetryStore.Open(new TelemetryOptions { Path = folder.TelemetryPath }, time);
        if (store.DamagedCopyPath is { } copy)
        {
            announcer.Warn($"The telemetry database was damaged and begins anew; the damaged one is {copy}.");
        }

        return new TelemetryService(store, time);
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
                await Store.PruneAsync(time.GetUtcNow() - KeptFor);
            }
        }
        catch (OperationCanceledException)
        {
            // The server stops.
        }
    }
}
