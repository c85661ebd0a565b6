using Lambent.Server.Aws.Sqs;
using Lambent.Server.Mappings;
using Microsoft.Extensions.Logging;

using Lambent.Server.Traces;

namespace Lambent.Server;

/// <summary>Event source mappings: between the queues and the calls.</summary>
internal sealed partial class ServerParts
{
    private MappingService Mappings { get; set; } = null!;

    private MappingRunner MappingRunner { get; set; } = null!;

    private void OpenMappings(
        ServerOptions options,
        StorageParts storage,
        AccessParts access,
        RequestIds ids,
        SqsServices queues)
    {
        Mappings = new MappingService(storage.Store, options.Region, options.Time);
        MappingRunner = OwnAsync(new MappingRunner(
            Mappings,
            new MappingServices
            {
                Store = storage.Store,
                Receiver = queues.Receiver,
                Settler = queues.Settler,
                Targets = TargetWriter,
                Scaling = Targets,
                Directory = access.Functions.Directory,
                Dispatcher = Dispatcher,
                Region = options.Region,
                Time = options.Time,
                Traces = new MessageTraces(Traces, storage.Telemetry.Store, options.Time),
                NewId = ids.Next,
                Stopping = Stopping,
            },
            Loggers.CreateLogger<MappingRunner>()));
    }
}
