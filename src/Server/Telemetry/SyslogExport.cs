using System.Net.Sockets;
using System.Security.Authentication;
using Lambent.Kernel.Storage;
using Lambent.Server.Loops;
using Lambent.Storage.Telemetry;
using Microsoft.Extensions.Logging;

namespace Lambent.Server.Telemetry;

/// <summary>
/// Sends log lines on to a receiver of syslog. Its buffer is the log on disk: what could not be sent is read there when
/// the receiver is back, also after a restart, as long as the log keeps it; what the log's limits removed before is
/// counted. Lines of the last second before a connection broke are sent again, because nobody knows whether a receiver
/// that died had read them: over TCP a line may come twice, and none is lost.
/// </summary>
internal sealed partial class SyslogExport : IAsyncDisposable
{
    private const int LinesPerBatch = 1_000;

    private static readonly TimeSpan PauseMin = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan PauseMax = TimeSpan.FromSeconds(30);

    /// <summary>A receiver that has not read a line for so long has surely read it, or never will.</summary>
    private static readonly TimeSpan Doubt = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan SavePeriod = TimeSpan.FromSeconds(5);

    private readonly LogExportStore store;
    private readonly Uri target;
    private readonly TimeProvider time;
    private readonly ILogger logger;
    private readonly WakeSignal wake;
    private readonly CancellationTokenSource stopping = new();
    private readonly Queue<(long SentAt, long Number)> doubtful = new();
    private readonly Task running;
    private long position;
    private long certain;
    private long saved;
    private long savedAt;
    private long sentCount;
    private long droppedCount;
    private volatile bool isConnected;

    private SyslogExport(LogExportStore store, Uri target, TimeProvider time, ILogger logger)
    {
        (this.store, this.target, this.time, this.logger) = (store, target, time, logger);
        wake = new WakeSignal(time);
        position = certain = saved = store.FindOrBegin(Name, store.Ends().Last);
        store.Written += wake.Wake;
        running = Task.Run(RunAsync);
    }

    public bool IsConnected => isConnected;

    public long SentCount => Interlocked.Read(ref sentCount);

    /// <summary>Lines that were removed from the log before they could be sent; datagrams that were refused.</summary>
    public long DroppedCount => Interlocked.Read(ref droppedCount);

    /// <summary>Lines that are not sent yet, about: numbers have gaps where lines were deleted.</summary>
    public long WaitingCount => Math.Max(0, store.Ends().Last - Interlocked.Read(ref position));

    private string Name => $"syslog {target}";

    public static SyslogExport Start(
        LogExportStore store, Uri target, TimeProvider time, ILogger<SyslogExport> logger) =>
        new(store, target, time, logger);

    public async ValueTask DisposeAsync()
    {
        store.Written -= wake.Wake;
        await stopping.CancelAsync();
        await running;
        stopping.Dispose();
    }

    private async Task RunAsync()
    {
        var pause = PauseMin;
        while (!stopping.IsCancellationRequested)
        {
            var before = SentCount;
            try
            {
                using var connection = await SyslogConnection.OpenAsync(target, time, stopping.Token);
                isConnected = true;
                await SendAllAsync(connection);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                break;
            }
            catch (Exception broken) when (
                broken is IOException or SocketException or AuthenticationException or StoreException)
            {
                pause = SentCount > before ? PauseMin : pause;
                LogBroken(target, broken.Message, pause.TotalSeconds);
                position = certain;
                doubtful.Clear();
            }

            isConnected = false;
            await Task.Delay(pause, time, stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            pause = pause + pause < PauseMax ? pause + pause : PauseMax;
        }

        isConnected = false;
        Settle();
        await TrySaveAsync();
    }

    private async Task SendAllAsync(SyslogConnection connection)
    {
        while (true)
        {
            var lines = Next();
            if (lines.Count == 0)
            {
                await IdleAsync();
                continue;
            }

            try
            {
                await connection.SendAsync(lines, stopping.Token);
                Interlocked.Add(ref sentCount, lines.Count);
            }
            catch (SocketException) when (target.Scheme == "udp")
            {
                // A datagram is not sent again: nobody knows which of them arrived.
                Interlocked.Add(ref droppedCount, lines.Count);
            }

            Interlocked.Exchange(ref position, lines[^1].Number);
            doubtful.Enqueue((time.GetTimestamp(), lines[^1].Number));
            Settle();
            if (time.GetElapsedTime(savedAt) >= SavePeriod)
            {
                await TrySaveAsync();
            }
        }
    }

    private IReadOnlyList<NumberedLine> Next()
    {
        var lines = store.ReadAfter(position, LinesPerBatch);
        var (first, last) = store.Ends();
        if (lines.Count == 0 && last < position)
        {
            // Everything was deleted, and numbers begin anew.
            position = certain = last;
            doubtful.Clear();
        }
        else if (first > position + 1)
        {
            Interlocked.Add(ref droppedCount, first - position - 1);
            position = first - 1;
        }

        return lines;
    }

    private async Task IdleAsync()
    {
        if (doubtful.Count > 0)
        {
            await wake.WaitAsync(Doubt, stopping.Token);
            Settle();
        }
        else
        {
            await TrySaveAsync();
            await wake.WaitAsync(stopping.Token);
        }
    }

    private void Settle()
    {
        while (doubtful.TryPeek(out var oldest) && time.GetElapsedTime(oldest.SentAt) >= Doubt)
        {
            certain = doubtful.Dequeue().Number;
        }
    }

    private async Task TrySaveAsync()
    {
        if (certain == saved)
        {
            return;
        }

        try
        {
            await store.PutPositionAsync(Name, certain);
            (saved, savedAt) = (certain, time.GetTimestamp());
        }
        catch (StoreException failure)
        {
            // Then lines are sent twice after the next start.
            LogNotSaved(failure.Message);
        }
    }

    [LoggerMessage(2301, LogLevel.Warning, "Syslog to {Target} is interrupted: {Reason}; again in {Seconds} s")]
    private partial void LogBroken(Uri target, string reason, double seconds);

    [LoggerMessage(2302, LogLevel.Warning, "How far syslog has got could not be written down: {Reason}")]
    private partial void LogNotSaved(string reason);
}
