using Lambent.Kernel;
using Lambent.Kernel.Access;
using Lambent.Kernel.Storage;
using Lambent.Kernel.Workflows.Journal;

namespace Lambent.Server.Workflows;

/// <summary>
/// Begins executions inside somebody else's transaction, so that one begins exactly when that transaction commits: a
/// schedule's step to its next time, and the execution of this one. It begins as a row that is due, and does its first
/// steps when it is taken up, so that the transaction stays short.
/// </summary>
internal sealed class ExecutionWriter(ExecutionStarter starter, string region)
{
    private Action? announced;

    /// <summary>Tells who runs executions that there are new ones.</summary>
    public void Subscribe(Action listener) => announced += listener;

    /// <summary>Writes the start.</summary>
    /// <param name="transaction">Whose commit is the execution's begin.</param>
    /// <param name="request">
    /// With a key: an execution of this key that is there already is the one that was asked for.
    /// </param>
    /// <returns>It fails when there is no such machine, or another execution has the name.</returns>
    public Result<Done> Put(ITransaction transaction, StartRequest request)
    {
        if (starter.PrepareParked(transaction, request).Failed(out var prepared, out var refused))
        {
            return refused;
        }

        var isThere = transaction.Executions.Get(prepared.Record.Id)?.Key == request.Key && request.Key is not null;
        return isThere ? Done.Value : prepared.Write(transaction, lease: null, region).Select(_ => Done.Value);
    }

    /// <summary>After the commit.</summary>
    public void Announce() => announced?.Invoke();

    /// <summary>Whether an execution has begun and not ended.</summary>
    /// <param name="transaction">What is looked at.</param>
    /// <param name="account">Whose it is.</param>
    /// <param name="key">The execution's key.</param>
    public static bool IsUnderWay(ITransaction transaction, AccountId account, string key) =>
        transaction.Journal.ReadLast(account, key, 1) is [.., var last]
            && last.Type is not (JournalEventType.ExecutionSucceeded or JournalEventType.ExecutionFailed
                or JournalEventType.ExecutionTimedOut or JournalEventType.ExecutionAborted);
}
