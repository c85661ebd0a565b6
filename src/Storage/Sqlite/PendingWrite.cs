using Lambent.Kernel;
using Lambent.Kernel.Storage;

namespace Lambent.Storage.Sqlite;

/// <summary>A write on its way through the queue, without the type of its result.</summary>
internal abstract class PendingWrite
{
    /// <summary>False when the caller gave up while it waited; then it is not run.</summary>
    public abstract bool IsWanted { get; }

    /// <summary>Runs the body and keeps what it returned or threw. May be called again after a rollback.</summary>
    /// <returns>Whether what it wrote is to stay.</returns>
    public abstract bool Execute(ITransaction transaction);

    /// <summary>What the body threw in the last run, or null.</summary>
    public abstract Exception? Thrown { get; set; }

    /// <summary>Hands the caller what the last run gave. Only after the commit.</summary>
    public abstract void Complete();

    /// <summary>Tells the caller that nothing of it remains.</summary>
    public abstract void Fail(Exception reason);

    public abstract void Cancel();
}

/// <inheritdoc/>
internal sealed class PendingWrite<T>(Func<ITransaction, Result<T>> body, CancellationToken cancellation) : PendingWrite
{
    // The callers' code must not run on the writer's thread.
    private readonly TaskCompletionSource<Result<T>> completion =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    private Result<T> result;

    public Task<Result<T>> Task => completion.Task;

    public override bool IsWanted => !cancellation.IsCancellationRequested;

    public override Exception? Thrown { get; set; }

    public override bool Execute(ITransaction transaction)
    {
        Thrown = null;
        try
        {
            result = body(transaction);
            return result.IsSuccess;
        }
        catch (Exception thrown)
        {
            // Whatever the body throws belongs to its caller; the writer goes on.
            Thrown = thrown;
            return false;
        }
    }

    public override void Complete()
    {
        if (Thrown is null)
        {
            completion.TrySetResult(result);
        }
        else
        {
            completion.TrySetException(Thrown);
        }
    }

    public override void Fail(Exception reason) => completion.TrySetException(reason);

    public override void Cancel() => completion.TrySetCanceled(cancellation);
}
