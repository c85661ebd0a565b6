using Lambent.Kernel.Access;
using Lambent.Kernel.Events;
using Lambent.Kernel.Functions;

namespace Lambent.Kernel.Tests.Events;

internal static class EventSamples
{
    public static readonly DateTimeOffset AcceptedAt = new(2026, 11, 21, 8, 0, 0, TimeSpan.Zero);

    public static AsyncEvent Event(
        string id = "one", int attempts = 0, int priority = 0, AccountId? account = null, string function = "hello") =>
        new()
        {
            Id = id,
            Target = DeliveryTarget.OfFunction(new FunctionId(account ?? AccountId.Root, function)),
            Payload = "{}"u8.ToArray(),
            AcceptedAt = AcceptedAt,
            FirstDueAt = AcceptedAt,
            DueAt = AcceptedAt,
            Attempts = attempts,
            Policy = priority == 0 ? EventPolicy.None : EventPolicy.None with { Priority = priority },
        };
}
