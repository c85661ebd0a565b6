using Lambent.Kernel.Storage;
using Lambent.Kernel.Webhooks;
using Lambent.Server.Native;
using Lambent.Server.Webhooks;
using Microsoft.Extensions.Logging;

using Lambent.Server.Traces;
using Lambent.Kernel.Traces;

namespace Lambent.Server;

/// <summary>Webhooks, in and out.</summary>
internal sealed partial class ServerParts
{
    public WebhookEndpoint Webhooks { get; private set; } = null!;

    /// <summary>Says where calls of other programs may go.</summary>
    private OutboundGuard OutboundGuard { get; set; } = null!;

    private StateChanges StateChanges { get; set; } = null!;

    public WebhookOperations WebhookOperations { get; private set; } = null!;

    /// <summary>Before the delivery of events, which calls back and whose ends are told.</summary>
    private (CallbackTarget Target, StateChanges Changes) OpenWebhooks(
        ServerOptions options, IStore store, AccessParts access, ISpanSink spans)
    {
        var (time, ids) = (options.Time, new RequestIds(options.Time));
        var directory = new WebhookDirectory(store);
        directory.Load();
        OutboundGuard = new OutboundGuard(
            options.CallbackNetworks, () => address?.Port ?? options.Port, OutboundGuard.ResolveByNameServiceAsync);
        var sender = Own(new CallbackSender(OutboundGuard, time));
        var service = new WebhookService(store, directory, OutboundGuard, time);
        var receiver = new WebhookReceiver(store, TargetWriter, ids.Next, time);
        Webhooks = new WebhookEndpoint(
            receiver, new WebhookRates(time), Loggers.CreateLogger<WebhookEndpoint>());
        WebhookOperations = new WebhookOperations(
            service, receiver, sender, () => address!, options.Region, ids.Next, time);
        var changes = new StateChanges(directory, TargetWriter, options.Region, ids.Next, time);
        access.Functions.Observer = changes;
        var target = new CallbackTarget(
            directory, sender, Disable, Loggers.CreateLogger<CallbackTarget>())
        {
            Traces = new RequestTraces(Traces, spans, time),
        };
        StateChanges = changes;
        return (target, changes);

        async Task Disable(WebhookId id, string reason) => await service.DisableAsync(id, reason);
    }
}
