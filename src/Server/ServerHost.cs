using Lambent.Kernel;
using Lambent.Server.Aws.Lambda;
using Lambent.Server.Ingress;
using Lambent.Storage.Disk;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Lambent.Server;

/// <summary>The program's server: composes the parts, runs the pipeline, and ends in order.</summary>
public static class ServerHost
{
    private const int HeaderBytesMax = 64 * 1024;
    private static readonly TimeSpan DataRateGrace = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Runs until <paramref name="stop"/> is cancelled, then drains. Fails when it cannot start: another server holds
    /// the data folder, the port is taken, the store cannot be read.
    /// </summary>
    /// <returns>Null after a good end.</returns>
    public static async Task<ServerFailure?> RunAsync(
        ServerOptions options, IServerAnnouncer announcer, CancellationToken stop)
    {
        Limits.AssertConsistent();
        var composed = await ServerParts.ComposeAsync(options, announcer, stop);
        if (composed.Failed(out var parts, out var failure))
        {
            var kind = failure.Reason == DataFolder.HeldReason ? ServerFailureKind.DataFolderHeld
                : ServerFailureKind.Other;
            return new ServerFailure(kind, failure.Code.ToString(), failure.Message);
        }

        await using (parts)
        {
            await using var app = Build(options, parts);
            MapPipeline(app, parts);
            try
            {
                await app.StartAsync(stop);
            }
            catch (IOException exception)
            {
                return PortTaken(options, exception);
            }

            var address = Address(app, options);
            parts.Start(address);
            announcer.Ready(address, parts.NewLoginUrl(address));
            await WaitAsync(stop);

            // Before calls are refused: functions are told that their connections are over.
            await parts.WebSockets.CloseAllAsync(options.DrainTimeout);
            await parts.Dispatcher.DrainAsync(options.DrainTimeout);
            using var limit = new CancellationTokenSource(options.DrainTimeout, options.Time);
            await app.StopAsync(limit.Token);
        }

        return null;
    }

    /// <summary>The whole pipeline, in the order in which a request meets it.</summary>
    private static void MapPipeline(WebApplication app, ServerParts parts)
    {
        // Out of a sandbox: the Runtime API of the connection's own environment, and no other.
        app.Use((http, next) => parts.RuntimeApi.TryServe(http) ?? next(http));

        // Only for upgrades: other requests do not pay for it.
        app.UseWhen(http => http.Request.Headers.Upgrade.Count > 0, upgrade => upgrade.UseWebSockets());

        // The hot paths, before routing.
        app.Use((http, next) => parts.FunctionUrls.TryServe(http) ?? next(http));
        app.Use((http, next) => parts.Connections.TryServe(http) ?? next(http));
        app.Use((http, next) => parts.Invoke.TryServe(http) ?? next(http));
        app.Use((http, next) => parts.Otlp.TryServe(http) ?? next(http));

        // By the signature's scope, because the Query protocol has one path for all services.
        parts.S3.Map(app);
        parts.Sts.Map(app);
        parts.Sqs.Map(app);
        parts.Scheduler.Map(app);
        parts.StepFunctions.Map(app);
        parts.CloudWatchLogs.Map(app);
        parts.CloudWatch.Map(app);

        app.UseRouting();
        app.MapGet("/healthz", http => http.Response.WriteAsync("ok\n", http.RequestAborted));
        app.MapGet("/metrics", parts.Metrics.ServeAsync);
        parts.Status.Map(parts.Native, app);
        parts.Accounts.Map(parts.Native, app);
        parts.MapSessions(app);
        parts.MapNode(app);
        parts.Logs.Map(parts.Native, app);
        parts.TraceOperations.Map(parts.Native, app);
        parts.MetricOperations.Map(parts.Native, app);
        parts.AlertOperations.Map(parts.Native, app);
        parts.EventOperations.Map(parts.Native, app);
        parts.ExecutionOperations.Map(parts.Native, app);
        parts.ProvisionedOperations.Map(parts.Native, app);
        parts.Scaling.Map(parts.Native, app);
        parts.ScheduleOperations.Map(parts.Native, app);
        parts.CalendarOperations.Map(parts.Native, app);
        parts.Blobs.Map(parts.Native, app);
        parts.WebhookOperations.Map(parts.Native, app);
        parts.QueueOperations.Map(parts.Native, app);
        parts.QueuePeek.Map(parts.Native, app);
        parts.PushOperations.Map(parts.Native, app);
        parts.MapErrors(app);
        parts.MapFunctionList(app);
        parts.Push.Map(app);
        parts.Webhooks.Map(app);
        parts.Aws.Map(app, parts.LambdaOperations, LambdaOperations.Dates);
        parts.Dashboard.Map(app);
    }

    private static WebApplication Build(ServerOptions options, ServerParts parts)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "lambent" });
        builder.Services.AddSingleton(parts.Loggers);
        builder.Services.AddRoutingCore();
        builder.Services.Configure<SocketTransportOptions>(transport =>
        {
            // A call goes from the socket to the environment and back on the thread that saw the socket's readiness:
            // two changes of threads less, which on a short call are half of the time. Whatever may block or take long
            // leaves that thread first (AwsEndpoints, NativeEndpoints, EnvironmentStarter).
            transport.UnsafePreferInlineScheduling = true;

            // One system call less per request, for a buffer of 4 KB per open connection.
            transport.WaitForDataBeforeAllocatingBuffer = false;
        });
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = Limits.CreateFunctionRequestBytesMax + 1;
            kestrel.Limits.MaxRequestHeadersTotalSize = HeaderBytesMax;
            kestrel.Limits.MaxRequestLineSize = HeaderBytesMax;
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(30);

            // A caller that reads or sends hardly anything is cut off, but not for a moment of a busy machine.
            kestrel.Limits.MinResponseDataRate = new MinDataRate(bytesPerSecond: 64, gracePeriod: DataRateGrace);
            kestrel.Limits.MinRequestBodyDataRate = new MinDataRate(bytesPerSecond: 64, gracePeriod: DataRateGrace);
            kestrel.Listen(options.BindAddress, options.Port, listen => listen.Protocols = HttpProtocols.Http1);
            kestrel.Listen(new EnvironmentEndPoint(), listen => listen.Protocols = HttpProtocols.Http1);
        });

        // After the web server's own transport, which only registers itself where there is none yet.
        builder.Services.AddSingleton<IConnectionListenerFactory>(parts.EnvironmentTransport);
        return builder.Build();
    }

    private static Uri Address(WebApplication app, ServerOptions options)
    {
        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!;
        var port = addresses.Addresses
            .Select(address => Uri.TryCreate(address, UriKind.Absolute, out var uri) ? uri.Port : 0)
            .First(port => port > 0);
        return new Uri($"http://{options.AdvertisedHost}:{port}");
    }

    private static ServerFailure PortTaken(ServerOptions options, IOException exception) => new(
        ServerFailureKind.PortTaken,
        nameof(ErrorCode.ResourceConflict),
        $"Port {options.Port} on {options.BindAddress} cannot be used: "
        + $"{exception.InnerException?.Message ?? exception.Message}.");

    private static async Task WaitAsync(CancellationToken stop)
    {
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = stop.Register(() => stopped.TrySetResult());
        await stopped.Task;
    }
}
