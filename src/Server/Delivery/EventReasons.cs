using System.Globalization;
using Lambent.Kernel.Events;
using Lambent.Kernel.Events.Lanes;

namespace Lambent.Server.Delivery;

/// <summary>Says in a sentence why an event, or a line of them, is where it is.</summary>
internal static class EventReasons
{
    /// <summary>One word: delayed, waiting, running, retrying, dead.</summary>
    public static string StateOf(StoredEvent stored, bool isRunning) => stored.State switch
    {
        EventState.Dead => "dead",
        EventState.Ready => isRunning ? "running" : "waiting",
        _ => stored.Event.Attempts > 0 ? "retrying" : "delayed",
    };

    public static string StateOf(EventEnd end) => end switch
    {
        EventEnd.Succeeded => "succeeded",
        EventEnd.RetriesExhausted => "failed",
        EventEnd.Expired => "expired",
        EventEnd.Cancelled => "cancelled",
        EventEnd.Disabled => "disabled",
        _ => "target-gone",
    };

    public static string Why(StoredEvent stored, bool isRunning, LaneView lane)
    {
        var waiting = stored.Event;
        if (waiting.IsCancelled)
        {
            return "It was cancelled while it ran: there will be no further attempt.";
        }

        return (stored.State, isRunning) switch
        {
            (EventState.Dead, _) => $"It was given up: {waiting.LastError} Send it again with a redrive.",
            (EventState.Ready, true) => "An attempt is running.",
            (EventState.Ready, false) => Why(lane),
            _ when waiting.Attempts > 0 =>
                $"Attempt {waiting.Attempts} failed: {waiting.LastError}. The next one is due at {At(waiting.DueAt)}.",
            _ => $"It was put off by its sender until {At(waiting.DueAt)}.",
        };
    }

    public static string Why(LaneView lane)
    {
        if (lane.Pace.IsPaused(lane.Now))
        {
            var reason = lane.Figures.RefusedBecause ?? "there was no room.";
            return $"The last attempt of its line was refused: {reason} "
                + $"The line goes on at {At(lane.Pace.PausedUntil)}.";
        }

        if (lane.RunningCount >= lane.Concurrency)
        {
            return $"{lane.RunningCount} events of its line run, as many as the scale controller wants now.";
        }

        return lane.RunningCount > 0
            ? $"{lane.RunningCount} events of its line run. Its turn comes."
            : "Its turn comes now, or all places of this node are taken.";
    }

    private static string At(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}

/// <summary>A line as it is now on this node.</summary>
internal sealed record LaneView(
    EventLane Lane, int RunningCount, int Concurrency, LanePace Pace, LaneFigures Figures, DateTimeOffset Now);
