using Lambent.Kernel;
using Lambent.Kernel.Storage;

namespace Lambent.Server.Delivery;

/// <summary>
/// Writes the outcomes of events. Those of which nothing is left but a deletion, nearly all, go together: the first is
/// written at once, and those that come soon after it gather for the next write, because a commit costs more than what
/// is written in it and nobody waits for these.
/// </summary>
internal sealed class OutcomeQueue(
    IStore store, EventSettler settler, TimeProvider time, CancellationToken stopping)
{
    /// <summary>No transaction should take long.</summary>
    private const int WrittenAtOnceMax = 256;

    /// <summary>Between one write and the next.</summary>
    private static readonly TimeSpan GatherTime = TimeSpan.FromMilliseconds(2);

    private readonly Lock gate = new();
    private readonly Queue<Outcome> waiting = new();
    private Task writing = Task.CompletedTask;
    private bool isWriting;

    /// <summary>
    /// Whether so many outcomes are to be written that no more events should run meanwhile: what ran and is not written
    /// runs again after a crash.
    /// </summary>
    public bool IsFull
    {
        get
        {
            lock (gate)
            {
                return waiting.Count >= WrittenAtOnceMax;
            }
        }
    }

    /// <summary>Completes when the outcome is on stable storage, or could not be written.</summary>
    /// <exception cref="StoreException">It may or may not be written: try again.</exception>
    public Task<Result<Settled>> WriteAsync(Settlement settlement)
    {
        if (!EventSettler.IsPlain(settlement))
        {
            return WriteAloneAsync(settlement);
        }

        var outcome = new Outcome(settlement);
        lock (gate)
        {
            waiting.Enqueue(outcome);
            if (isWriting)
            {
                return outcome.Task;
            }

            isWriting = true;
        }

        writing = WriteAllAsync();
        return outcome.Task;
    }

    /// <summary>Completes when what waits now is written. After a stop nothing gathers any more.</summary>
    public Task FlushAsync() => writing;

    private Task<Result<Settled>> WriteAloneAsync(Settlement settlement) =>
        store.WriteAsync(transaction => settler.Settle(transaction, settlement, time.GetUtcNow()));

    private async Task WriteAllAsync()
    {
        while (Take() is { Length: > 0 } batch)
        {
            try
            {
                var settlements = Array.ConvertAll(batch, outcome => outcome.Settlement);
                Complete(batch, await store.WriteAsync(
                    transaction => settler.Settle(transaction, settlements, time.GetUtcNow())));
            }
            catch (StoreException refused)
            {
                Array.ForEach(batch, outcome => outcome.SetException(refused));
            }
            catch (Exception)
            {
                // A bug in what one of them brings about must not keep the others from ending.
                foreach (var outcome in batch)
                {
                    await outcome.FollowAsync(WriteAloneAsync(outcome.Settlement));
                }
            }

            if (!IsFull && !stopping.IsCancellationRequested)
            {
                await Task.Delay(GatherTime, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private Outcome[] Take()
    {
        lock (gate)
        {
            var batch = new Outcome[Math.Min(waiting.Count, WrittenAtOnceMax)];
            for (var index = 0; index < batch.Length; index++)
            {
                batch[index] = waiting.Dequeue();
            }

            isWriting = batch.Length > 0;
            return batch;
        }
    }

    private static void Complete(Outcome[] batch, Result<Settled[]> written)
    {
        if (written.Failed(out var settled, out var lost))
        {
            Array.ForEach(batch, outcome => outcome.SetResult(lost));
            return;
        }

        for (var index = 0; index < settled.Length; index++)
        {
            batch[index].SetResult(settled[index]);
        }
    }

    /// <summary>An outcome and who waits for it; who goes on here is quick.</summary>
    private sealed class Outcome(Settlement settlement) : TaskCompletionSource<Result<Settled>>
    {
        public Settlement Settlement => settlement;

        public async Task FollowAsync(Task<Result<Settled>> write)
        {
            try
            {
                SetResult(await write);
            }
            catch (Exception failure)
            {
                SetException(failure);
            }
        }
    }
}
