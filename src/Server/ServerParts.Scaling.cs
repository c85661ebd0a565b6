using Lambent.Server.Dispatch;
using Lambent.Server.Native;
using Lambent.Server.Scaling;

namespace Lambent.Server;

/// <summary>What decides how many environments and calls there are to be.</summary>
internal sealed partial class ServerParts
{
    public ScalingOperations Scaling { get; private set; } = null!;

    /// <summary>For whatever takes work from a queue and calls functions with it.</summary>
    private ScaleController Targets { get; set; } = null!;

    private ProcessorMeter Processors { get; set; } = null!;

    private void OpenScaling(
        ConcurrencyLimiter limiter, AccessParts access, EnvironmentParts environments, ServerOptions options)
    {
        Processors = new ProcessorMeter(options.Time);
        Targets = Own(new ScaleController(
            environments.Pool,
            access.Functions.Directory,
            limiter,
            new ScaleControllerOptions { IsBusy = Processors.IsBusy },
            options.Time));
        Scaling = new ScalingOperations(Targets, access.Functions.Directory, access.Arns);
    }
}
