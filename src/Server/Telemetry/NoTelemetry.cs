using Lambent.Kernel.Functions;
using Lambent.Kernel.Invocations;

namespace Lambent.Server.Telemetry;

/// <summary>Where the operator wants nothing kept of calls: neither records nor lines nor figures.</summary>
internal sealed class NoTelemetry : ITelemetrySink
{
    public void Record(InvocationRecord record)
    {
    }

    public bool Wants(FunctionId function, int bytes) => false;

    public void Write(LogLine line)
    {
    }
}
