using Lambent.Server.Native;
using Lambent.Server.Replays;
using Lambent.Server.Telemetry;
using Microsoft.AspNetCore.Builder;

namespace Lambent.Server;

/// <summary>Errors in groups, stored calls, and making them again.</summary>
internal sealed partial class ServerParts
{
    private Action<WebApplication> mapErrors = _ => { };

    /// <summary>After the delivery of events.</summary>
    private void OpenErrors(ServerOptions options, StorageParts storage, AccessParts access, RequestIds ids)
    {
        var store = storage.Telemetry.Store;
        var source = new ReplaySource(store);
        var replays = new ReplayService(
            source,
            access.Functions.Directory,
            Dispatcher,
            Delivery.Inbox,
            Delivery.Control,
            ids.Next,
            options.Time);
        var errors = new ErrorOperations(store, new SourceViewer(storage.Packages), options.Time);
        var invocations = new InvocationOperations(store, source, options.Time);
        var replayOperations = new ReplayOperations(replays, store, options.Time);
        mapErrors = app =>
        {
            errors.Map(Native, app);
            invocations.Map(Native, app);
            replayOperations.Map(Native, app);
        };
    }

    public void MapErrors(WebApplication app) => mapErrors(app);
}
