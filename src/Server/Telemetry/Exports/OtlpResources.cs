using Lambent.Kernel.Functions;
using Lambent.Protocol.Otlp;

namespace Lambent.Server.Telemetry.Exports;

/// <summary>What spans, lines and figures are of, in the names of OpenTelemetry's conventions.</summary>
internal static class OtlpResources
{
    public const string Scope = "lambent";

    public static List<OtlpAttribute> Of(string service, string account, string region) =>
    [
        new("service.name", service),
        new("service.namespace", "lambent"),
        new("cloud.account.id", account),
        new("cloud.region", region),
    ];

    /// <param name="function">Which.</param>
    /// <param name="version">Empty for none.</param>
    /// <param name="region">Of this server.</param>
    public static List<OtlpAttribute> OfFunction(FunctionId function, string version, string region)
    {
        var attributes = Of(function.Name, function.Account.Value, region);
        attributes.Add(new OtlpAttribute("faas.name", function.Name));
        if (version.Length > 0)
        {
            attributes.Add(new OtlpAttribute("faas.version", version));
        }

        return attributes;
    }

    public static ulong Nanoseconds(DateTimeOffset time) => (ulong)(time - DateTimeOffset.UnixEpoch).Ticks * 100;
}
