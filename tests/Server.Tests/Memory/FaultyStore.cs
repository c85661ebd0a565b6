using Lambent.Kernel;
using Lambent.Kernel.Storage;
using Lambent.Storage.Sqlite;

namespace Lambent.Server.Tests.Memory;

/// <summary>The real store in a temporary folder, which can be made to refuse writes.</summary>
internal sealed class FaultyStore : IStore, IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("lambent-store-").FullName;
    private readonly SqliteStore inner;
    private TaskCompletionSource refused = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile StoreException? refusal;

    public FaultyStore(TimeProvider time) =>
        inner = SqliteStore.Open(new SqliteStoreOptions { Path = Path.Combine(folder, "lambent.db") }, time);

    public event Action? InDoubt;

    /// <summary>When set, writes fail with it, as a full disk makes them.</summary>
    public StoreException? Refusal
    {
        get => refusal;
        set
        {
            refused = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            refusal = value;
        }
    }

    /// <summary>When set, a write is applied and then reported as failed; one write, then no more.</summary>
    public bool LosesNextAnswer { get; set; }

    /// <summary>Completes when a write was refused since <see cref="Refusal"/> was set.</summary>
    public Task RefusedAsync() => refused.Task;

    public async Task<Result<T>> WriteAsync<T>(
        Func<ITransaction, Result<T>> body, CancellationToken cancellation = default)
    {
        if (refusal is { } failure)
        {
            refused.TrySetResult();
            throw failure;
        }

        var result = await inner.WriteAsync(body, cancellation);
        if (LosesNextAnswer)
        {
            LosesNextAnswer = false;
            InDoubt?.Invoke();
            throw new StoreException(ErrorCode.StoreUnavailable, "The answer was lost.");
        }

        return result;
    }

    public T Read<T>(Func<ITransaction, T> body) => inner.Read(body);

    public void Dispose()
    {
        inner.Dispose();
        Directory.Delete(folder, recursive: true);
    }
}
