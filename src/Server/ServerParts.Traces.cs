using System.Security.Cryptography;
using Lambent.Server.Access;
using Lambent.Server.Ingress;
using Lambent.Server.Native;
using Lambent.Server.Telemetry;
using Lambent.Server.Workflows;

namespace Lambent.Server;

/// <summary>Traces: where calls belong, and what is kept of it.</summary>
internal sealed partial class ServerParts
{
    public OtlpEndpoint Otlp { get; private set; } = null!;

    public TraceOperations TraceOperations { get; private set; } = null!;

    private CallTraces Traces { get; set; } = null!;

    private SpanIntake SpanIntake { get; set; } = null!;

    private void OpenTraces(ServerOptions options)
    {
        var seed = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong)));
        Traces = new CallTraces(seed, options.Time);
    }

    private LogMetrics DescribeTelemetry(ServerOptions options, StorageParts storage) => new(
        storage.Telemetry.Store,
        options.LogBytesMax,
        options.Calls.BytesMax,
        () => MetricKeeper.Dropped,
        () => SpanIntake,
        exports);

    private void OpenTraceViews(
        ServerOptions options,
        StorageParts storage,
        AccessParts access,
        EnvironmentParts environments,
        SignatureVerifier verifier,
        ExecutionViews views)
    {
        var store = storage.Telemetry.Store;
        TraceBook = new TraceBook(store, Executions, views, options.Region, options.Time);
        TraceOperations = new TraceOperations(TraceBook, new ReleaseComparison(store.Traces), store, options.Time);
        SpanIntake = new SpanIntake(store, options.Time);
        Otlp = new OtlpEndpoint(
            environments.Pool,
            access.Functions.Directory,
            verifier,
            SpanIntake,
            options.MasksSecretsInLogs);
    }
}
