using System.Collections.Concurrent;
using Lambent.Kernel;
using Lambent.Kernel.Functions;
using Lambent.Kernel.Storage;

namespace Lambent.Server.Functions;

/// <summary>
/// The only way to change a function: decides in a transaction, then makes the commit visible to calls.
/// </summary>
public sealed class FunctionService
{
    /// <summary>From here on cleaning up after reading them is worth its tens of milliseconds.</summary>
    private const int ManyFunctions = 1_000;

    private readonly IStore store;
    private readonly FunctionDirectory directory;
    private readonly FunctionArns arns;

    /// <summary>Those that were changed, or not: the store did not say.</summary>
    private readonly ConcurrentDictionary<FunctionId, bool> doubtful = new();

    private long sequence;

    public FunctionService(IStore store, FunctionDirectory directory, FunctionArns arns)
    {
        (this.store, this.directory, this.arns) = (store, directory, arns);
        store.InDoubt += () =>
        {
            foreach (var id in doubtful.Keys)
            {
                _ = ReadBackAsync(id);
            }
        };
    }

    public FunctionDirectory Directory => directory;

    /// <summary>Told of every change; set once, before the first request.</summary>
    public IFunctionObserver? Observer { get; set; }

    /// <summary>Loads every function; called once before the first request.</summary>
    public void Load()
    {
        var count = store.Read(transaction =>
        {
            var read = 0;
            foreach (var function in transaction.Functions.All())
            {
                directory.Announce(function.Id, NextSequence(), new FunctionSnapshot(function, arns));
                read++;
            }

            return read;
        });
        if (count >= ManyFunctions)
        {
            // What reading them left behind is several times what is kept, and no call would ever have it cleaned up.
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        }
    }

    /// <summary>
    /// Applies a command to the newest state of a function, durably. <paramref name="decide"/> gets the function, or
    /// null when there is none, and the transaction for what it must look up; it returns the new state or a failure.
    /// </summary>
    public async Task<Result<Function>> ChangeAsync(
        FunctionId id, Func<Function?, ITransaction, Result<Function>> decide, CancellationToken cancellation = default)
    {
        // The transaction bodies run one after the other, so the number taken inside is the order of the commits.
        long commit = 0;
        var result = await WriteAsync<Function>(
            id,
            transaction =>
            {
                commit = NextSequence();
                var before = transaction.Functions.Get(id);
                var decided = decide(before, transaction);
                if (decided.Failed(out var after, out var failure))
                {
                    return failure;
                }

                transaction.Functions.Put(before, after);
                Observer?.Changing(transaction, id, before, after);
                return after;
            },
            cancellation);
        if (result.IsSuccess)
        {
            directory.Announce(id, commit, new FunctionSnapshot(result.Value, arns, directory.Find(id)));
            Observer?.Changed(id);
        }

        return result;
    }

    /// <summary>Deletes a function with its versions, aliases, policies and URLs.</summary>
    public async Task<Result<Done>> DeleteAsync(
        FunctionId id, Func<Function?, Result<Done>> decide, CancellationToken cancellation = default)
    {
        long commit = 0;
        var result = await WriteAsync<Done>(
            id,
            transaction =>
            {
                commit = NextSequence();
                var before = transaction.Functions.Get(id);
                var decided = decide(before);
                if (decided.IsSuccess)
                {
                    transaction.Functions.Delete(id);
                    Observer?.Changing(transaction, id, before, null);
                }

                return decided;
            },
            cancellation);
        if (result.IsSuccess)
        {
            directory.Announce(id, commit, null);
            Observer?.Changed(id);
        }

        return result;
    }

    private async Task<Result<T>> WriteAsync<T>(
        FunctionId id, Func<ITransaction, Result<T>> body, CancellationToken cancellation)
    {
        try
        {
            return await store.WriteAsync(body, cancellation);
        }
        catch (StoreException)
        {
            _ = ReadBackAsync(id);
            throw;
        }
    }

    /// <summary>Calls see what there is, whatever the store said of it.</summary>
    private async Task ReadBackAsync(FunctionId id)
    {
        doubtful[id] = true;
        try
        {
            long commit = 0;
            Function? found = null;
            await store.WriteAsync<Done>(transaction =>
            {
                (commit, found) = (NextSequence(), transaction.Functions.Get(id));
                return Done.Value;
            });
            doubtful.TryRemove(id, out _);
            var snapshot = found is null ? null : new FunctionSnapshot(found, arns, directory.Find(id));
            directory.Announce(id, commit, snapshot);
            Observer?.Changed(id);
        }
        catch (StoreException)
        {
            // Again when the store works again.
        }
    }

    private long NextSequence() => Interlocked.Increment(ref sequence);
}
