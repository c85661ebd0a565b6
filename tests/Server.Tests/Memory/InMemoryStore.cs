using Lambent.Kernel;
using Lambent.Kernel.Access;
using Lambent.Kernel.Alerts;
using Lambent.Kernel.Events;
using Lambent.Kernel.Functions;
using Lambent.Kernel.Leases;
using Lambent.Kernel.Mappings;
using Lambent.Kernel.Objects;
using Lambent.Kernel.Packages;
using Lambent.Kernel.Queues;
using Lambent.Kernel.Queues.Push;
using Lambent.Kernel.Schedules;
using Lambent.Kernel.Storage;
using Lambent.Kernel.Webhooks;
using Lambent.Kernel.Workflows.Executions;
using Lambent.Kernel.Workflows.Machines;
using System.Collections.Immutable;

namespace Lambent.Server.Tests.Memory;

/// <summary>
/// The store's contract without a disk: transactions run one at a time, a failed one leaves nothing, readers see a
/// snapshot. The state is one immutable value, so that both come for free.
/// </summary>
internal sealed class InMemoryStore : IStore
{
    private readonly Lock writing = new();
    private volatile MemoryState state = new();

    private TaskCompletionSource refused = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private StoreException? refusal;

    /// <summary>A write is there or it is not: there is no doubt.</summary>
    public event Action? InDoubt
    {
        add { }
        remove { }
    }

    /// <summary>When set, writes fail with it, as a full disk makes them.</summary>
    public StoreException? Refusal
    {
        get
        {
            lock (writing)
            {
                return refusal;
            }
        }

        set
        {
            lock (writing)
            {
                refusal = value;
                refused = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }
    }

    public Task<Result<T>> WriteAsync<T>(Func<ITransaction, Result<T>> body, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        lock (writing)
        {
            if (refusal is not null)
            {
                refused.TrySetResult();
                return Task.FromException<Result<T>>(refusal);
            }

            var transaction = new MemoryTransaction(state, writable: true);
            var result = body(transaction);
            if (result.IsSuccess)
            {
                state = transaction.State;
            }

            return Task.FromResult(result);
        }
    }

    /// <summary>Completes when a write was refused since <see cref="Refusal"/> was set.</summary>
    public Task RefusedAsync() => refused.Task;

    public T Read<T>(Func<ITransaction, T> body) => body(new MemoryTransaction(state, writable: false));
}

internal sealed record MemoryState
{
    public ImmutableSortedDictionary<string, Account> Accounts { get; init; } =
        ImmutableSortedDictionary<string, Account>.Empty.WithComparers(StringComparer.Ordinal);

    public ImmutableDictionary<string, AccessKey> Keys { get; init; } = ImmutableDictionary<string, AccessKey>.Empty;

    public ImmutableDictionary<FunctionId, Function> Functions { get; init; } =
        ImmutableDictionary<FunctionId, Function>.Empty;

    public ImmutableDictionary<(AccountId, string, long), LayerVersion> Layers { get; init; } =
        ImmutableDictionary<(AccountId, string, long), LayerVersion>.Empty;

    public ImmutableDictionary<(AccountId, string), long> LayerNumbers { get; init; } =
        ImmutableDictionary<(AccountId, string), long>.Empty;

    public ImmutableDictionary<(AccountId, string, string), Blob> Blobs { get; init; } =
        ImmutableDictionary<(AccountId, string, string), Blob>.Empty;

    public ImmutableDictionary<(AccountId, string), Bucket> Buckets { get; init; } =
        ImmutableDictionary<(AccountId, string), Bucket>.Empty;

    public ImmutableDictionary<ObjectName, StoredObject> Objects { get; init; } =
        ImmutableDictionary<ObjectName, StoredObject>.Empty;

    public ImmutableDictionary<string, byte[]> Settings { get; init; } = ImmutableDictionary<string, byte[]>.Empty;
}

internal sealed partial class MemoryTransaction(MemoryState state, bool writable)
    : ITransaction, IAccountTable, IFunctionTable, ILayerTable, IBlobTable, ISettingTable
{
    private MemoryState current = state;

    public MemoryState State => current;

    public IAccountTable Accounts => this;

    public IFunctionTable Functions => this;

    public ILayerTable Layers => this;

    public IEventTable Events { get; } = new NoEvents();

    public IEventResultTable EventResults { get; } = new NoEvents();

    public IEventKeyTable EventKeys { get; } = new NoEvents();

    public ILeaseTable Leases => throw new NotSupportedException("Leases are tested on the real store.");

    public IBlobTable Blobs => this;

    public IQueueTable Queues { get; } = new NoQueues();

    public IMappingTable Mappings { get; } = new NoMappings();

    public IStateMachineTable StateMachines { get; } = new NoWorkflows();

    public IActivityTable Activities { get; } = new NoWorkflows();

    public IExecutionTable Executions { get; } = new NoWorkflows();

    public IJournalTable Journal { get; } = new NoWorkflows();

    public IMessageTable Messages => throw new NotSupportedException("Messages are tested on the real store.");

    public IWebhookTable Webhooks { get; } = new NoWebhooks();

    public IAlertTable Alerts { get; } = new NoAlerts();

    public IBrowserSessionTable BrowserSessions { get; } = new NoBrowserSessions();

    public IPushTable Push { get; } = new NoPush();

    public IScheduleTable Schedules { get; } = new NoSchedules();

    public ISettingTable Settings => this;

    Account? IAccountTable.Get(AccountId id) => current.Accounts.GetValueOrDefault(id.Value);

    void IAccountTable.Put(Account account) =>
        Write(s => s with { Accounts = s.Accounts.SetItem(account.Id.Value, account) });

    void IAccountTable.Delete(AccountId id) => Write(s => s with
    {
        Accounts = s.Accounts.Remove(id.Value),
        Keys = s.Keys.RemoveRange(s.Keys.Values.Where(key => key.Account == id).Select(key => key.Id)),
    });

    IReadOnlyList<Account> IAccountTable.List() => [.. current.Accounts.Values];

    AccessKey? IAccountTable.GetKey(string accessKeyId) => current.Keys.GetValueOrDefault(accessKeyId);

    void IAccountTable.PutKey(AccessKey key) => Write(s => s with { Keys = s.Keys.SetItem(key.Id, key) });

    void IAccountTable.DeleteKey(string accessKeyId) => Write(s => s with { Keys = s.Keys.Remove(accessKeyId) });

    IReadOnlyList<AccessKey> IAccountTable.ListKeys(AccountId account) =>
        [.. current.Keys.Values.Where(key => key.Account == account).OrderBy(key => key.Id, StringComparer.Ordinal)];

    Function? IFunctionTable.Get(FunctionId id) => current.Functions.GetValueOrDefault(id);

    void IFunctionTable.Put(Function? before, Function after) =>
        Write(s => s with { Functions = s.Functions.SetItem(after.Id, after) });

    void IFunctionTable.Delete(FunctionId id) => Write(s => s with { Functions = s.Functions.Remove(id) });

    IReadOnlyList<Function> IFunctionTable.List(AccountId account, string? afterName, int limit) =>
    [
        .. current.Functions.Values
            .Where(function => function.Id.Account == account)
            .Where(function => afterName is null || string.CompareOrdinal(function.Id.Name, afterName) > 0)
            .OrderBy(function => function.Id.Name, StringComparer.Ordinal)
            .Take(limit),
    ];

    int IFunctionTable.Count(AccountId account) => current.Functions.Keys.Count(id => id.Account == account);

    IEnumerable<Function> IFunctionTable.All() => current.Functions.Values;

    LayerVersion? ILayerTable.Get(AccountId account, string name, long version) =>
        current.Layers.GetValueOrDefault((account, name, version));

    void ILayerTable.Put(LayerVersion layer) => Write(s => s with
    {
        Layers = s.Layers.SetItem((layer.Account, layer.Name, layer.Version), layer),
    });

    void ILayerTable.Delete(AccountId account, string name, long version) =>
        Write(s => s with { Layers = s.Layers.Remove((account, name, version)) });

    long ILayerTable.NextVersion(AccountId account, string name)
    {
        var next = current.LayerNumbers.GetValueOrDefault((account, name)) + 1;
        Write(s => s with { LayerNumbers = s.LayerNumbers.SetItem((account, name), next) });
        return next;
    }

    IReadOnlyList<LayerVersion> ILayerTable.ListVersions(
        AccountId account, string name, long? beforeVersion, int limit) =>
    [
        .. current.Layers.Values
            .Where(layer => layer.Account == account && layer.Name == name)
            .Where(layer => beforeVersion is null || layer.Version < beforeVersion)
            .OrderByDescending(layer => layer.Version)
            .Take(limit),
    ];

    IEnumerable<LayerVersion> ILayerTable.All() => current.Layers.Values;

    IEnumerable<Blob> IBlobTable.All() => current.Blobs.Values;

    IReadOnlyList<LayerVersion> ILayerTable.ListNewest(AccountId account, string? afterName, int limit) =>
    [
        .. current.Layers.Values
            .Where(layer => layer.Account == account)
            .Where(layer => afterName is null || string.CompareOrdinal(layer.Name, afterName) > 0)
            .GroupBy(layer => layer.Name, StringComparer.Ordinal)
            .OrderBy(versions => versions.Key, StringComparer.Ordinal)
            .Select(versions => versions.MaxBy(layer => layer.Version)!)
            .Take(limit),
    ];

    Blob? IBlobTable.Get(AccountId account, string bucket, string key) =>
        current.Blobs.GetValueOrDefault((account, bucket, key));

    bool IBlobTable.BucketExists(AccountId account, string bucket) =>
        current.Blobs.Values.Any(blob => blob.Account == account && blob.Bucket == bucket);

    void IBlobTable.Put(Blob blob) =>
        Write(s => s with { Blobs = s.Blobs.SetItem((blob.Account, blob.Bucket, blob.Key), blob) });

    void IBlobTable.Delete(AccountId account, string bucket, string key) =>
        Write(s => s with { Blobs = s.Blobs.Remove((account, bucket, key)) });

    IReadOnlyList<Blob> IBlobTable.List(AccountId account, string bucket, string? afterKey, int limit) =>
    [
        .. current.Blobs.Values
            .Where(blob => blob.Account == account && blob.Bucket == bucket)
            .Where(blob => afterKey is null || string.CompareOrdinal(blob.Key, afterKey) > 0)
            .OrderBy(blob => blob.Key, StringComparer.Ordinal)
            .Take(limit),
    ];

    byte[]? ISettingTable.Get(string name) => current.Settings.GetValueOrDefault(name);

    void ISettingTable.Put(string name, byte[] value) =>
        Write(s => s with { Settings = s.Settings.SetItem(name, value) });

    private void Write(Func<MemoryState, MemoryState> change) => current = writable
        ? change(current)
        : throw new InvalidOperationException("A read transaction does not write.");
}
