using System.Buffers.Binary;
using Lambent.Kernel.Events;
using Lambent.Server.Delivery;
using Lambent.Server.Queues;
using Lambent.Simulation.Servers;
using Microsoft.Extensions.Logging.Abstractions;

namespace Lambent.Simulation.Events;

/// <summary>The delivery of events of a server, put together as the server does it.</summary>
internal sealed class EventParts
{
    /// <param name="support">What this life is built on.</param>
    /// <param name="target">What functions and callbacks are.</param>
    /// <param name="limits">What is different in each world; null: as a server has it.</param>
    /// <param name="isAlone">Whether no other machine delivers.</param>
    public EventParts(LifeSupport support, IEventTarget target, EventTargets? limits = null, bool isAlone = true)
    {
        Support = support;
        Writer = new TargetWriter(new QueueSignals());
        var options = new DeliveryOptions
        {
            Region = Queues.QueueParts.Region,
            Holder = support.Actor.Name,
            IsOnlyHolder = isAlone,
            NewId = NewId,
            Chance = support.Chance,
            Time = support.Time,
        };
        options = limits is null ? options : options with
        {
            PlacesMax = limits.PlacesMax,
            HeadBytesMax = limits.HeadBytesMax,
            ConcurrencyOf = limits.ConcurrencyOf,
        };
        Delivery = new DeliveryParts(
            options,
            support.Store,
            Writer,
            new Dictionary<DeliveryTargetKind, IEventTarget>
            {
                [DeliveryTargetKind.Function] = target,
                [DeliveryTargetKind.Callback] = target,
            });
        new EventRunner(Delivery, NullLogger<EventRunner>.Instance).Start();
    }

    public LifeSupport Support { get; }

    public TargetWriter Writer { get; }

    public DeliveryParts Delivery { get; }

    /// <summary>A UUIDv7, as the server makes them.</summary>
    public string NewId() => MakeId(Support.Time.GetUtcNow(), Support.Chance);

    public static string MakeId(DateTimeOffset now, Random chance)
    {
        Span<byte> id = stackalloc byte[16];
        chance.NextBytes(id);
        Span<byte> milliseconds = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(milliseconds, now.ToUnixTimeMilliseconds());
        milliseconds[2..].CopyTo(id);
        id[6] = (byte)((id[6] & 0x0F) | 0x70);
        id[8] = (byte)((id[8] & 0x3F) | 0x80);
        return new Guid(id, bigEndian: true).ToString();
    }
}
