using Lambent.Server.Access;
using Lambent.Server.Aws.Logs;
using Lambent.Server.Aws.Protocols;
using Microsoft.Extensions.Logging;

namespace Lambent.Server;

/// <summary>Logs: AWS's API for them.</summary>
internal sealed partial class ServerParts
{
    public LogsEndpoint CloudWatchLogs { get; private set; } = null!;

    private async Task OpenLogsAsync(
        ServerOptions options,
        StorageParts storage,
        AccessParts access,
        RequestIds ids,
        CancellationToken cancellation)
    {
        var (region, time) = (options.Region, options.Time);
        var operations = LogsOperations.All(new LogsServices
        {
            Store = storage.Telemetry.Store,
            Markers = await PageMarkers.LoadAsync(storage.Store, cancellation),
            Region = region,
            Time = time,
            Stopping = Stopping,
        });
        CloudWatchLogs = new LogsEndpoint(
            new SignatureVerifier(access.Keys, new SignatureScope(region, LogsEndpoint.Service), time),
            operations,
            ids.Next,
            Loggers.CreateLogger<LogsEndpoint>());
    }
}
