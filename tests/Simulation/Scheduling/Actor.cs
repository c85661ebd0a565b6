namespace Lambent.Simulation.Scheduling;

/// <summary>
/// Who runs code in a world: a life of a server, or the world itself with its clients. It is the synchronization
/// context of its code, so that what awaits comes back to it; a dead one runs nothing any more, which is what a crash
/// is, and a paused one runs everything later, which is what a machine does that was suspended.
/// </summary>
internal sealed class Actor(Scheduler scheduler, string name) : SynchronizationContext
{
    private readonly List<(SendOrPostCallback Callback, object? State)> held = [];

    public string Name => name;

    public bool IsDead { get; private set; }

    public bool IsPaused { get; private set; }

    public override void Post(SendOrPostCallback d, object? state)
    {
        if (!IsDead)
        {
            scheduler.Post(this, d, state);
        }
    }

    public override void Send(SendOrPostCallback d, object? state) =>
        throw new NotSupportedException("Nothing in a world waits by blocking.");

    public override SynchronizationContext CreateCopy() => this;

    public void Post(Action action) => Post(static state => ((Action)state!)(), action);

    /// <summary>From now on nothing of it happens.</summary>
    public void Die()
    {
        IsDead = true;
        held.Clear();
    }

    public void Pause() => IsPaused = true;

    public void Resume()
    {
        IsPaused = false;
        foreach (var (callback, state) in held)
        {
            Post(callback, state);
        }

        held.Clear();
    }

    /// <summary>For the scheduler: the moment has come.</summary>
    public void Run(SendOrPostCallback callback, object? state)
    {
        if (IsDead)
        {
            return;
        }

        if (IsPaused)
        {
            held.Add((callback, state));
            return;
        }

        var before = Current;
        SetSynchronizationContext(this);
        try
        {
            callback(state);
        }
        finally
        {
            SetSynchronizationContext(before);
        }
    }
}
