using Lambent.Kernel.Environments;
using Lambent.Sandbox.Pool;

namespace Lambent.Sandbox.Tests.Pool;

/// <summary>A pool on manual time whose environments start at once.</summary>
internal sealed class TimedPool : IAsyncDisposable
{
    private static readonly TimeSpan CallDuration = TimeSpan.FromMilliseconds(100);

    public TimedPool(
        bool predicts = false,
        TimeSpan? idle = null,
        TimeSpan? ageMax = null,
        int environmentsMax = 100,
        TimeSpan? capacityWait = null,
        TimeSpan? sweepPeriod = null,
        FakeStarter? starter = null,
        ManualTime? time = null)
    {
        Time = time ?? new ManualTime();
        var random = new Random(3);
        Starter = starter ?? new FakeStarter { Immediate = true, Inline = true, Time = Time };
        Pool = new EnvironmentPool(
            Starter,
            new PoolOptions
            {
                IdleTimeout = idle ?? TimeSpan.FromMinutes(10),
                PredictsIdleTimes = predicts,
                AgeMax = ageMax ?? TimeSpan.FromDays(30),
                Chance = random.NextDouble,
                EnvironmentsMax = environmentsMax,
                CapacityWait = capacityWait ?? TimeSpan.Zero,
                SweepPeriod = sweepPeriod ?? TimeSpan.FromSeconds(1),
            },
            Time);
    }

    public ManualTime Time { get; }

    public FakeStarter Starter { get; }

    public EnvironmentPool Pool { get; }

    public EnvironmentSpecification Specification { get; } = Specifications.Create();

    public int EnvironmentCount => Pool.Describe().Count;

    /// <summary>A call that takes a tenth of a second.</summary>
    public async Task<EnvironmentLease> CallAsync(EnvironmentSpecification? specification = null)
    {
        var lease = await Pool.AcquireAsync(specification ?? Specification);
        Time.Advance(CallDuration);
        lease.Environment?.Release(CallDuration);
        return lease;
    }

    public ValueTask DisposeAsync() => Pool.DisposeAsync();
}
