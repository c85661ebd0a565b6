using System.Globalization;

namespace Lambent.Kernel.Scaling.Control;

/// <summary>A decision in words: what was decided, from which numbers, what limits it, what waits for what.</summary>
public static class ScalingExplanation
{
    /// <summary>Sentences, the most important first.</summary>
    public static IReadOnlyList<string> Of(ScalingRecord record)
    {
        List<string> sentences = [];
        if (record.Queue is { } queue)
        {
            Explain(queue.Load, record.Decision, sentences);
        }
        else if (record.Http is { } http)
        {
            Explain(http.Load, record.Decision, sentences);
        }

        return sentences;
    }

    private static void Explain(QueueLoad load, ScalingDecision decision, List<string> sentences)
    {
        sentences.Add(
            $"Wants {Count(decision.Concurrency, "call")} in flight and "
            + $"{Count(decision.Environments, "environment")}: {Because(decision)}.");
        sentences.Add(
            $"{Count(load.Backlog, "message")} {(load.Backlog == 1 ? "waits" : "wait")}"
            + (load.Backlog > 0 ? $", the oldest for {Time(load.OldestSeconds)}" : "")
            + $"; {Number(decision.RatePerSecond)} arrive each second; a call takes {Execution(load.Use)}.");
        sentences.Add(
            $"Arrivals keep {Number(decision.RateCalls)} calls in flight, the backlog adds "
            + $"{Number(decision.ExtraCalls)}: one for each {Number(decision.MessagesPerPlace)} messages, to be done "
            + $"in {Time(load.DrainSeconds > 0 ? load.DrainSeconds : QueueScaling.DrainSecondsDefault)}.");
        AddLimit(decision, load.Limits, sentences);
        if (load.Backlog > 0 && load.CallsInFlight < decision.Concurrency)
        {
            AddStarts(load.EnvironmentsReady, load.EnvironmentsStarting, load.Use, sentences);
        }
        else if (load.Backlog > 0)
        {
            sentences.Add(
                $"What waits, waits for one of the {Count(load.CallsInFlight, "call")} in flight to end"
                + (decision.Limit == ScalingLimit.None ? "." : $", because {Limit(decision, load.Limits)}."));
        }
    }

    private static void Explain(HttpLoad load, ScalingDecision decision, List<string> sentences)
    {
        sentences.Add($"Wants {Count(decision.Environments, "environment")}: {Because(decision)}.");
        sentences.Add(
            $"{Count(load.CallsInFlight, "call")} in flight"
            + (load.CallsOfQueues > 0 ? $" ({load.CallsOfQueues} of them from queues)" : "")
            + $", {load.CallsWaiting} waiting; {Number(decision.RatePerSecond)} arrive each second; a call takes "
            + $"{Execution(load.Use)}, a start {Time(load.Use.StartSeconds)}.");
        sentences.Add(
            $"Arrivals keep {Number(decision.RateCalls)} calls in flight"
            + (decision.ExtraCalls > 0
                ? $"; {Number(decision.ExtraCalls)} more places are for those that come at the same moment or are "
                  + "about to come."
                : "."));
        AddLimit(decision, load.Limits, sentences);
        if (load.CallsWaiting > 0)
        {
            AddStarts(load.EnvironmentsReady, load.EnvironmentsStarting, load.Use, sentences);
        }
    }

    private static string Because(ScalingDecision decision) => decision.Reason switch
    {
        ScalingReason.Idle => "there is nothing to do",
        ScalingReason.Backlog => "work waits, and this many are done with it in time",
        ScalingReason.BehindSchedule => "the oldest work has waited so long that fewer would not be done in time",
        ScalingReason.ArrivalRate => "as many as arrive while one runs",
        ScalingReason.GrowingRate => "arrivals become more, and environments are to be ready for them",
        ScalingReason.CallsInFlight => "that many calls are there at a time",
        ScalingReason.GrowingCalls => "calls in flight become more with each look",
        ScalingReason.Settled => "the difference to what is needed is too small for a change",
        ScalingReason.Holding => "that many were needed a moment ago",
        _ => "fewer than before, which were not needed for a while",
    };

    private static void AddLimit(ScalingDecision decision, ScalingLimits limits, List<string> sentences)
    {
        if (decision.Limit != ScalingLimit.None)
        {
            sentences.Add(
                $"Without limits it would be {Count(decision.Wanted, "call")}: {Limit(decision, limits)}.");
        }
    }

    private static string Limit(ScalingDecision decision, ScalingLimits limits) => decision.Limit switch
    {
        ScalingLimit.Reserved => $"the function's reserved concurrency is {limits.Reserved}",
        ScalingLimit.Account => $"the account has room for {limits.Account}",
        ScalingLimit.Source => $"the source may have {limits.Source} at a time",
        ScalingLimit.NodeEnvironments => $"the node has room for {Count(limits.NodeEnvironments, "environment")}",
        ScalingLimit.NodeMemory => $"the node has {Number(limits.NodeMegabytes)} MB for its environments",
        ScalingLimit.NodeProcessor =>
            $"{decision.LimitedTo} of them fill the node's {Number(limits.NodeCores)} processors",
        _ => "nothing limits it",
    };

    private static void AddStarts(int ready, int starting, FunctionUse use, List<string> sentences) =>
        sentences.Add(starting > 0
            ? $"What waits, waits for {Count(starting, "environment")} to start, which took {Time(use.StartSeconds)} "
              + $"the last time; {ready} are there."
            : $"What waits is being taken; {Count(ready, "environment")} {(ready == 1 ? "is" : "are")} there.");

    private static string Execution(FunctionUse use) => use.ExecutionSeconds > 0
        ? $"{Time(use.ExecutionSeconds)} (at most {Time(use.TailSeconds)} of late)"
        : "an unknown time, because none has ended yet";

    private static string Count(int count, string what) => string.Create(
        CultureInfo.InvariantCulture, $"{count:N0} {what}{(count == 1 ? "" : "s")}");

    private static string Number(double value) =>
        value.ToString(value is >= 100 or 0 ? "N0" : "0.##", CultureInfo.InvariantCulture);

    private static string Time(double seconds) => seconds < 1
        ? string.Create(CultureInfo.InvariantCulture, $"{1e3 * seconds:0.#} ms")
        : string.Create(CultureInfo.InvariantCulture, $"{seconds:0.##} s");
}
