using Lambent.Kernel.Traces;

namespace Lambent.Server;

/// <summary>
/// Gives calls their place in a trace. Ids are the seed's sequence, mixed (SplitMix64): no two of them are the same,
/// and one costs an addition and a few multiplications.
/// </summary>
/// <param name="seed">Different for each start of the program.</param>
/// <param name="time">The clock, for traces that begin with what has no id of ours.</param>
public sealed class CallTraces(ulong seed, TimeProvider time)
{
    private const ulong Step = 0x9E3779B97F4A7C15;

    private ulong state = seed;

    /// <summary>Never 0.</summary>
    public ulong NextSpan()
    {
        while (true)
        {
            var mixed = Interlocked.Add(ref state, Step);
            mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
            mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
            mixed ^= mixed >> 31;
            if (mixed != 0)
            {
                return mixed;
            }
        }
    }

    /// <summary>A trace that begins with something that has this id.</summary>
    public TraceContext Root(string requestId) =>
        new(TraceId.TryOfRequest(requestId, out var trace) ? trace : NextTrace(), 0, IsSampled: true);

    /// <summary>The place of a call that came with a context, or with none.</summary>
    public CallTrace Begin(in TraceContext incoming, string requestId) =>
        new(incoming.IsNone ? Root(requestId) : incoming, NextSpan());

    private TraceId NextTrace()
    {
        var seconds = (ulong)time.GetUtcNow().ToUnixTimeSeconds() & uint.MaxValue;
        return new TraceId((seconds << 32) | (NextSpan() & uint.MaxValue), NextSpan());
    }
}
