using System.Text;
using Lambent.Kernel.Environments;
using Lambent.Kernel.Invocations;

namespace Lambent.Sandbox.Channels;

/// <summary>Hands what an environment writes to the telemetry, with the names it is found by.</summary>
internal sealed class EnvironmentLog(
    EnvironmentSpecification specification, string environmentId, ITelemetrySink telemetry, TimeProvider time)
{
    public void Write(string? requestId, ReadOnlySpan<byte> text)
    {
        if (!text.IsEmpty)
        {
            telemetry.Write(new LogLine(
                specification.Function,
                specification.Version,
                environmentId,
                requestId,
                time.GetUtcNow(),
                Encoding.UTF8.GetString(text)));
        }
    }
}
