namespace Lambent.Kernel.Traces;

/// <summary>Where in which trace something happens: what one program hands to the next.</summary>
/// <param name="Trace">The trace; none: there is no context.</param>
/// <param name="Span">The span that what follows belongs to; 0: none, what follows begins the trace.</param>
/// <param name="IsSampled">Whether somebody is going to look at it.</param>
public readonly record struct TraceContext(TraceId Trace, ulong Span, bool IsSampled)
{
    public bool IsNone => Trace.IsNone;
}

/// <summary>The place of one call in its trace.</summary>
/// <param name="Parent">What came in; its trace is the call's.</param>
/// <param name="Span">The call's own span; 0: the call has none yet.</param>
public readonly record struct CallTrace(TraceContext Parent, ulong Span)
{
    public bool IsNone => Span == 0;

    /// <summary>What the function is handed, and hands on.</summary>
    public TraceContext Passed => Parent with { Span = Span };
}
