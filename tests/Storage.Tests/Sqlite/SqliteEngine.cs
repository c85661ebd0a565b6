using Lambent.Kernel.Storage;
using Lambent.Storage.Sqlite;
using Lambent.Storage.Tests.Conformance;
using SQLitePCL;

namespace Lambent.Storage.Tests.Sqlite;

public sealed class SqliteEngine : StoreEngine
{
    private const int SyncFailed = 1034;

    private readonly TemporaryFolder folder = new();
    private readonly int pagesMax;
    private SqliteStore store;
    private int nextCommitFailure;

    public SqliteEngine()
        : this(0)
    {
    }

    internal SqliteEngine(int pagesMax)
    {
        this.pagesMax = pagesMax;
        store = Open();
    }

    public override IStore Store => store;

    public override long CommitCount => store.CommitCount;

    public override long WriteCount => store.WriteCount;

    public string DatabasePath => folder["lambent.db"];

    public override void Reopen()
    {
        store.Dispose();
        store = Open();
    }

    public override void FailNextCommitForSpace() => nextCommitFailure = raw.SQLITE_FULL;

    public override void FailNextCommitForSync() => nextCommitFailure = SyncFailed;

    public override void Dispose()
    {
        store.Dispose();
        folder.Dispose();
    }

    public void Close() => store.Dispose();

    private SqliteStore Open() => SqliteStore.Open(
        new SqliteStoreOptions { Path = DatabasePath, BeforeCommit = Fail, PagesMax = pagesMax }, TimeProvider.System);

    private void Fail()
    {
        var failure = Interlocked.Exchange(ref nextCommitFailure, 0);
        if (failure != 0)
        {
            throw new SqliteException(failure, "as the test wanted");
        }
    }
}

public sealed class SqliteAccountTests() : AccountConformance(new SqliteEngine());

public sealed class SqliteFunctionTests() : FunctionConformance(new SqliteEngine());

public sealed class SqliteLayerTests() : LayerConformance(new SqliteEngine());

public sealed class SqliteMappingTests() : MappingConformance(new SqliteEngine());

public sealed class SqliteEventTests() : EventConformance(new SqliteEngine());

public sealed class SqliteQueueTests() : QueueConformance(new SqliteEngine());

public sealed class SqlitePushTests() : PushConformance(new SqliteEngine());

public sealed class SqliteWebhookTests() : WebhookConformance(new SqliteEngine());

public sealed class SqliteBrowserSessionTests() : BrowserSessionConformance(new SqliteEngine());

public sealed class SqliteExecutionTests() : ExecutionConformance(new SqliteEngine());

public sealed class SqliteScheduleTests() : ScheduleConformance(new SqliteEngine());

public sealed class SqliteBlobTests() : BlobConformance(new SqliteEngine());

public sealed class SqliteObjectTests() : ObjectConformance(new SqliteEngine());

public sealed class SqliteSettingTests() : SettingConformance(new SqliteEngine());

public sealed class SqliteTransactionTests() : TransactionConformance(new SqliteEngine());

public sealed class SqliteDurabilityTests() : DurabilityConformance(new SqliteEngine());
