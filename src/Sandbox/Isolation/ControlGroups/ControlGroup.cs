using Lambent.Sandbox.Isolation.Launching;

namespace Lambent.Sandbox.Isolation.ControlGroups;

/// <summary>The kernel's account of one environment: what it may use, what it uses.</summary>
internal abstract class ControlGroup : IMemoryUsage, IAsyncDisposable
{
    /// <summary>
    /// Puts a process, and whatever it starts from now on, under the limits. The kernel lets all processors pass a
    /// quiet moment first, once for each controller: some 10 ms each on an idle machine, and more on a busy one. Where
    /// there are <see cref="JoinFiles"/> a process should rather join by itself.
    /// </summary>
    public abstract void Add(int process);

    /// <summary>
    /// Files into which a process that has one thread writes 0 to join, in a tenth of a millisecond; empty where that
    /// is not offered.
    /// </summary>
    public virtual IReadOnlyList<string> JoinFiles => [];

    /// <summary>Kills what is in it now.</summary>
    public virtual void Kill()
    {
    }

    /// <summary>Bounds the processor time to <paramref name="cores"/>, which may be a fraction.</summary>
    public abstract void LimitProcessor(double cores);

    /// <summary>
    /// Weighs the processes against those of other environments while there is not enough processor time for all: in
    /// proportion to <paramref name="cores"/>; 0 for what only takes what nobody else wants. No bound, and nothing
    /// where the kernel cannot weigh.
    /// </summary>
    public abstract void Weigh(double cores);

    /// <summary>The processor time that the processes used, or null where the kernel keeps no account of it.</summary>
    public abstract TimeSpan? ReadProcessorTime();

    public abstract long ReadUsage();

    public abstract long ReadAnonymous();

    /// <summary>
    /// A value that grows whenever the memory in use reaches a new height; 0 where the kernel keeps none.
    /// </summary>
    public abstract long ReadPeakUsage();

    /// <summary>Whether the kernel killed a process for want of memory.</summary>
    public abstract bool HasKilledForMemory();

    /// <summary>
    /// Calls <paramref name="crossed"/> on the reactor's thread each time the use of memory crosses
    /// <paramref name="threshold"/>, in either direction. False where the kernel does not offer it. Asking for it
    /// blocks for some 15 ms.
    /// </summary>
    public virtual bool TryNotify(Reactor reactor, long threshold, Action crossed) => false;

    public abstract ValueTask DisposeAsync();
}

/// <summary>Where one environment has no account of its own: nothing is bounded here.</summary>
internal sealed class NoControlGroup : ControlGroup
{
    private int first;

    public override void Add(int process)
    {
        if (first == 0)
        {
            first = process;
        }
    }

    public override void LimitProcessor(double cores)
    {
    }

    public override void Weigh(double cores)
    {
    }

    public override TimeSpan? ReadProcessorTime() => null;

    public override long ReadUsage() => ReadAnonymous();

    public override long ReadAnonymous() => first == 0 ? 0 : ProcessTree.ReadAnonymousBytes(first);

    public override long ReadPeakUsage() => 0;

    public override bool HasKilledForMemory() => false;

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
