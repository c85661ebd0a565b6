using System.Net.Http;
using System.Net.Sockets;
using System.Security.Authentication;
using Lambent.Kernel.Storage;
using Lambent.Server.Loops;
using Lambent.Storage.Telemetry;
using Microsoft.Extensions.Logging;

namespace Lambent.Server.Telemetry.Exports;

/// <summary>
/// Has a sender send what is stored, for as long as the server runs. The store is the buffer: after an interruption the
/// loop pauses, twice as long each time, or for as long as the other side asks for, and goes on where it was.
/// </summary>
internal sealed partial class ExportLoop : IAsyncDisposable
{
    private static readonly TimeSpan PauseMin = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan PauseMax = TimeSpan.FromSeconds(30);

    /// <summary>No longer than that, whatever the other side asks for.</summary>
    private static readonly TimeSpan RetryAfterMax = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan RestMax = TimeSpan.FromMinutes(5);

    private readonly IExportSender sender;
    private readonly LogExportStore store;
    private readonly TimeProvider time;
    private readonly ILogger logger;
    private readonly WakeSignal wake;
    private readonly CancellationTokenSource stopping = new();
    private readonly Task running;

    private ExportLoop(
        IExportSender sender, ExportMeter meter, LogExportStore store, TimeProvider time, ILogger logger)
    {
        (this.sender, Meter, this.store, this.time, this.logger) = (sender, meter, store, time, logger);
        wake = new WakeSignal(time);
        store.Written += wake.Wake;
        running = Task.Run(RunAsync);
    }

    public ExportMeter Meter { get; }

    public string Signal => sender.Signal;

    public Uri Target => sender.Target;

    /// <param name="sender">Disposed with the loop.</param>
    /// <param name="meter">The sender's.</param>
    /// <param name="store">Says when there is something new.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Told of interruptions.</param>
    public static ExportLoop Start(
        IExportSender sender,
        ExportMeter meter,
        LogExportStore store,
        TimeProvider time,
        ILogger<ExportLoop> logger) => new(sender, meter, store, time, logger);

    /// <exception cref="StoreException">It cannot be read.</exception>
    public ExportBacklog Backlog() => sender.Backlog();

    public async ValueTask DisposeAsync()
    {
        store.Written -= wake.Wake;
        await stopping.CancelAsync();
        await running;
        sender.Dispose();
        stopping.Dispose();
    }

    private async Task RunAsync()
    {
        var pause = PauseMin;
        while (!stopping.IsCancellationRequested)
        {
            var before = Meter.SentCount + Meter.RejectedCount;
            try
            {
                var rest = await sender.SendNextAsync(stopping.Token);
                pause = Meter.SentCount + Meter.RejectedCount > before ? PauseMin : pause;
                await RestAsync(rest);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                break;
            }
            catch (Exception broken) when (IsInterruption(broken))
            {
                sender.Interrupt();
                Meter.Interrupt(broken.Message);
                var asked = (broken as ExportRefusedException)?.RetryAfter ?? TimeSpan.Zero;
                var wait = asked > RetryAfterMax ? RetryAfterMax : asked > pause ? asked : pause;
                LogBroken(sender.Signal, sender.Target, broken.Message, wait.TotalSeconds);
                await Task.Delay(wait, time, stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                pause = pause + pause < PauseMax ? pause + pause : PauseMax;
            }
        }

        Meter.Disconnect();
        await EndAsync();
    }

    private async Task RestAsync(ExportRest rest)
    {
        if (rest is { Most: { } most, IsWoken: false })
        {
            if (most > TimeSpan.Zero)
            {
                // A clock that was set back makes it long.
                await Task.Delay(most < RestMax ? most : RestMax, time, stopping.Token);
            }
        }
        else if (rest.Most is { } atMost)
        {
            await wake.WaitAsync(atMost, stopping.Token);
        }
        else
        {
            await wake.WaitAsync(stopping.Token);
        }
    }

    private async Task EndAsync()
    {
        try
        {
            await sender.EndAsync();
        }
        catch (StoreException failure)
        {
            // Then some of it is sent twice after the next start.
            LogNotSaved(sender.Signal, failure.Message);
        }
    }

    private static bool IsInterruption(Exception broken) => broken is
        IOException or HttpRequestException or SocketException or AuthenticationException
        or OperationCanceledException or StoreException;

    [LoggerMessage(
        2301, LogLevel.Warning, "The export of {Signal} to {Target} is interrupted: {Reason}; again in {Seconds} s")]
    private partial void LogBroken(string signal, Uri target, string reason, double seconds);

    [LoggerMessage(
        2302, LogLevel.Warning, "How far the export of {Signal} has got could not be written down: {Reason}")]
    private partial void LogNotSaved(string signal, string reason);
}
