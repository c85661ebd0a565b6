using System.Text;
using Lambent.Kernel.Environments;
using Lambent.Kernel.Invocations;
using Lambent.Kernel.Logs;

namespace Lambent.Sandbox.Channels;

/// <summary>Hands what an environment writes to the telemetry, with the names it is found by.</summary>
internal sealed class EnvironmentLog(
    EnvironmentSpecification specification,
    string environmentId,
    ITelemetrySink telemetry,
    TimeProvider time,
    bool masksSecrets = true)
{
    /// <summary>Null for most functions, which costs a line nothing.</summary>
    private readonly SecretMask? mask = masksSecrets ? SecretMask.From(specification.Variables) : null;

    public void Write(string? requestId, ReadOnlySpan<byte> text)
    {
        if (!text.IsEmpty && telemetry.Wants(specification.Function, text.Length))
        {
            var line = Encoding.UTF8.GetString(text);
            telemetry.Write(new LogLine(
                specification.Function,
                specification.Version,
                environmentId,
                requestId,
                time.GetUtcNow(),
                mask is null ? line : mask.Apply(line))
            {
                Specification = specification,
            });
        }
    }
}
