using System.Threading.Channels;

namespace Lambent.Server.Loops;

/// <summary>
/// How a loop sleeps: until it is woken, or the time is over. Waking it while it is busy makes it look once more;
/// waking it twice is as good as once.
/// </summary>
internal sealed class WakeSignal(TimeProvider time)
{
    private readonly Channel<bool> woken = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    public void Wake() => woken.Writer.TryWrite(true);

    /// <summary>Until it is woken, however long that takes.</summary>
    /// <exception cref="OperationCanceledException">The loop is to end.</exception>
    public async Task WaitAsync(CancellationToken stopping) => await woken.Reader.ReadAsync(stopping);

    /// <exception cref="OperationCanceledException">The loop is to end.</exception>
    public async Task WaitAsync(TimeSpan most, CancellationToken stopping)
    {
        // A loop that is busy is woken before it sleeps, and needs no timer.
        if (woken.Reader.TryRead(out _))
        {
            stopping.ThrowIfCancellationRequested();
            return;
        }

        // Timers count whole milliseconds and drop the rest: what is left of one would not be waited for, and the loop
        // would go round and round until it has passed.
        var milliseconds = TimeSpan.FromMilliseconds(Math.Ceiling(Math.Max(most.TotalMilliseconds, 0)));
        using var timer = new CancellationTokenSource(milliseconds, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, stopping);
        Task wake = woken.Reader.ReadAsync(either.Token).AsTask();
        await wake.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        stopping.ThrowIfCancellationRequested();
    }
}
