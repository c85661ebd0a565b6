using Lambent.Kernel;
using Lambent.Kernel.Storage;

namespace Lambent.Server.Delivery;

/// <summary>Forgets what was kept for a time that is over: results, idempotency keys, dead events.</summary>
internal sealed class EventSweeper(IStore store, DeliveryMeter meter)
{
    public static readonly TimeSpan Period = TimeSpan.FromMinutes(10);

    /// <summary>So that no other write waits long for one of these.</summary>
    private const int StepMax = 500;

    public async Task SweepAsync(DateTimeOffset now, CancellationToken cancellation)
    {
        meter.Sweep();
        await RemoveAsync(transaction => transaction.EventResults.DeleteExpired(now, StepMax), cancellation);
        await RemoveAsync(transaction => transaction.EventKeys.DeleteExpired(now, StepMax), cancellation);
        await RemoveAsync(
            transaction => transaction.Events.DeleteDead(now - Limits.DeadEventRetention, StepMax), cancellation);
    }

    private async Task RemoveAsync(Func<ITransaction, int> remove, CancellationToken cancellation)
    {
        while ((await store.WriteAsync<int>(transaction => remove(transaction), cancellation)).Value == StepMax)
        {
        }
    }
}
