using Lambent.Kernel.Storage;
using Lambent.Server.Aws.Sqs;
using Lambent.Server.Native;
using Lambent.Server.Push;
using Lambent.Server.Webhooks;
using Microsoft.Extensions.Logging;

using Lambent.Server.Traces;
using Lambent.Kernel.Traces;

namespace Lambent.Server;

/// <summary>Push queues.</summary>
internal sealed partial class ServerParts
{
    public PushEndpoint Push { get; private set; } = null!;

    public PushOperations PushOperations { get; private set; } = null!;

    private PushRunner PushRunner { get; set; } = null!;

    /// <summary>After the queues, whose changes it is told from then on.</summary>
    private async Task OpenPushAsync(
        ServerOptions options, IStore store, SqsServices queues, ISpanSink spans, CancellationToken cancellation)
    {
        var services = new PushServices
        {
            Store = store,
            Receiver = queues.Receiver,
            Settler = queues.Settler,
            Signals = QueueSignals,

            // Of its own, so that many messages for one address leave the connections of webhooks alone.
            Sender = Own(new CallbackSender(OutboundGuard, options.Time)),
            Tokens = await PushTokens.LoadAsync(store, cancellation),
            Traces = new RequestTraces(Traces, spans, options.Time),
            Address = () => address!,
            Region = options.Region,
            Time = options.Time,
            Stopping = Stopping,
        };
        var service = new PushService(store, QueueSignals, OutboundGuard, options.Region, options.Time);
        PushRunner = OwnAsync(new PushRunner(service, services, Loggers.CreateLogger<PushRunner>()));
        queues.Queues.Observer = new PushQueueObserver(queues.Queues.Observer, PushRunner);
        Push = new PushEndpoint(service, services.Tokens, Loggers.CreateLogger<PushEndpoint>());
        PushOperations = new PushOperations(service, PushRunner);
    }
}
