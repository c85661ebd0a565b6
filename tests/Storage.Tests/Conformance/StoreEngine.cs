using Lambent.Kernel;
using Lambent.Kernel.Storage;

namespace Lambent.Storage.Tests.Conformance;

/// <summary>An engine under test: what the suite needs beyond <see cref="IStore"/>. Each test has its own.</summary>
public abstract class StoreEngine : IDisposable
{
    public abstract IStore Store { get; }

    /// <summary>Commits made durable since the store was opened.</summary>
    public abstract long CommitCount { get; }

    /// <summary>Writes made durable since the store was opened.</summary>
    public abstract long WriteCount { get; }

    /// <summary>Closes the store gracefully and opens it again on the same data.</summary>
    public abstract void Reopen();

    /// <summary>Makes the next commit fail as a full disk would make it.</summary>
    public abstract void FailNextCommitForSpace();

    /// <summary>Makes the next commit fail as a failed fsync would make it.</summary>
    public abstract void FailNextCommitForSync();

    public Task<Result<Done>> WriteAsync(Action<ITransaction> body) => Store.WriteAsync<Done>(transaction =>
    {
        body(transaction);
        return Done.Value;
    });

    public abstract void Dispose();
}

/// <summary>
/// The rules every engine keeps. An engine joins by one small class per group of rules that says how it is created.
/// </summary>
public abstract class StoreConformance : IDisposable
{
    private readonly StoreEngine engine;

    protected StoreConformance(StoreEngine engine) => this.engine = engine;

    protected StoreEngine Engine => engine;

    protected IStore Store => engine.Store;

    protected Task<Result<Done>> WriteAsync(Action<ITransaction> body) => engine.WriteAsync(body);

    public void Dispose()
    {
        engine.Dispose();
        GC.SuppressFinalize(this);
    }
}
