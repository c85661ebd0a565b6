using Lambent.Kernel.Invocations;

namespace Lambent.Server.Telemetry;

/// <summary>Counts calls by how they ended, since the start. Read by /metrics.</summary>
internal sealed class CallMeter(ITelemetrySink next) : ITelemetrySink
{
    private static readonly int Kinds = Enum.GetValues<OutcomeKind>().Length;

    private readonly long[] calls = new long[Kinds];
    private long coldStarts;
    private long handlerMicroseconds;

    public long ColdStarts => Interlocked.Read(ref coldStarts);

    public double HandlerSeconds => Interlocked.Read(ref handlerMicroseconds) / 1e6;

    public long Calls(OutcomeKind kind) => Interlocked.Read(ref calls[(int)kind]);

    public void Record(InvocationRecord record)
    {
        Interlocked.Increment(ref calls[(int)record.Outcome]);
        Interlocked.Add(ref handlerMicroseconds, (long)record.Duration.TotalMicroseconds);
        if (record.InitDuration is not null)
        {
            Interlocked.Increment(ref coldStarts);
        }

        next.Record(record);
    }

    public void Write(LogLine line) => next.Write(line);
}
