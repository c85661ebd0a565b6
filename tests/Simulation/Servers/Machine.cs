using Lambent.Kernel;
using Lambent.Kernel.Storage;
using Lambent.Simulation.Scheduling;
using Lambent.Simulation.Storing;

namespace Lambent.Simulation.Servers;

/// <summary>What a part of the server is built on in one life.</summary>
internal sealed record LifeSupport(
    IStore Store, TimeProvider Time, Actor Actor, Random Chance, Func<Guid> NewId, CancellationToken Stopping);

/// <summary>How a call of a client ended, as the client sees it.</summary>
/// <param name="IsAnswered">False: no answer came, and what was asked may have been done or not.</param>
/// <param name="Result">The answer.</param>
internal readonly record struct Reply<T>(bool IsAnswered, Result<T> Result)
{
    /// <summary>The server said yes.</summary>
    public bool Succeeded => IsAnswered && Result.IsSuccess;
}

/// <summary>
/// A machine that runs the server's code, life after life. A crash loses everything in memory; the next life starts
/// from the disk. Clients reach it over a network that loses what it likes.
/// </summary>
/// <typeparam name="TParts">The parts of the server that live here.</typeparam>
internal sealed class Machine<TParts>(
    World world,
    string name,
    IReadOnlyDictionary<string, ObserveTable> observed,
    Action<Machine<TParts>, IReadOnlyList<TableCall>> committed,
    Func<LifeSupport, TParts> build)
    where TParts : class
{
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(70);
    private readonly Random chance = world.Stream($"machine {name}");
    private Life? life;
    private int lives;

    public string Name => name;

    public WorldClock Clock { get; } = new(world.Scheduler);

    /// <summary>The current life's name, which no other life has; of the last one while the machine is down.</summary>
    public string LifeName => $"{name}/{lives}";

    public int Lives => lives;

    /// <summary>A machine that is taken out of service does not start again.</summary>
    public bool IsRetired { get; set; }

    /// <summary>The parts of the current life; null while the machine is down.</summary>
    public TParts? Parts => life?.Parts;

    /// <summary>For a store that is to have something between it and the code that uses it.</summary>
    public Func<SimulatedStore, IStore>? WrapStore { get; init; }

    public void Start()
    {
        if (life is not null || IsRetired)
        {
            return;
        }

        lives++;
        var actor = new Actor(world.Scheduler, LifeName);
        var hooks = new StoreHooks(calls => committed(this, calls), Crash, Note, observed);
        var store = new SimulatedStore(world.Disk, world.Scheduler, actor, world.Faults, chance, hooks);
        var support = new LifeSupport(
            WrapStore?.Invoke(store) ?? store,
            Clock.For(actor, chance),
            actor,
            chance,
            () => NewId(chance),
            CancellationToken.None);
        var started = new Life(actor, store);
        life = started;
        Note("starts");
        actor.Post(() => started.Parts = build(support));
    }

    /// <summary>Everything in memory is gone.</summary>
    public void Crash(string when)
    {
        if (life is not { } ended)
        {
            return;
        }

        Note($"crashes {when}");
        life = null;
        ended.Actor.Die();
        foreach (var lost in ended.Calls.ToArray())
        {
            lost();
        }

        // Not inside the commit that the crash may have come out of.
        world.Self.Post(ended.Store.Dispose);
        var pause = TimeSpan.FromSeconds(0.1 + (chance.NextDouble() * 15));
        world.Scheduler.After(pause, world.Self, Start);
    }

    public void Pause(TimeSpan time)
    {
        if (life is not { } paused || paused.Actor.IsPaused)
        {
            return;
        }

        Note($"is paused for {time.TotalSeconds:0.0} s");
        paused.Actor.Pause();
        world.Scheduler.After(time, world.Self, () => Resume(paused));
    }

    public void SetClock(TimeSpan forward)
    {
        Note($"sets its clock by {forward.TotalSeconds:0} s");
        Clock.SetForward += forward;
    }

    /// <summary>A client's call. It ends, whatever becomes of the machine.</summary>
    public async Task<Reply<T>> CallAsync<T>(Func<TParts, Task<Result<T>>> call)
    {
        var answer = new TaskCompletionSource<Reply<T>>(TaskCreationOptions.RunContinuationsAsynchronously);
        await world.Wait(NetworkDelay());
        if (life is not { Parts: { } parts } called || world.Faults.Happens(world.Faults.LostMessageRate))
        {
            await world.Wait(TimeSpan.FromSeconds(1));
            return default;
        }

        void Lose() => answer.TrySetResult(default);
        called.Calls.Add(Lose);
        world.Scheduler.After(AnswerWithin, world.Self, Lose);
        called.Actor.Post(() => _ = AnswerAsync(parts, call, answer));
        var reply = await answer.Task;
        called.Calls.Remove(Lose);
        await world.Wait(NetworkDelay());
        return world.Faults.Happens(world.Faults.LostMessageRate) ? default : reply;
    }

    public static Guid NewId(Random chance)
    {
        Span<byte> bytes = stackalloc byte[16];
        chance.NextBytes(bytes);
        return new Guid(bytes);
    }

    private static async Task AnswerAsync<T>(
        TParts parts, Func<TParts, Task<Result<T>>> call, TaskCompletionSource<Reply<T>> answer)
    {
        try
        {
            answer.TrySetResult(new Reply<T>(true, await call(parts)));
        }
        catch (StoreException refused)
        {
            // The client is told that it failed; whether that is true it cannot know.
            answer.TrySetResult(new Reply<T>(false, new Error(refused.Code, refused.Message)));
        }
        catch (Exception bug)
        {
            answer.TrySetException(bug);
        }
    }

    private void Resume(Life paused)
    {
        if (!paused.Actor.IsDead)
        {
            Note("goes on");
            paused.Actor.Resume();
        }
    }

    private void Note(string text) => world.Note($"{LifeName} {text}");

    private TimeSpan NetworkDelay() => TimeSpan.FromMilliseconds(chance.NextDouble() * 5);

    private sealed class Life(Actor actor, SimulatedStore store)
    {
        public Actor Actor => actor;

        public SimulatedStore Store => store;

        public TParts? Parts { get; set; }

        /// <summary>What ends the calls that are under way.</summary>
        public List<Action> Calls { get; } = [];
    }
}
