using Lambent.Kernel;
using Lambent.Kernel.Metrics;
using Lambent.Kernel.Storage;
using Lambent.Storage.Telemetry;
using Microsoft.Extensions.Logging;

namespace Lambent.Server.Metrics;

/// <summary>
/// Every minute, and at the end, writes what was counted. A crash loses the minute that was not written yet; a restart
/// adds to it. Whoever asks for figures has them written first, so that they are of now.
/// </summary>
internal sealed partial class MetricKeeper : IAsyncDisposable
{
    public static readonly TimeSpan Period = TimeSpan.FromMinutes(1);

    /// <summary>How often those who ask have something written.</summary>
    private static readonly TimeSpan AskedPeriod = TimeSpan.FromSeconds(1);

    private readonly MetricStore store;
    private readonly TimeProvider time;
    private readonly ILogger logger;
    private readonly CancellationTokenSource stopping = new();
    private readonly SemaphoreSlim turn = new(1);
    private List<IMetricSource> sources = [];
    private List<MetricEntry> pending = [];
    private Task keeping = Task.CompletedTask;
    private long writtenAt;
    private long dropped;
    private bool hasWritten;

    public MetricKeeper(MetricStore store, TimeProvider time, ILogger<MetricKeeper> logger) =>
        (this.store, this.time, this.logger) = (store, time, logger);

    /// <summary>After each minute's figures were written: what looks at them once a minute.</summary>
    public event Func<DateTimeOffset, CancellationToken, Task>? MinuteWritten;

    /// <summary>Cells that could not be written and were given up.</summary>
    public long Dropped => Interlocked.Read(ref dropped);

    /// <summary>The same figures since the start, for Prometheus.</summary>
    public FunctionExposition Exposition { get; } = new();

    public void Add(IMetricSource source) => sources = [.. sources, source];

    public void Start() => keeping = KeepAsync();

    /// <summary>Writes what was counted, unless that was done just now.</summary>
    public async Task FlushAsync()
    {
        await turn.WaitAsync();
        try
        {
            if (!hasWritten || time.GetElapsedTime(writtenAt) >= AskedPeriod)
            {
                await WriteAsync();
            }
        }
        finally
        {
            turn.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await keeping;
        await turn.WaitAsync();
        await WriteAsync();
        turn.Dispose();
        stopping.Dispose();
    }

    private async Task KeepAsync()
    {
        using var timer = new PeriodicTimer(Period, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stopping.Token))
            {
                await turn.WaitAsync(stopping.Token);
                try
                {
                    await WriteAsync();
                    await TryAsync(store.PruneAsync());
                }
                finally
                {
                    turn.Release();
                }

                await TellAsync();
            }
        }
        catch (OperationCanceledException)
        {
            // The server stops.
        }
    }

    private async Task TellAsync()
    {
        try
        {
            if (MinuteWritten is { } told)
            {
                await told(time.GetUtcNow(), stopping.Token);
            }
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            // Whatever it is that listens: the next minute is written, and told, all the same.
            LogNotKept(logger, failure.Message);
        }
    }

    private async Task WriteAsync()
    {
        var (now, told) = (time.GetUtcNow(), pending.Count);
        foreach (var source in sources)
        {
            try
            {
                source.Collect(now, pending);
            }
            catch (StoreException failure)
            {
                // What is counted at the durable store; the calls are counted in memory.
                LogNotKept(logger, failure.Message);
            }
        }

        var entries = pending;
        Exposition.Add(entries.Skip(told));
        pending = [];
        if (entries.Count > 0 && !await TryAsync(store.AddAsync(entries)))
        {
            var kept = Math.Min(entries.Count, Limits.MetricCellsPendingMax);
            Interlocked.Add(ref dropped, entries.Count - kept);
            pending = [.. entries.TakeLast(kept)];
        }

        writtenAt = time.GetTimestamp();
        hasWritten = true;
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
            // Calls are none the worse for it; the next round tries again.
            LogNotKept(logger, failure.Message);
            return false;
        }
    }

    [LoggerMessage(LogLevel.Warning, "Metrics could not be written down: {Reason}")]
    private static partial void LogNotKept(ILogger logger, string reason);
}
