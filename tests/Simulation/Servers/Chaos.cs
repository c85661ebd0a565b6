namespace Lambent.Simulation.Servers;

/// <summary>What happens to machines by themselves: they crash, stand still, and have their clocks set.</summary>
internal sealed class Chaos<TParts>(World world, IReadOnlyList<Machine<TParts>> machines)
    where TParts : class
{
    private static readonly TimeSpan ClockStepMax = TimeSpan.FromMinutes(10);
    private readonly Random chance = world.Stream("chaos");

    public void Start()
    {
        Repeat(world.Faults.CrashesPerHour, machine => machine.Crash("by itself"));
        Repeat(world.Faults.PausesPerHour, machine => machine.Pause(TimeSpan.FromSeconds(chance.NextDouble() * 90)));
        Repeat(
            world.Faults.ClockStepsPerHour,
            machine => machine.SetClock(ClockStepMax * Math.Round((chance.NextDouble() * 2) - 1, 2)));
    }

    private void Repeat(double perHour, Action<Machine<TParts>> happen)
    {
        if (world.Faults.UntilNext(perHour) is { } time)
        {
            world.Scheduler.After(time, world.Self, () =>
            {
                if (world.Faults.IsActive)
                {
                    happen(machines[chance.Next(machines.Count)]);
                    Repeat(perHour, happen);
                }
            });
        }
    }
}
