namespace Lambent.Load.KeepAlive;

/// <summary>One call of a trace, in seconds since its start.</summary>
internal readonly record struct TraceCall(double StartSeconds, double DurationSeconds);

/// <summary>A function of a trace with all its calls, by start.</summary>
internal sealed record TraceFunction(ArrivalShape Shape, double MemoryMegabytes, IReadOnlyList<TraceCall> Calls);

/// <summary>How the calls of a function follow each other.</summary>
internal enum ArrivalShape
{
    /// <summary>Exactly periodic: a timer.</summary>
    Timer,

    /// <summary>Nearly periodic: sensors and clients that poll.</summary>
    Polled,

    /// <summary>Independent calls, more by day than by night.</summary>
    Independent,

    /// <summary>Some calls in a row, then a long pause.</summary>
    Bursts,
}
