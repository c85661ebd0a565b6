using Lambent.Server.Dispatch;
using Lambent.Server.Native;
using Lambent.Server.Scaling;
using Microsoft.Extensions.Logging;

namespace Lambent.Server;

/// <summary>What decides how many environments and calls there are to be.</summary>
internal sealed partial class ServerParts
{
    public ScalingOperations Scaling { get; private set; } = null!;

    /// <summary>For whatever takes work from a queue and calls functions with it.</summary>
    private ScaleController Targets { get; set; } = null!;

    private ProcessorMeter Processors { get; set; } = null!;

    private void OpenScaling(
        ConcurrencyLimiter limiter,
        StorageParts storage,
        AccessParts access,
        EnvironmentParts environments,
        ServerOptions options)
    {
        Processors = new ProcessorMeter(options.Time);
        var archive = new DecisionArchive(
            storage.Telemetry.Store,
            access.Functions.Directory,
            options.Time,
            Loggers.CreateLogger<DecisionArchive>());
        Targets = Own(new ScaleController(
            environments.Pool,
            access.Functions.Directory,
            limiter,
            new ScaleControllerOptions { IsBusy = Processors.IsBusy },
            options.Time)
        {
            Archive = archive,
        });
        archive.Start(Targets.HandOver);
        OwnAsync(archive);
        Scaling = new ScalingOperations(Targets, access.Functions.Directory, access.Arns);
    }
}
