using System.Threading.Channels;
using Lambent.Kernel.Alerts;
using Lambent.Kernel.Errors;
using Lambent.Kernel.Storage;
using Microsoft.Extensions.Logging;

namespace Lambent.Server.Alerts;

/// <summary>
/// Has people told of errors that are new or are back. The telemetry's thread hands them over and goes on; a disk that
/// is full delays what is told and loses nothing of it, as long as the server runs.
/// </summary>
internal sealed partial class ErrorAlerts : IErrorGroupListener, IAsyncDisposable
{
    /// <summary>An account has a thousand groups: so many that are new at a time are a flood.</summary>
    private const int WaitingMax = 10_000;

    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(1);

    private readonly Channel<AlertNotice> waiting = Channel.CreateBounded<AlertNotice>(
        new BoundedChannelOptions(WaitingMax) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    private readonly IAlertRaiser alerts;
    private readonly Func<string> newId;
    private readonly TimeProvider time;
    private readonly ILogger<ErrorAlerts> logger;
    private readonly CancellationTokenSource stopping = new();
    private readonly Task running;

    public ErrorAlerts(IAlertRaiser alerts, Func<string> newId, TimeProvider time, ILogger<ErrorAlerts> logger)
    {
        (this.alerts, this.newId, this.time, this.logger) = (alerts, newId, time, logger);
        running = Task.Run(RunAsync);
    }

    public void Changed(ErrorGroupChange change) => waiting.Writer.TryWrite(new AlertNotice(
        newId(),
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
        ]));

    public async ValueTask DisposeAsync()
    {
        waiting.Writer.Complete();
        stopping.CancelAfter(PauseAfterFailure);
        await running;
        stopping.Dispose();
    }

    private async Task RunAsync()
    {
        await foreach (var notice in waiting.Reader.ReadAllAsync())
        {
            while (!await TryRaiseAsync(notice) && !stopping.IsCancellationRequested)
            {
                await Task.Delay(PauseAfterFailure, time, stopping.Token)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task<bool> TryRaiseAsync(AlertNotice notice)
    {
        try
        {
            await alerts.RaiseAsync(notice);
            return true;
        }
        catch (StoreException refused)
        {
            LogNotTold(notice.Text, refused.Message);
            return false;
        }
    }

    [LoggerMessage(2601, LogLevel.Warning, "It cannot be written down that this is told: {Notice} ({Reason})")]
    private partial void LogNotTold(string notice, string reason);
}
