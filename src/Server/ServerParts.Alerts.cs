using Lambent.Server.Alerts;
using Lambent.Server.Native;
using Microsoft.Extensions.Logging;

namespace Lambent.Server;

/// <summary>Alerts, and the mail that tells them.</summary>
internal sealed partial class ServerParts
{
    public AlertOperations AlertOperations { get; private set; } = null!;

    private static MailTarget MailTarget(ServerOptions options) =>
        new(options.Smtp is { } smtp ? new SmtpClient(smtp, options.Time) : null);

    private void OpenAlerts(ServerOptions options, StorageParts storage, RequestIds ids)
    {
        var notifier = new AlertNotifier(StateChanges, TargetWriter, ids.Next);
        var runner = new AlertRunner(storage.Store, MetricReader, notifier, ids.Next);
        OwnAsync(new ErrorAlerts(
            storage.Telemetry.Store.Errors, runner, options.Time, Loggers.CreateLogger<ErrorAlerts>()));
        MetricKeeper.MinuteWritten += runner.LookAsync;
        AlertOperations = new AlertOperations(
            new AlertService(storage.Store, runner, notifier, options.Smtp is not null, ids.Next, options.Time),
            options.Time);
    }
}
