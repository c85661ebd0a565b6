using Lambent.Kernel.Functions;
using Lambent.Kernel.Invocations;

namespace Lambent.Server.Telemetry;

/// <summary>Counts calls by how they ended, since the start. Read by /metrics.</summary>
internal sealed class CallMeter(ITelemetrySink next) : ITelemetrySink
{
    private static readonly int Kinds = Enum.GetValues<OutcomeKind>().Length;

    /// <summary>A wait that is only the way through the pool.</summary>
    private static readonly TimeSpan ShortWait = TimeSpan.FromMicroseconds(20);

    private static readonly string[] PhaseNames = ["queue", "place", "fetch", "start", "init"];

    private readonly long[] calls = new long[Kinds];
    private readonly long[] phaseMicroseconds = new long[PhaseNames.Length];
    private readonly long[] uses = new long[Enum.GetValues<EnvironmentUse>().Length];
    private long coldStarts;
    private long handlerMicroseconds;

    public long ColdStarts => Interlocked.Read(ref coldStarts);

    public long Uses(EnvironmentUse use) => Interlocked.Read(ref uses[(int)use]);

    public double HandlerSeconds => Interlocked.Read(ref handlerMicroseconds) / 1e6;

    /// <summary>Time that calls spent before their handlers, by phase.</summary>
    public IEnumerable<(string Phase, double Seconds)> PhaseSeconds() =>
        PhaseNames.Select((name, index) => (name, Interlocked.Read(ref phaseMicroseconds[index]) / 1e6));

    public long Calls(OutcomeKind kind) => Interlocked.Read(ref calls[(int)kind]);

    public void Record(InvocationRecord record)
    {
        Interlocked.Increment(ref calls[(int)record.Outcome]);
        if (record.Use != EnvironmentUse.OnDemand)
        {
            Interlocked.Increment(ref uses[(int)record.Use]);
        }

        Interlocked.Add(ref handlerMicroseconds, (long)record.Duration.TotalMicroseconds);
        if (record.Phases.Queue > TimeSpan.Zero)
        {
            Count(0, record.Phases.Queue);
        }

        // Most calls wait for nothing: what follows costs them one comparison.
        if (record.InitDuration is not null || record.Phases.Place > ShortWait)
        {
            Count(1, record.Phases.Place);
        }

        if (record.InitDuration is not null)
        {
            Interlocked.Increment(ref coldStarts);
            Count(2, record.Phases.Fetch);
            Count(3, record.Phases.Start);
            Count(4, record.Phases.Init);
        }

        next.Record(record);
    }

    public void Refuse(FunctionId function, string version, string invokedArn) =>
        next.Refuse(function, version, invokedArn);

    private void Count(int phase, TimeSpan duration) =>
        Interlocked.Add(ref phaseMicroseconds[phase], (long)duration.TotalMicroseconds);

    public bool Wants(FunctionId function, int bytes) => next.Wants(function, bytes);

    public void Write(LogLine line) => next.Write(line);

    public void Drop(FunctionId function, long lines, long bytes) => next.Drop(function, lines, bytes);
}
