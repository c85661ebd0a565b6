using Lambent.Simulation.Auditing;
using Lambent.Simulation.Scheduling;
using Lambent.Simulation.Storing;

namespace Lambent.Simulation.Servers;

/// <summary>
/// One seed: a disk, machines, clients, and everything that goes wrong between them. A rule that is broken ends it.
/// </summary>
internal sealed class World : IDisposable
{
    /// <summary>Worlds take some thousands of steps; one that takes so many goes in a circle.</summary>
    private const long StepsMax = 2_000_000;

    private readonly int seed;

    public World(int seed, TextWriter? live)
    {
        this.seed = seed;
        var order = Stream("order");
        Scheduler = new Scheduler(order, order.Next(4) == 0);
        Log = new EventLog(live);
        Faults = new FaultPlan(Stream("faults"));
        Self = new Actor(Scheduler, "world");
        Clock = new WorldClock(Scheduler);
        Time = Clock.For(Self, Stream("time"));
        Disk = new SimulatedDisk();
    }

    public Scheduler Scheduler { get; }

    public EventLog Log { get; }

    public FaultPlan Faults { get; }

    /// <summary>Whose code the clients are: it never dies.</summary>
    public Actor Self { get; }

    /// <summary>A clock that nobody sets, for clients.</summary>
    public WorldClock Clock { get; }

    public TimeProvider Time { get; }

    public SimulatedDisk Disk { get; }

    /// <summary>The rule that was broken, or null.</summary>
    public string? Violation { get; private set; }

    /// <summary>Chance of its own for each purpose, so that more of one does not change the others.</summary>
    public Random Stream(string purpose)
    {
        var mixed = seed;
        foreach (var character in purpose)
        {
            mixed = unchecked((mixed ^ character) * 16_777_619);
        }

        return new Random(mixed);
    }

    public void Note(string text) => Log.Add(Scheduler.Now, text);

    /// <summary>A rule is broken: nothing more happens in this world.</summary>
    public void Break(string rule)
    {
        Violation ??= rule;
        Note($"BROKEN: {rule}");
    }

    public Task Wait(TimeSpan time) => Task.Delay(time, Time);

    /// <summary>Runs until the story ends, a rule is broken, or nothing can happen any more.</summary>
    public void Run(Func<Task> story)
    {
        Task? told = null;
        Self.Post(() => told = story());
        Pump.Run(() =>
        {
            if (told is { IsCompleted: true } || Violation is not null)
            {
                return false;
            }

            if (Scheduler.Steps >= StepsMax)
            {
                Break($"no end after {StepsMax:N0} steps");
                return false;
            }

            if (!Scheduler.Step())
            {
                Break("nothing can happen any more, and the story has not ended");
                return false;
            }

            return true;
        });
        if (told is { IsFaulted: true })
        {
            Break($"the story failed: {told.Exception.InnerException}");
        }
    }

    public void Dispose() => Disk.Dispose();
}
