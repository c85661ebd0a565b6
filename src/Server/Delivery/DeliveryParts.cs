using Lambent.Kernel.Events;
using Lambent.Kernel.Events.Lanes;
using Lambent.Kernel.Storage;
using Lambent.Server.Loops;
using Lambent.Server.Scaling;

namespace Lambent.Server.Delivery;

/// <summary>What differs between servers, tests and the simulator.</summary>
internal sealed record DeliveryOptions
{
    public required string Region { get; init; }

    /// <summary>This process; no two have the same.</summary>
    public required string Holder { get; init; }

    /// <summary>Whether the store is this process's alone.</summary>
    public bool IsOnlyHolder { get; init; } = true;

    /// <summary>Events that run at a time.</summary>
    public int PlacesMax { get; init; } = 512;

    /// <summary>Memory for events that wait, besides those that run.</summary>
    public long HeadBytesMax { get; init; } = 64L * Kernel.Limits.MiB;

    public required Func<string> NewId { get; init; }

    public required Random Chance { get; init; }

    public required TimeProvider Time { get; init; }

    /// <summary>Told of the end of every event, or null.</summary>
    public IEventObserver? Observer { get; init; }

    /// <summary>Says how many events of a line are to run at a time.</summary>
    public required IConcurrencyTargets Targets { get; init; }
}

/// <summary>The delivery of events, put together: what accepts, what runs, what is asked.</summary>
internal sealed class DeliveryParts
{
    public DeliveryParts(
        DeliveryOptions options,
        IStore store,
        TargetWriter writer,
        IReadOnlyDictionary<DeliveryTargetKind, IEventTarget> targets)
    {
        (Store, Writer, Targets) = (store, writer, targets);
        (NewId, Chance, Time) = (options.NewId, options.Chance, options.Time);
        Wake = new WakeSignal(Time);
        LaneTargets = new LaneTargets(options.Targets);
        Board = new LaneBoard(
            new EventLanes(options.PlacesMax, options.HeadBytesMax, LaneTargets.Of), Wake);
        Lease = new DeliveryLease(store, options.Holder, options.IsOnlyHolder, Time);
        Settler = new EventSettler(Lease, options.Observer, options.Region);
        Meter = new DeliveryMeter(Time);
        Inbox = new EventInbox(store, Board, Meter);
        Control = new EventControl(store, Board, Endings, Meter, LaneTargets.Of, Time);
        writer.Subscribe(target =>
        {
            var lane = EventLane.Of(target);
            Meter.Accept(lane);
            Board.Invalidate(lane);
        });
    }

    public IStore Store { get; }

    public TargetWriter Writer { get; }

    public IReadOnlyDictionary<DeliveryTargetKind, IEventTarget> Targets { get; }

    public Func<string> NewId { get; }

    public Random Chance { get; }

    public TimeProvider Time { get; }

    public WakeSignal Wake { get; }

    public LaneTargets LaneTargets { get; }

    public LaneBoard Board { get; }

    public DeliveryLease Lease { get; }

    public EventSettler Settler { get; }

    public DeliveryMeter Meter { get; }

    public EventEndings Endings { get; } = new();

    public EventInbox Inbox { get; }

    public EventControl Control { get; }
}
