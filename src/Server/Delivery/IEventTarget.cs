using Lambent.Kernel.Events;

namespace Lambent.Server.Delivery;

/// <summary>A kind of target: how an event is attempted there, and what holds for it.</summary>
internal interface IEventTarget
{
    /// <summary>What the target itself says; the defaults when it is no more.</summary>
    DeliverySettings SettingsOf(AsyncEvent candidate);

    /// <summary>Makes one attempt. It reports failures; it throws only for bugs.</summary>
    ValueTask<AttemptReport> AttemptAsync(AsyncEvent attempted, CancellationToken stopping);
}
