using Lambent.Server.Telemetry;
using Microsoft.Extensions.Logging;

namespace Lambent.Server;

/// <summary>What is known of functions' calls from before a restart.</summary>
internal sealed partial class ServerParts
{
    private void KeepDemand(
        ServerOptions options, StorageParts storage, AccessParts access, EnvironmentParts environments)
    {
        // A fixed time needs no history.
        if (options.EnvironmentIdleTimeout is null)
        {
            OwnAsync(DemandKeeper.Start(
                environments.Pool,
                storage.Telemetry.Store,
                access.Functions.Directory,
                options.Time,
                Loggers.CreateLogger<DemandKeeper>()));
        }
    }
}
