using Lambent.Kernel.Functions;
using Lambent.Kernel.Scaling;
using Lambent.Kernel.Storage;
using Lambent.Sandbox.Pool;
using Lambent.Server.Functions;
using Lambent.Storage.Telemetry;
using Microsoft.Extensions.Logging;

namespace Lambent.Server.Telemetry;

/// <summary>
/// Keeps through restarts when functions were called, so that their environments are kept and started ahead as before.
/// Every few minutes, and at the end, what has changed is written beside the logs; a crash loses what was learnt since.
/// </summary>
internal sealed partial class DemandKeeper : IAsyncDisposable
{
    public static readonly TimeSpan Period = TimeSpan.FromMinutes(5);

    /// <summary>What a function has that was called once: not worth a row.</summary>
    private static readonly byte[] Nothing = new DemandHistory(TimeSpan.Zero).ToBytes();

    private readonly EnvironmentPool pool;
    private readonly TelemetryStore store;
    private readonly FunctionDirectory directory;
    private readonly TimeProvider time;
    private readonly ILogger logger;
    private readonly CancellationTokenSource stopping = new();

    /// <summary>What the rows hold; also the lock for it.</summary>
    private readonly Dictionary<(FunctionId Function, string Version), byte[]> kept = [];
    private readonly Task keeping;

    /// <summary>Rows that are being deleted; guarded by the lock.</summary>
    private Task forgetting = Task.CompletedTask;

    private DemandKeeper(
        EnvironmentPool pool, TelemetryStore store, FunctionDirectory directory, TimeProvider time, ILogger logger)
    {
        this.pool = pool;
        this.store = store;
        this.directory = directory;
        this.time = time;
        this.logger = logger;
        Restore();
        directory.Changed += ForgetDeleted;
        keeping = KeepAsync();
    }

    /// <summary>Gives the pool what was kept, and keeps it from now on.</summary>
    public static DemandKeeper Start(
        EnvironmentPool pool,
        TelemetryStore store,
        FunctionDirectory directory,
        TimeProvider time,
        ILogger<DemandKeeper> logger) => new(pool, store, directory, time, logger);

    public async ValueTask DisposeAsync()
    {
        directory.Changed -= ForgetDeleted;
        await stopping.CancelAsync();
        await keeping;
        await SaveAsync();
        Task last;
        lock (kept)
        {
            last = forgetting;
        }

        await last;
        stopping.Dispose();
    }

    private void Restore()
    {
        foreach (var remembered in store.ListRemembered())
        {
            kept[(remembered.Function, remembered.Version)] = remembered.History;
            // Of a function that is gone the row goes with the next save.
            if (directory.Find(remembered.Function) is not null)
            {
                pool.Restore([remembered]);
            }
        }
    }

    private async Task KeepAsync()
    {
        using var timer = new PeriodicTimer(Period, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stopping.Token))
            {
                await SaveAsync();
            }
        }
        catch (OperationCanceledException)
        {
            // The server stops.
        }
    }

    private async Task SaveAsync()
    {
        var now = pool.ReadHistories()
            .Where(remembered => !remembered.History.AsSpan().SequenceEqual(Nothing))
            .ToDictionary(remembered => (remembered.Function, remembered.Version));
        List<RememberedDemand> changes;
        lock (kept)
        {
            changes =
            [
                .. kept.Keys
                    .Where(key => !now.ContainsKey(key))
                    .Select(key => new RememberedDemand(key.Function, key.Version, [])),
                .. now.Values.Where(remembered =>
                    !kept.TryGetValue((remembered.Function, remembered.Version), out var before)
                    || !remembered.History.AsSpan().SequenceEqual(before)),
            ];
        }

        if (changes.Count > 0 && await TryAsync(store.RememberAsync(changes)))
        {
            lock (kept)
            {
                changes.ForEach(Keep);
            }
        }
    }

    private void Keep(RememberedDemand change)
    {
        if (change.History.Length == 0)
        {
            kept.Remove((change.Function, change.Version));
        }
        else
        {
            kept[(change.Function, change.Version)] = change.History;
        }
    }

    private void ForgetDeleted(FunctionId function)
    {
        if (directory.Find(function) is not null)
        {
            return;
        }

        pool.ForgetHistory(function);
        bool hadRows;
        lock (kept)
        {
            var versions = kept.Keys.Where(key => key.Function == function).ToList();
            versions.ForEach(version => kept.Remove(version));
            hadRows = versions.Count > 0;
        }

        if (hadRows)
        {
            lock (kept)
            {
                forgetting = Task.WhenAll(forgetting, TryAsync(store.ForgetAsync(function)));
            }
        }
    }

    private async Task<bool> TryAsync(Task writing)
    {
        try
        {
            await writing;
            return true;
        }
        catch (StoreException failure)
        {
            // Calls are none the worse for it; the next save tries again.
            LogNotKept(logger, failure.Message);
            return false;
        }
    }

    [LoggerMessage(LogLevel.Warning, "When functions were called could not be written down: {Reason}")]
    private static partial void LogNotKept(ILogger logger, string reason);
}
