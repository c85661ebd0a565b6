using Lambent.Kernel;
using Lambent.Kernel.Access;
using Lambent.Kernel.Functions;
using Lambent.Sandbox.Interpreters;
using Lambent.Sandbox.Pool;
using Lambent.Server.Dispatch;
using Lambent.Server.Functions;
using Lambent.Server.Telemetry;
using Lambent.Server.Telemetry.Exports;
using Lambent.Storage.Telemetry;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Lambent.Server.Native;

/// <summary>GET /v1/status and GET /v1/environments.</summary>
internal sealed class StatusOperations(
    ServerOptions options,
    FunctionDirectory directory,
    Dispatcher dispatcher,
    EnvironmentPool pool,
    InterpreterCatalog interpreters,
    TelemetryStore telemetry,
    Func<long> metricCellsDropped,
    IReadOnlyList<ExportLoop> exports,
    DateTimeOffset startedAt)
{
    /// <summary>Looked up when first asked for, because it starts every interpreter once.</summary>
    private readonly Lazy<IReadOnlyList<string>> runtimes = new(() =>
        [.. Runtimes.All.Values.Where(runtime => interpreters.Check(runtime) is null).Select(runtime => runtime.Name)]);

    public void Map(NativeEndpoints endpoints, IEndpointRouteBuilder routes)
    {
        endpoints.Map(routes, "GET", "/v1/status", GetStatusAsync);
        endpoints.Map(routes, "GET", "/v1/environments", ListEnvironmentsAsync);
    }

    private async Task<Error?> GetStatusAsync(HttpContext http, Principal principal, ReadOnlyMemory<byte> body)
    {
        var usage = telemetry.ReadUsage();
        var answer = new StatusAnswer(
            ProgramVersion.Text,
            startedAt,
            options.Region,
            principal.Account.Value,
            directory.All().Count(function => function.Function.Id.Account == principal.Account),
            dispatcher.InFlight,
            runtimes.Value,
            Logs(principal.Account, usage),
            new StoredCallsStatusAnswer(
                usage.StoredCallBytes,
                options.Calls.BytesMax,
                options.Calls.Retention.TotalDays,
                LimitState.Of(usage.StoredCallBytes, options.Calls.BytesMax)),
            new MetricStatusAnswer(metricCellsDropped()),
            principal.Account == AccountId.Root ? [.. exports.Select(Describe)] : null);
        await NativeEndpoints.WriteAsync(http, 200, answer, NativeJson.Default.StatusAnswer);
        return null;
    }

    private LogStatusAnswer Logs(AccountId account, TelemetryUsage usage)
    {
        var dropped = telemetry.DroppedOf(account);
        return new LogStatusAnswer(
            usage.Oldest,
            usage.Bytes,
            options.LogBytesMax,
            options.LogRetention.TotalDays,
            LimitState.Of(usage.Bytes, options.LogBytesMax),
            dropped.Lines,
            dropped.Bytes,
            Enum.GetValues<LogDropReason>().ToDictionary(
                reason => reason.ToString().ToLowerInvariant(),
                reason => new LogDropAnswer(dropped.LinesFor(reason), dropped.BytesFor(reason))));
    }

    /// <summary>Where telemetry is sent is the operator's affair.</summary>
    private ExportAnswer Describe(ExportLoop export)
    {
        var (meter, backlog) = (export.Meter, export.Backlog());
        var state = meter.IsConnected ? "ok" : meter.Problem is null ? "idle" : "interrupted";
        return new ExportAnswer(
            export.Signal,
            export.Target.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped),
            state,
            meter.SentCount,
            meter.RejectedCount,
            meter.DroppedCount,
            backlog.Waiting,
            backlog.Oldest is { } oldest
                ? Math.Max(0, Math.Round((options.Time.GetUtcNow() - oldest).TotalSeconds, 1))
                : null,
            meter.Problem);
    }

    private async Task<Error?> ListEnvironmentsAsync(HttpContext http, Principal principal, ReadOnlyMemory<byte> body)
    {
        var environments = pool.Describe()
            .Where(environment => environment.Function.Account == principal.Account)
            .OrderBy(environment => environment.Function.Name, StringComparer.Ordinal)
            .ThenBy(environment => environment.StartedAt)
            .Select(environment => new EnvironmentAnswer(
                environment.Id,
                environment.Function.Name,
                environment.Version,
                environment.State.ToString().ToLowerInvariant(),
                environment.CallCount,
                environment.StartedAt,
                Milliseconds(environment.Phases.Fetch),
                Milliseconds(environment.Phases.Start),
                Milliseconds(environment.Phases.Init),
                environment.PeakMemoryMegabytes))
            .ToList();
        await NativeEndpoints.WriteAsync(
            http, 200, new EnvironmentsAnswer(environments), NativeJson.Default.EnvironmentsAnswer);
        return null;
    }

    private static double Milliseconds(TimeSpan duration) => Math.Round(duration.TotalMilliseconds, 3);
}
