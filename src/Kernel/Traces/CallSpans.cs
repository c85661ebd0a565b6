using System.Globalization;
using Lambent.Kernel.Invocations;

namespace Lambent.Kernel.Traces;

/// <summary>Makes the spans of a call out of its record: the call, and what its time went into.</summary>
public static class CallSpans
{
    private static readonly string[] PhaseNames = ["queue", "place", "fetch", "start", "init", "handler"];

    /// <summary>A wait for an environment that is only the way through the pool is no phase.</summary>
    private static readonly TimeSpan PlaceMin = TimeSpan.FromMicroseconds(20);

    /// <summary>The call itself, from when it was asked for until its answer.</summary>
    public static TraceSpan Of(InvocationRecord call)
    {
        var before = Before(call);
        return new TraceSpan
        {
            Owner = call.Function,
            Parent = call.Trace.Parent,
            Span = call.Trace.Span,
            Name = call.Function.Name,
            StartedAt = call.StartedAt - before,
            Duration = before + call.Duration,
            Origin = SpanOrigin.Call,
            Kind = call.Source is "invoke" or "url" ? SpanKind.Server : SpanKind.Consumer,
            Status = call.Outcome == OutcomeKind.Success ? SpanStatus.Unset : SpanStatus.Error,
            Version = call.Version,
        };
    }

    /// <summary>The phases that took time, in order; the handler is always among them.</summary>
    public static IEnumerable<TraceSpan> PhasesOf(InvocationRecord call)
    {
        var at = call.StartedAt - Before(call);
        var lengths = LengthsOf(call);
        for (var phase = 0; phase < lengths.Length; phase++)
        {
            if (lengths[phase] > TimeSpan.Zero || phase == lengths.Length - 1)
            {
                yield return new TraceSpan
                {
                    Owner = call.Function,
                    Parent = call.Trace.Passed,
                    Span = SpanIds.OfPhase(call.Trace.Span, phase),
                    Name = PhaseNames[phase],
                    StartedAt = at,
                    Duration = lengths[phase],
                    Origin = SpanOrigin.Phase,
                    Version = call.Version,
                };
            }

            at += lengths[phase];
        }
    }

    /// <summary>
    /// What is told of a call besides its times, by the names of OpenTelemetry's conventions (faas, cloud) and, where
    /// they have none, of ours.
    /// </summary>
    public static IEnumerable<(string Name, object Value)> AttributesOf(InvocationRecord call)
    {
        yield return ("faas.invocation_id", call.RequestId);
        yield return ("faas.trigger", TriggerOf(call.Source));
        yield return ("faas.coldstart", call.InitDuration is not null);
        yield return ("faas.instance", call.EnvironmentId);
        yield return ("faas.max_memory", call.MemoryMegabytes * 1_048_576L);
        yield return ("lambent.source", call.Source);
        yield return ("lambent.memory_used_megabytes", (long)call.MaxMemoryUsedMegabytes);
        if (call.Outcome != OutcomeKind.Success)
        {
            yield return ("error.type", call.Outcome.ToString());
        }
    }

    /// <summary>The place of a phase among <see cref="LengthsOf"/>.</summary>
    public static int IndexOf(string phase) => Array.IndexOf(PhaseNames, phase);

    /// <summary>What the time went into: queue, place, fetch, start, init, handler.</summary>
    public static TimeSpan[] LengthsOf(InvocationRecord call)
    {
        var phases = call.Phases;
        var place = call.InitDuration is not null || phases.Place > PlaceMin ? phases.Place : TimeSpan.Zero;
        return [phases.Queue, place, phases.Fetch, phases.Start, phases.Init, call.Duration];
    }

    private static TimeSpan Before(InvocationRecord call)
    {
        var sum = TimeSpan.Zero;
        foreach (var length in LengthsOf(call)[..^1])
        {
            sum += length;
        }

        return sum;
    }

    private static string TriggerOf(string source) => source switch
    {
        "url" => "http",
        "queue" or "mapping" => "pubsub",
        _ => "other",
    };

    /// <summary>The id of a span as its 16 digits.</summary>
    public static string Hex(ulong span) => span.ToString("x16", CultureInfo.InvariantCulture);
}
