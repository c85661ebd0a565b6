namespace Lambent.Server.Telemetry.Exports;

/// <summary>What can be sent to a collector; the names are those in the paths of OTLP over HTTP.</summary>
public static class OtlpSignals
{
    public const string Traces = "traces";
    public const string Logs = "logs";
    public const string Metrics = "metrics";

    public static IReadOnlyList<string> All { get; } = [Traces, Logs, Metrics];
}
