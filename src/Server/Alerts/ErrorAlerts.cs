using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Lambent.Kernel.Alerts;
using Lambent.Kernel.Storage;
using Lambent.Server.Loops;
using Lambent.Storage.Telemetry.Errors;
using Microsoft.Extensions.Logging;

namespace Lambent.Server.Alerts;

/// <summary>
/// Has people told of errors that are new or are back. What is to be told was written with the group of errors, and
/// stays there until the alert is durable: a server that ends in between tells it after its next start, under the same
/// id, so that it is told once.
/// </summary>
internal sealed partial class ErrorAlerts : IAsyncDisposable
{
    private const int ReadAtOnce = 100;

    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(1);

    private readonly ErrorGroupStore errors;
    private readonly IAlertRaiser alerts;
    private readonly TimeProvider time;
    private readonly ILogger<ErrorAlerts> logger;
    private readonly WakeSignal wake;
    private readonly CancellationTokenSource stopping = new();
    private readonly Task running;

    public ErrorAlerts(ErrorGroupStore errors, IAlertRaiser alerts, TimeProvider time, ILogger<ErrorAlerts> logger)
    {
        (this.errors, this.alerts, this.time, this.logger) = (errors, alerts, time, logger);
        wake = new WakeSignal(time);
        errors.Announced += wake.Wake;
        running = Task.Run(RunAsync);
    }

    public async ValueTask DisposeAsync()
    {
        errors.Announced -= wake.Wake;
        await stopping.CancelAsync();
        await running;
        stopping.Dispose();
    }

    private async Task RunAsync()
    {
        while (!stopping.IsCancellationRequested)
        {
            var hasTold = await TryTellAsync();
            if (hasTold is null)
            {
                await Task.Delay(PauseAfterFailure, time, stopping.Token)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            else if (hasTold == false)
            {
                await wake.WaitAsync(stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        // What came with the last calls; what is refused now is told after the next start.
        while (await TryTellAsync() == true)
        {
        }
    }

    /// <returns>False when there was nothing to tell; null when it could not be told.</returns>
    private async Task<bool?> TryTellAsync()
    {
        try
        {
            var announcements = errors.ListAnnouncements(ReadAtOnce);
            foreach (var announcement in announcements)
            {
                await alerts.RaiseAsync(NoticeOf(announcement));
                await errors.AcknowledgeAsync(announcement);
            }

            return announcements.Count > 0;
        }
        catch (StoreException refused)
        {
            LogNotTold(refused.Message);
            return null;
        }
    }

    private static AlertNotice NoticeOf(ErrorAnnouncement announcement)
    {
        var change = announcement.Change;
        return new AlertNotice(
            IdOf(announcement),
            change.Function.Account,
            AlertRule.ErrorGroupsMetric,
            change.Function.Name,
            change.At,
            $"{(change.IsReopened ? "An error is back" : "A new error")} in {change.Function.Name}, version "
            + $"{change.Version}: {change.Type}: {change.Message}",
            [
                new("errorId", change.GroupId),
                new("change", change.IsReopened ? "reopened" : "new"),
                new("function", change.Function.Name),
                new("version", change.Version),
                new("type", change.Type),
                new("message", change.Message),
                new("culprit", change.Culprit.Length == 0 ? null : change.Culprit),
                new("requestId", change.RequestId),
            ]);
    }

    /// <summary>
    /// The same whenever it is asked for, so that what is raised again is known: a UUIDv7 of the time at which the
    /// change was written, and of what changed instead of random bits.
    /// </summary>
    private static string IdOf(ErrorAnnouncement announcement)
    {
        var (change, at) = (announcement.Change, announcement.NoticedAt);
        var key = string.Create(
            CultureInfo.InvariantCulture,
            $"{change.Function.Account} {change.GroupId} {change.IsReopened} {change.Version} {at.UtcTicks}");
        var id = SHA256.HashData(Encoding.UTF8.GetBytes(key)).AsSpan(0, 16);
        var milliseconds = at.ToUnixTimeMilliseconds();
        for (var index = 0; index < 6; index++)
        {
            id[index] = (byte)(milliseconds >> (8 * (5 - index)));
        }

        id[6] = (byte)((id[6] & 0x0F) | 0x70);
        id[8] = (byte)((id[8] & 0x3F) | 0x80);
        return new Guid(id, bigEndian: true).ToString();
    }

    [LoggerMessage(2601, LogLevel.Warning, "An error that is new or back cannot be told yet: {Reason}")]
    private partial void LogNotTold(string reason);
}
