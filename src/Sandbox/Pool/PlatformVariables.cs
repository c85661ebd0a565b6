using Lambent.Kernel.Environments;

namespace Lambent.Sandbox.Pool;

/// <summary>
/// Tells a function where the platform is: AWS's SDKs, and an OpenTelemetry SDK for its spans (OpenTelemetry's
/// environment variables). Only traces are received, so only their address is set; who chose an address of his own
/// keeps it.
/// </summary>
internal static class PlatformVariables
{
    private const string Address = "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT";

    public static void Add(
        IDictionary<string, string> variables,
        EnvironmentSpecification specification,
        string region,
        string? platformAddress)
    {
        variables.TryAdd("AWS_ENDPOINT_URL", $"http://{platformAddress}");
        variables["AWS_LAMBDA_RUNTIME_API"] = platformAddress ?? "";
        if (platformAddress is not null
            && !variables.ContainsKey("OTEL_EXPORTER_OTLP_ENDPOINT")
            && variables.TryAdd(Address, $"http://{platformAddress}/v1/traces"))
        {
            variables.TryAdd("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "http/protobuf");
        }

        variables.TryAdd("OTEL_SERVICE_NAME", specification.Function.Name);
        variables.TryAdd(
            "OTEL_RESOURCE_ATTRIBUTES",
            $"faas.name={specification.Function.Name},faas.version={specification.Version},"
            + $"cloud.account.id={specification.Function.Account.Value},cloud.region={region}");
    }
}
