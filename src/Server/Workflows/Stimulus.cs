using Lambent.Kernel;
using Lambent.Kernel.Storage;
using Lambent.Kernel.Values;
using Lambent.Kernel.Workflows.Interpretation;

namespace Lambent.Server.Workflows;

/// <summary>Something from outside for an execution. It counts when its events are on stable storage.</summary>
internal abstract class Stimulus
{
    private readonly TaskCompletionSource<Result<bool>> done =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Whether it was taken: false when nothing waited for it any more.</summary>
    public Task<Result<bool>> Done => done.Task;

    public void Complete(Result<bool> result) => done.TrySetResult(result);
}

/// <param name="apply">Says it to the interpreter; false when nothing waited for it.</param>
internal sealed class Word(Func<Interpreter, DateTimeOffset, bool> apply) : Stimulus
{
    public bool Apply(Interpreter interpreter, DateTimeOffset now) => apply(interpreter, now);
}

/// <summary>
/// A task that is done within the store: a message sent, an execution begun. It is done in the same transaction as its
/// result is recorded, so it is done exactly once.
/// </summary>
/// <param name="task">The task's number.</param>
/// <param name="isSubmitted">Whether it only begins something, whose end comes later.</param>
/// <param name="perform">Does it; a failure undoes it.</param>
/// <param name="performed">After the commit: wakes whoever waits for it.</param>
internal sealed class StoredWork(
    long task, bool isSubmitted, Func<ITransaction, Result<DataValue>> perform, Action performed) : Stimulus
{
    public long Task => task;

    public bool IsSubmitted => isSubmitted;

    public Result<DataValue> Perform(ITransaction transaction) => perform(transaction);

    public void Performed() => performed();
}
