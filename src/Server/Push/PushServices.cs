using Lambent.Kernel.Storage;
using Lambent.Server.Queues;
using Lambent.Server.Traces;
using Lambent.Server.Webhooks;

namespace Lambent.Server.Push;

/// <summary>What pushing is made of.</summary>
internal sealed record PushServices
{
    public required IStore Store { get; init; }

    public required MessageReceiver Receiver { get; init; }

    public required MessageSettler Settler { get; init; }

    public required QueueSignals Signals { get; init; }

    public required CallbackSender Sender { get; init; }

    public required PushTokens Tokens { get; init; }

    /// <summary>Leads traces to subscribers, or null.</summary>
    public RequestTraces? Traces { get; init; }

    /// <summary>Where subscribers reach this server.</summary>
    public required Func<Uri> Address { get; init; }

    public required string Region { get; init; }

    public required TimeProvider Time { get; init; }

    /// <summary>Cancelled when the server begins to stop.</summary>
    public required CancellationToken Stopping { get; init; }
}
