using Lambent.Kernel.Storage;
using Lambent.Server.Delivery;
using Lambent.Server.Dispatch;
using Lambent.Server.Functions;
using Lambent.Server.Queues;
using Lambent.Server.Scaling;
using Lambent.Server.Traces;

namespace Lambent.Server.Mappings;

/// <summary>What pollers are made of.</summary>
internal sealed record MappingServices
{
    public required IStore Store { get; init; }

    public required MessageReceiver Receiver { get; init; }

    public required MessageSettler Settler { get; init; }

    public required TargetWriter Targets { get; init; }

    public required IConcurrencyTargets Scaling { get; init; }

    public required FunctionDirectory Directory { get; init; }

    public required Dispatcher Dispatcher { get; init; }

    public required string Region { get; init; }

    public required TimeProvider Time { get; init; }

    /// <summary>Follows the traces of messages; null: calls for messages begin traces of their own.</summary>
    public MessageTraces? Traces { get; init; }

    /// <summary>Fresh request ids.</summary>
    public required Func<string> NewId { get; init; }

    /// <summary>Cancelled when the server begins to stop.</summary>
    public required CancellationToken Stopping { get; init; }
}
